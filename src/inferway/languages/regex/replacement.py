"""Java's replacement strings: `$1`, `${name}` and backslashes."""

from inferway.languages.regex.nodes import RegexError

Piece = str | int
"""Text to copy, or the number of the group to copy from."""


def parse_replacement(text: str, groups: int, names: dict[str, int]) -> tuple[Piece, ...]:
    """Reads a replacement as Matcher.appendReplacement does; raises RegexError for a bad reference."""
    pieces: list[Piece] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\":
            if position + 1 == len(text):
                raise RegexError("character to be escaped is missing", position)
            pieces.append(text[position + 1])
            position += 2
        elif char == "$":
            piece, position = _reference(text, position + 1, groups, names)
            pieces.append(piece)
        else:
            pieces.append(char)
            position += 1
    return tuple(pieces)


def _reference(text: str, position: int, groups: int, names: dict[str, int]) -> tuple[int, int]:
    """The group named at the position, and where its reference ends; more digits only while there are such groups."""
    if text.startswith("{", position):
        end = text.find("}", position)
        name = text[position + 1 : max(end, position + 1)]
        if end < 0 or name not in names:
            raise RegexError(f"No group with name {{{name}}}", position)
        return names[name], end + 1
    digit = text[position : position + 1]
    if not (digit.isascii() and digit.isdigit()):
        raise RegexError("Illegal group reference", position)
    number = int(digit)
    if number > groups:
        raise RegexError(f"No group {number}", position)
    position += 1
    while (digit := text[position : position + 1]) and digit.isascii() and digit.isdigit():
        if number * 10 + int(digit) > groups:
            break
        number = number * 10 + int(digit)
        position += 1
    return number, position
