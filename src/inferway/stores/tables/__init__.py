"""A DynamoDB-style store of items in a SQL database."""
