"""Reads a policy document: XML without document types, each element with its place."""

from typing import Final
from xml.parsers import expat

import msgspec

from inferway.dialects.apim.expressions import is_expression
from inferway.dialects.apim.masking import PRIVATE, Masked

LARGEST: Final = 262_144
"""Bytes of a policy document ("API Management limits")."""

_DEEPEST: Final = 64


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute's value or an element's text; `expression` says that it is one policy expression as a whole."""

    text: str
    expression: bool = False


EMPTY: Final = Text(text="")


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element; `line` and `column` are 1-based in the policy document.

    `text` is what stands in it: its own text, or where it has elements their source as well.
    """

    name: str
    attributes: dict[str, Text]
    children: tuple["Element", ...]
    text: Text
    line: int
    column: int

    def attribute(self, name: str) -> Text:
        """Give an attribute's value, empty where it is missing."""
        return self.attributes.get(name, EMPTY)

    def named(self, name: str) -> tuple["Element", ...]:
        """Give the children of a name."""
        return tuple(child for child in self.children if child.name == name)


class MalformedError(Exception):
    """A document that cannot be read: why, and where, 1-based."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class _Open:
    __slots__ = ("attributes", "children", "column", "content", "line", "name", "texts")

    def __init__(self, name: str, attributes: dict[str, Text], line: int, column: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.column = column
        self.content = -1  # the byte where it begins, -1 until it does
        self.children: list[Element] = []
        self.texts: list[str] = []


class _Builder:
    """Makes the tree as the parser goes."""

    def __init__(self, masked: Masked) -> None:
        self._masked = masked
        self._bytes = masked.text.encode("utf-8")
        self._open: list[_Open] = []
        self.root: Element | None = None
        parser = self._parser = expat.ParserCreate(encoding="utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._begin_content
        parser.ProcessingInstructionHandler = lambda target, data: self._begin_content(target + data)
        parser.StartDoctypeDeclHandler = self._doctype

    def build(self) -> Element:
        parser = self._parser
        try:
            parser.Parse(self._bytes, True)  # noqa: FBT003 - the parser's own signature
        except expat.ExpatError as error:
            message = expat.errors.messages.get(error.code, str(error))
            raise MalformedError(message, error.lineno, error.offset + 1) from None
        if self.root is None:
            raise MalformedError("no element found", 1, 1)
        return self.root

    def _doctype(self, *_: object) -> None:
        self._refuse("a policy document has no document type")

    def _refuse(self, message: str) -> None:
        raise MalformedError(message, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def _begin_content(self, _: str = "") -> None:
        if self._open and self._open[-1].content < 0:
            self._open[-1].content = self._parser.CurrentByteIndex

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._begin_content()
        if len(self._open) >= _DEEPEST:
            self._refuse(f"elements nested more than {_DEEPEST} deep")
        values = {key: self._value(value) for key, value in attributes.items()}
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        self._open.append(_Open(name, values, line, column))

    def _text(self, text: str) -> None:
        self._begin_content()
        self._open[-1].texts.append(text)

    def _end(self, name: str) -> None:
        made = self._open.pop()
        text = "".join(made.texts)
        if made.children and (text.strip() or made.name in _VERBATIM):
            text = self._source(made)
        element = Element(
            name=name,
            attributes=made.attributes,
            children=tuple(made.children),
            text=self._value(text),
            line=made.line,
            column=made.column,
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element

    def _source(self, made: _Open) -> str:
        return self._bytes[made.content : self._parser.CurrentByteIndex].decode("utf-8")

    def _value(self, text: str) -> Text:
        given, whole = self._masked.unmask(text)
        return Text(text=given, expression=whole or (given.lstrip()[:1] == "@" and is_expression(given)))


_VERBATIM: Final = frozenset(("set-body", "value"))
"""Elements whose content is text even where it looks like XML."""


def read_document(source: str) -> Element:
    """Read a document into its root element; raises MalformedError where it is too large or not well-formed."""
    if len(source.encode("utf-8", "replace")) > LARGEST:
        raise MalformedError(f"a policy document of more than {LARGEST} bytes", 1, 1)
    private = PRIVATE.search(source)
    if private is not None:
        before = source[: private.start()]
        line = before.count("\n") + 1
        raise MalformedError("a character of Unicode's private use area", line, len(before) - before.rfind("\n"))
    try:
        return _Builder(Masked(source.removeprefix("\ufeff"))).build()
    except UnicodeEncodeError:
        raise MalformedError("text that is no Unicode", 1, 1) from None
