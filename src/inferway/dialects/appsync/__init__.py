"""AWS AppSync GraphQL APIs, as a dialect."""
