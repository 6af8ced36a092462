"""A position in a path or filter, with the searches that Jayway's compiler makes."""

from inferway.languages.jsonpath.errors import JsonPathError

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b"}


class Cursor:
    """`offset` is the column, 0-based, of the text's first character in the path as it was given."""

    __slots__ = ("offset", "position", "text")

    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.position = 0

    def fail(self, message: str, at: int | None = None) -> JsonPathError:
        """The error for a place, the present position if none is given."""
        return JsonPathError(message, max(1, self.offset + (self.position if at is None else at) + 1))

    def char(self, at: int | None = None) -> str:
        """The character at a place; raises JsonPathError at the end."""
        index = self.position if at is None else at
        if index >= len(self.text):
            raise self.fail("the path ends too early", index)
        return self.text[index]

    def at(self, text: str) -> bool:
        """Whether the text stands at the position."""
        return self.text.startswith(text, self.position)

    def blanks(self, at: int) -> int:
        """The first place from `at` on that is not a space."""
        while self.text.startswith(" ", at):
            at += 1
        return at

    def skip_blanks(self) -> None:
        """Steps over spaces; other white space is no blank to Jayway."""
        self.position = self.blanks(self.position)

    def after_blanks(self, at: int, char: str) -> int:
        """The place of the character when it comes next behind `at`, but for spaces; else -1."""
        index = self.blanks(at + 1)
        return index if self.text.startswith(char, index) else -1

    def unescaped(self, start: int, char: str) -> int:
        """The next place behind `start` where the character stands without a backslash; else -1."""
        index = start + 1
        while index < len(self.text):
            if self.text[index] == "\\":
                index += 1
            elif self.text[index] == char:
                return index
            index += 1
        return -1

    def closing(self, start: int, pair: str, *, regexes: bool) -> int:
        """The place of the bracket that closes the one at `start`, strings (and `/…/`) aside; else -1."""
        depth = 0
        index = start
        skipped = "'\"/" if regexes else "'\""
        while index < len(self.text):
            char = self.text[index]
            if char in skipped:
                index = self.unescaped(index, char)
                if index < 0:
                    raise self.fail(f"no closing {char}", start)
            elif char == pair[0]:
                depth += 1
            elif char == pair[1]:
                depth -= 1
                if depth == 0:
                    return index
            index += 1
        return -1


def unescape(text: str) -> str:
    """A property's or string's text without its backslashes."""
    if "\\" not in text:
        return text
    parts: list[str] = []
    index = 0
    while index < len(text):
        char = text[index]
        index += 1
        if char == "\\" and index < len(text):
            char = text[index]
            index += 1
            if char == "u":
                char, index = _code(text, index)
            else:
                char = _ESCAPES.get(char, char)
        parts.append(char)
    return "".join(parts)


def _code(text: str, index: int) -> tuple[str, int]:
    digits = text[index : index + 4]
    if len(digits) < 4 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise JsonPathError(f"\\u{digits} is no character", index)
    return chr(int(digits, 16)), index + 4
