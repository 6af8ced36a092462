"""Hides policy expressions from an XML parser, which could not read what they are made of.

The service takes documents whose expressions hold raw quotes, `<` and `&&`; half of those in public repositories do.
"""

import re
from html import unescape
from typing import Final

from inferway.dialects.apim.expressions import OPENS, end_of, is_expression

_FIRST: Final = 0xE000
_DIGITS: Final = 4096
_FILL: Final = chr(0xF8FF)
_MASKED: Final = re.compile("([\ue000-\uefff])([\ue000-\uefff])[\uf8ff\n ]*\uf8ff")
PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
"""What masks are made of; a document may have none of it."""

_MARKUP: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<!|</|<[A-Za-z_]", re.DOTALL
)
_TAG_PART: Final = re.compile(r"""/?>|=\s*(["'])""")
_BARE: Final = re.compile(r"<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")
_MOST: Final = _DIGITS * _DIGITS
_MOST_FAILURES: Final = 32
"""Expressions without an end that are looked for: each look reads to the document's end."""


class Masked:
    """A document with masks of the same length in the place of its expressions, line breaks kept.

    `expressions` are as C# has them; `spans` say where they stand in the source.
    """

    def __init__(self, source: str) -> None:
        self.expressions: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self._source = source
        self._parts: list[str] = []
        self._copied = 0
        self._failures = 0
        self._mask()
        self.text = "".join([*self._parts, source[self._copied :]])

    def unmask(self, text: str) -> tuple[str, bool]:
        """Give a text with its expressions back, and whether it is one whole expression."""
        whole = _MASKED.fullmatch(text.strip())
        if whole is not None:
            return self._at(whole), True
        return _MASKED.sub(self._at, text), False

    def _at(self, mask: re.Match[str]) -> str:
        return self.expressions[(ord(mask[1]) - _FIRST) * _DIGITS + ord(mask[2]) - _FIRST]

    def _mask(self) -> None:
        """Walk over markup; what stands between may begin with an expression, and so may a quoted attribute.

        Each look goes on where the last one ended, also where something is not closed, so that no document is slow.
        """
        source, at = self._source, 0
        while True:
            at = self._text(at)
            found = _MARKUP.search(source, at)
            if found is None:
                return
            at = found.end()
            if found[0][1:2].isalpha() or found[0][1:2] == "_":
                at = self._tag(at)

    def _text(self, at: int) -> int:
        """Mask an expression that begins an element's text; give where to go on."""
        source = self._source
        start = at
        while start < len(source) and source[start].isspace():
            start += 1
        if OPENS.match(source, start) is None:
            return at
        end = self._end(start)
        if end < 0:
            return at
        raw = source[start:end]
        self._hide(start, end, raw if _BARE.search(raw) else unescape(raw))
        return end

    def _tag(self, at: int) -> int:
        """Mask the attributes of a tag that are expressions; give where the tag ends."""
        source = self._source
        while True:
            found = _TAG_PART.search(source, at)
            if found is None:
                return len(source)
            at = found.end()
            if found[1] is None:
                return at
            at = self._attribute(at, found[1])

    def _attribute(self, start: int, quote: str) -> int:
        """Mask an attribute's value where it is an expression; give where the attribute ends, behind its quote.

        Read as XML the value ends at the next quote. If that is no whole expression, its strings hold raw quotes, and
        it ends where the expression does.
        """
        source = self._source
        close = source.find(quote, start)
        begin = start
        while begin < len(source) and source[begin].isspace():
            begin += 1
        if close < 0 or OPENS.match(source, begin) is None:
            return close + 1 if close >= 0 else len(source)
        decoded = unescape(source[begin:close])
        if is_expression(decoded):
            self._hide(begin, close, decoded.strip())
            return close + 1
        after = end = self._end(begin)
        while 0 <= after < len(source) and source[after].isspace():
            after += 1
        if end < 0 or source[after : after + 1] != quote:
            self._failures += end >= 0
            return close + 1
        self._hide(begin, end, source[begin:end])
        return after + 1

    def _end(self, start: int) -> int:
        if self._failures >= _MOST_FAILURES:
            return -1
        end = end_of(self._source, start)
        self._failures += end < 0
        return end

    def _hide(self, start: int, end: int, expression: str) -> None:
        number = len(self.expressions)
        if number >= _MOST:
            return
        self.expressions.append(expression)
        self.spans.append((start, end))
        head = chr(_FIRST + number // _DIGITS) + chr(_FIRST + number % _DIGITS)
        fill = "".join("\n" if character == "\n" else _FILL for character in self._source[start + 2 : end])
        self._parts += [self._source[self._copied : start], head, fill]
        self._copied = end
