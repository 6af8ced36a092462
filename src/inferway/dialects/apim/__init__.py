"""Azure API Management, as a dialect."""
