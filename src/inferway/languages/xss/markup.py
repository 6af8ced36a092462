"""Text → tags with their attributes, as HTML's tokenizer reads it from one of five states.

The states are those in which a value may land in a page: data, and an attribute's value without quotes or in one of
three (https://html.spec.whatwg.org/multipage/parsing.html#tokenization; the backtick is Internet Explorer's). It
differs from the standard where a page around might: a stray quote ends a name, `<` in a tag starts another, comments
are read as data.
"""

import re
from collections.abc import Iterator
from typing import Final

DATA, UNQUOTED = "", " "
STATES: Final = (DATA, '"', "'", "`", UNQUOTED)

_SPACE: Final = r"[\s\x00/\x0b]"
_TAG: Final = re.compile(r"<(/?[^\W\d]|[!?])([^\s/><\x00\"'`=]*+)")
_PIECE: Final = re.compile(
    r"""[\s\x00/"'`=]*+(?:([><])|([^\s\x00/><"'`=]++)(?:[\s\x00/]*+(=)[\s\x00]*+("[^"]*+"?|'[^']*+'?|`[^`]*+`?|[^\s>]*+))?)"""
)
_ENDS: Final = {UNQUOTED: re.compile(r"[\s/>]"), '"': re.compile('"'), "'": re.compile("'"), "`": re.compile("`")}


Attribute = tuple[str, str | None]
"""A name, in lower case, and its value without quotes; None where there is no `=`."""
Tag = tuple[str, list[Attribute]]
"""A name, in lower case, "" for a tag that stood around the text, and the attributes."""


def read_tags(text: str, state: str) -> Iterator[Tag]:
    """The tags of `text`, which is in lower case, from one of `STATES`. Linear in the text's length; never raises."""
    position = 0
    if state != DATA:
        end = _ENDS[state].search(text)
        if end is None:
            return
        start = end.end() if end[0] != ">" else end.start()
        attributes, position = _read_attributes(text, start)
        yield "", attributes
    while (opened := _TAG.search(text, position)) is not None:
        attributes, position = _read_attributes(text, opened.end())
        yield (opened[1] + opened[2]).lstrip("/"), attributes


def _read_attributes(text: str, position: int) -> tuple[list[Attribute], int]:
    found: list[Attribute] = []
    while (piece := _PIECE.match(text, position)) is not None:
        end, name, assigned, value = piece.groups()
        position = piece.end()
        if end:
            return found, position if end == ">" else position - 1
        found.append((name, _unquote(value) if assigned else None))
    return found, position


def _unquote(value: str) -> str:
    if value[:1] not in ("'", '"', "`"):
        return value
    return value[1:-1] if len(value) > 1 and value[-1] == value[0] else value[1:]
