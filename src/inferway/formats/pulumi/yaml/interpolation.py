"""Texts with `${…}` in them, cut into their parts.

The grammar: https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/#property-access. Pulumi's own
parser is more lenient, and so is this one: dots may be missing or doubled, and a name is whatever stands before the
next dot, bracket or brace. `$$` is a dollar sign, in texts without any reference too.
"""

from typing import Final

import msgspec

_LONGEST_INDEX: Final = 9
_MOST_STEPS: Final = 100

Step = str | int


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """One `${…}`: a name, and the steps from its value to the one that is meant; `at` is its offset in the text."""

    name: str
    steps: tuple[Step, ...]
    at: int

    def __str__(self) -> str:
        """Give it as it would be written."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps)
        return f"${{{self.name}{''.join(steps)}}}"


Part = str | Access


class BadAccess(Exception):  # noqa: N818 - it becomes a Finding
    """What follows `${` is no property access; `at` is the offset of that `${`."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(text)
        self.text = text
        self.at = at


def parts(text: str) -> tuple[Part, ...]:
    """Give the parts of a text, its escapes resolved; raises BadAccess."""
    made: list[Part] = []
    plain: list[str] = []
    at = 0
    while at < len(text):
        dollar = text.find("$", at)
        following = text[dollar + 1 : dollar + 2] if dollar >= 0 else ""
        end = len(text) if dollar < 0 else dollar
        plain.append(text[at:end])
        at = end
        if following == "{":
            if any(plain):
                made.append("".join(plain))
            plain.clear()
            access, at = _access(text, dollar)
            made.append(access)
        elif dollar >= 0:
            plain.append("$")
            at = dollar + (2 if following == "$" else 1)
    if any(plain):
        made.append("".join(plain))
    return tuple(made)


def _access(text: str, start: int) -> tuple[Access, int]:
    """Read the access whose `${` stands at an offset; gives the offset behind it, too."""
    steps: list[Step] = []
    at = start + 2
    while at < len(text) and text[at] != "}":
        if text[at] == ".":
            at += 1
            continue
        step, at = _subscript(text, at, start) if text[at] == "[" else _word(text, at)
        steps.append(step)
        if len(steps) > _MOST_STEPS:
            raise BadAccess(f"a reference of more than {_MOST_STEPS} steps", start)
    if at >= len(text):
        raise BadAccess("a reference that starts with ${ does not end with }; for a text, write $${", start)
    if not steps or isinstance(steps[0], int):
        raise BadAccess("a reference starts with a name; for a text, write $${", start)
    return Access(name=steps[0], steps=tuple(steps[1:]), at=start), at + 1


def _word(text: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(text) and text[end] not in ".[}":
        end += 1
    return text[at:end], end


def _subscript(text: str, at: int, start: int) -> tuple[Step, int]:
    if text[at + 1 : at + 2] == '"':
        name, at = _quoted(text, at + 2, start)
        if text[at : at + 1] != "]":
            raise BadAccess("a quoted name ends with ]", start)
        return name, at + 1
    end = text.find("]", at)
    digits = text[at + 1 : end] if end >= 0 else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_INDEX):
        raise BadAccess('between [ and ] stands a number or a name in quotes, as in ["name"]', start)
    return int(digits), end + 1


def _quoted(text: str, at: int, start: int) -> tuple[str, int]:
    """Read up to the closing quote; a backslash before a quote makes it part of the name."""
    name: list[str] = []
    while at < len(text):
        if text[at] == '"':
            return "".join(name), at + 1
        at += text.startswith('\\"', at)
        name.append(text[at])
        at += 1
    raise BadAccess("a quoted name does not end", start)
