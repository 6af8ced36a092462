"""What can go wrong with a path."""


class JsonPathError(ValueError):
    """A path that is not valid, or that cannot be applied to a document.

    `column` is the 1-based place of the fault in the path as it was given; 0 when it is the document's.
    """

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(f"{message} (column {column})" if column else message)
        self.message = message
        self.column = column


class PathNotFound(JsonPathError):  # noqa: N818 - Jayway's name for it, PathNotFoundException
    """A definite path that leads nowhere, or a path whose definite beginning does."""
