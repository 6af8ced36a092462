"""What an expression can fail with: one exception with its place, and the C# exception that runs inside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """What an expression asks for and there is none of here, though C# or .NET may well have it.

    A type by its name; a member of a type ("new" is a constructor); with `overload` the member is there, but not for
    these arguments; all empty for a construct of the language, or for more of one than the sandbox takes.
    """

    type: str = ""
    member: str = ""
    overload: bool = False


class CSharpError(Exception):
    """An expression could not be compiled, or its evaluation failed.

    `message` says what happened; `line` and `column` are 1-based in the source that was compiled (a column is a
    character), 0 where no place is known. `kind` is the C# exception's full name when the evaluation threw one
    ("System.FormatException"), "" for errors of the compiler and of the sandbox. `str()` shows the source line with a
    caret under the column. `missing` says what there is none of, None where the expression itself is wrong.
    """

    def __init__(
        self,
        message: str,
        line: int = 0,
        column: int = 0,
        source: str = "",
        kind: str = "",
        missing: Missing | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.kind = kind
        self.missing = missing
        self.source_line = _source_line(source, line)

    def __str__(self) -> str:
        if not self.line:
            return self.message
        head = f"line {self.line}, column {self.column}: {self.message}"
        if not self.source_line:
            return head
        start = max(0, self.column - 61)
        return f"{head}\n  {self.source_line[start : start + 120]}\n  {' ' * (self.column - 1 - start)}^"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.message, (self.line, self.column), self.source_line, self.kind, self.missing))


def _rebuild(message: str, place: tuple[int, int], source_line: str, kind: str, missing: Missing | None) -> CSharpError:
    error = CSharpError(message, *place, "", kind, missing)
    error.source_line = source_line
    return error


def _source_line(source: str, line: int) -> str:
    lines = source.split("\n") if source and line else []
    return lines[line - 1].rstrip("\r").replace("\t", " ") if 0 < line <= len(lines) else ""


class ThrownError(Exception):
    """A C# exception on its way: `kind` is its class ("System.FormatException"), `message` its Message.

    A host's function raises it to throw into the expression, where `catch` may catch it. `value` is the C# exception
    object once there is one; `offset` the byte of the source where it came up, -1 until known.
    """

    def __init__(self, kind: str, message: str, value: object = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.value = value
        self.offset = -1


class LimitError(Exception):
    """A limit of the sandbox is reached. No `catch` of an expression catches it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.offset = -1


class CompileError(Exception):
    """The compiler's own error: what is wrong, or missing here, at a byte of the source."""

    def __init__(self, message: str, offset: int = -1, missing: Missing | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.missing = missing
