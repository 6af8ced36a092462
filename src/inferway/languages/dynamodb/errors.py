"""What expressions and values can be refused with."""


class ExpressionError(Exception):
    """An expression or value that the service refuses; the text is its ValidationException's message."""
