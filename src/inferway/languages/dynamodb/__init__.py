"""DynamoDB's expressions and the values that they work on; stands alone."""
