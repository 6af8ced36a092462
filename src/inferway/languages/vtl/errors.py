"""What a template can fail with: one exception, with the place in the template."""

from __future__ import annotations

from inferway.languages.vtl.positions import index_of


class VtlError(Exception):
    """A template could not be compiled, or its rendering failed.

    `message` says what happened; `line` and `column` are 1-based and count like Velocity 1.7 (a tab advances to the
    next multiple of eight, a character outside the BMP counts as two). `line` is 0 where no place is known. `str()`
    shows the offending source line with a caret under the column.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.source_line = _source_line(source, line)

    def __str__(self) -> str:
        if not self.line:
            return self.message
        head = f"line {self.line}, column {self.column}: {self.message}"
        if not self.source_line:
            return head
        text, caret = _window(self.source_line, self.column)
        return f"{head}\n  {text}\n  {' ' * caret}^"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.message, self.line, self.column, self.source_line))


def _rebuild(message: str, line: int, column: int, source_line: str) -> VtlError:
    error = VtlError(message, line, column)
    error.source_line = source_line
    return error


def _source_line(source: str, line: int) -> str:
    if not source or not line:
        return ""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[line - 1] if line <= len(lines) else ""


def _window(source_line: str, column: int) -> tuple[str, int]:
    """Cut a long line to the part around the column; a tab becomes one blank, so that the caret stays below."""
    index = index_of(source_line, column)
    start = max(0, index - 60)
    return source_line[start : index + 60].replace("\t", " "), index - start
