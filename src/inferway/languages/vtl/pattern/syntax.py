"""Java's regular-expression syntax → a small tree.

https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from inferway.languages.vtl.limits import PATTERN_CHARACTERS
from inferway.languages.vtl.pattern.classes import NAMED, Characters, property_class
from inferway.languages.vtl.values import JavaFailure


@dataclass(frozen=True, kw_only=True, slots=True)
class Character:
    """One character out of a set."""

    characters: Characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Sequence:
    """Nodes in a row."""

    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternatives:
    """One of several."""

    choices: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A node, `least` to `most` times (None: without end); mode `greedy`, `lazy` or `possessive`."""

    node: Node
    least: int
    most: int | None
    mode: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A capturing group, counted from 1."""

    number: int
    node: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Atomic:
    """A group that does not give back."""

    node: Node


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What must, or must not, stand ahead or behind."""

    node: Node
    ahead: bool
    negative: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Back:
    """What a group matched, again."""

    number: int
    fold: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A place: `^ $ \\A \\z \\Z \\b \\B \\G`, `m^` and `m$` line by line."""

    kind: str


Node: TypeAlias = Character | Sequence | Alternatives | Repeat | Group | Atomic | Look | Back | Anchor


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A parsed regular expression."""

    node: Node
    groups: int
    names: dict[str, int]


_SPECIAL: Final = frozenset("\\^$.|?*+()[{")
_ANCHORS: Final = frozenset("AzZbBG")
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_MOST: Final = 1_000


def parse(source: str) -> Pattern:
    """Parse a Java pattern. Raises JavaFailure where Java throws PatternSyntaxException, or beyond our limits."""
    if len(source) > PATTERN_CHARACTERS:
        raise JavaFailure(f"The regular expression has more than {PATTERN_CHARACTERS} characters")
    parser = _Parser(source)
    node = parser.alternatives(0)
    if parser.at < len(source):
        raise parser.error("Unmatched closing ')'")
    return Pattern(node=node, groups=parser.groups, names=parser.names)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.flags: frozenset[str] = frozenset()

    def error(self, message: str) -> JavaFailure:
        return JavaFailure(f"java.util.regex.PatternSyntaxException: {message} near index {self.at}")

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _eat(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def alternatives(self, depth: int) -> Node:
        if depth > 40:
            raise self.error("Nested too deeply")
        before = self.flags
        choices = [self._sequence(depth)]
        while self._eat("|"):
            choices.append(self._sequence(depth))
        self.flags = before
        return choices[0] if len(choices) == 1 else Alternatives(choices=tuple(choices))

    def _sequence(self, depth: int) -> Node:
        items: list[Node] = []
        while self.at < len(self.source) and self._peek() not in "|)":
            if "x" in self.flags and self._skip_comment():
                continue
            if self._eat("\\Q"):
                items.extend(map(self._literal, self._quoted()))
                continue
            node = self._atom(depth)
            if node is not None:
                items.append(self._quantified(node))
        return items[0] if len(items) == 1 else Sequence(items=tuple(items))

    def _skip_comment(self) -> bool:
        if self._peek().isspace():
            self.at += 1
            return True
        if self._peek() == "#":
            end = self.source.find("\n", self.at)
            self.at = len(self.source) if end < 0 else end
            return True
        return False

    def _quoted(self) -> str:
        end = self.source.find("\\E", self.at)
        text = self.source[self.at :] if end < 0 else self.source[self.at : end]
        self.at = len(self.source) if end < 0 else end + 2
        return text

    def _literal(self, character: str) -> Character:
        return Character(characters=Characters.of(character).folded("i" in self.flags))

    def _quantified(self, node: Node) -> Node:
        while True:
            bounds = self._bounds()
            if bounds is None:
                return node
            mode = "lazy" if self._eat("?") else ("possessive" if self._eat("+") else "greedy")
            node = Repeat(node=node, least=bounds[0], most=bounds[1], mode=mode)
            if self._peek() in ("*", "+", "?") and self._peek():
                raise self.error(f"Dangling meta character '{self._peek()}'")

    def _bounds(self) -> tuple[int, int | None] | None:
        if self._eat("*"):
            return 0, None
        if self._eat("+"):
            return 1, None
        if self._eat("?"):
            return 0, 1
        if not self._eat("{"):
            return None
        least = self._number()
        most: int | None = least
        if self._eat(","):
            most = None if self._peek() == "}" else self._number()
        if not self._eat("}"):
            raise self.error("Unclosed counted closure")
        if most is not None and most < least:
            raise self.error("Illegal repetition range")
        return least, most

    def _number(self) -> int:
        start = self.at
        while self._peek().isdecimal() and self._peek().isascii():
            self.at += 1
        if start == self.at:
            raise self.error("Illegal repetition")
        value = int(self.source[start : self.at][:9])
        if value > _MOST:
            raise self.error(f"A repetition of more than {_MOST}")
        return value

    def _atom(self, depth: int) -> Node | None:
        character = self._peek()
        self.at += 1
        if character == "(":
            return self._group(depth)
        if character == "[":
            return Character(characters=self._class(depth).folded("i" in self.flags))
        if character == ".":
            return Character(characters=NAMED["any" if "s" in self.flags else "dot"])
        if character in "^$":
            return Anchor(kind=("m" if "m" in self.flags else "") + character)
        if character == "\\":
            return self._escape()
        if character in "*+?":
            raise self.error(f"Dangling meta character '{character}'")
        if character == "{":
            raise self.error("Illegal repetition")
        return self._literal(character)

    def _group(self, depth: int) -> Node | None:
        if not self._eat("?"):
            self.groups += 1
            return self._close(self.groups, depth)
        for mark, ahead, negative in (("<=", False, False), ("<!", False, True), ("=", True, False), ("!", True, True)):
            if self._eat(mark):
                return Look(node=self._close(0, depth), ahead=ahead, negative=negative)
        if self._eat(">"):
            return Atomic(node=self._close(0, depth))
        if self._eat("<"):
            end = self.source.find(">", self.at)
            name = self.source[self.at : max(end, self.at)]
            if not name.isalnum() or not name.isascii() or name in self.names:
                raise self.error("Bad group name")
            self.at = end + 1
            self.groups += 1
            self.names[name] = self.groups
            return self._close(self.groups, depth)
        return self._flagged(depth)

    def _flagged(self, depth: int) -> Node | None:
        on, off, current = set(self.flags), set[str](), True
        while self._peek() and self._peek() in "idmsuxU-":
            letter = self._peek()
            self.at += 1
            if letter == "-":
                current = False
            elif current:
                on.add(letter)
            else:
                off.add(letter)
        wanted = frozenset(on - off)
        if self._eat(")"):
            self.flags = wanted
            return None
        if not self._eat(":"):
            raise self.error("Unknown inline modifier")
        before, self.flags = self.flags, wanted
        node = self._close(0, depth)
        self.flags = before
        return node

    def _close(self, number: int, depth: int) -> Node:
        node = self.alternatives(depth + 1)
        if not self._eat(")"):
            raise self.error("Unclosed group")
        return Group(number=number, node=node) if number else node

    def _escape(self) -> Node:
        character = self._peek()
        if not character:
            raise self.error("Unexpected internal error")
        if character in _ANCHORS:
            self.at += 1
            return Anchor(kind=f"\\{character}")
        if character in "123456789":
            self.at += 1
            number = int(character)
            while self._peek().isdecimal() and number * 10 + int(self._peek()) <= self.groups:
                number = number * 10 + int(self._peek())
                self.at += 1
            return Back(number=number, fold="i" in self.flags)
        if character == "k":
            end = self.source.find(">", self.at)
            name = self.source[self.at + 2 : max(end, self.at)]
            if self.source[self.at + 1 : self.at + 2] != "<" or name not in self.names:
                raise self.error("Named capturing group is missing")
            self.at = end + 1
            return Back(number=self.names[name], fold="i" in self.flags)
        if character == "R":
            self.at += 1
            newline = Sequence(items=(self._literal("\r"), self._literal("\n")))
            return Alternatives(choices=(newline, Character(characters=NAMED["v"])))
        return Character(characters=self._escaped_characters().folded("i" in self.flags))

    def _escaped_characters(self) -> Characters:
        character = self._peek()
        self.at += 1
        if character in _ESCAPES:
            return Characters.of(_ESCAPES[character])
        if character in "dDwWsShHvV":
            named = NAMED[character.lower()]
            return named.complement() if character.isupper() else named
        if character in "pP":
            family = property_class(self._property_name())
            if family is None:
                raise self.error("Unknown character property name")
            return family.complement() if character == "P" else family
        if character in "ux0c":
            return Characters.of(self._coded(character))
        if not character or (character.isascii() and character.isalnum()):
            raise self.error("Illegal/unsupported escape sequence")
        return Characters.of(character)

    def _property_name(self) -> str:
        if not self._eat("{"):
            self.at += 1
            return self.source[self.at - 1 : self.at]
        end = self.source.find("}", self.at)
        if end < 0:
            raise self.error("Unclosed character family")
        name = self.source[self.at : end]
        self.at = end + 1
        return name

    def _coded(self, kind: str) -> str:
        if kind == "c":
            self.at += 1
            return chr(ord(self.source[self.at - 1 : self.at] or "@") ^ 64)
        size = {"u": 4, "x": 2, "0": 3}[kind]
        base = 8 if kind == "0" else 16
        if kind == "x" and self._eat("{"):
            end = self.source.find("}", self.at)
            digits, after = self.source[self.at : max(end, self.at)], end + 1
        else:
            digits = self.source[self.at : self.at + size]
            if kind == "0":
                digits = digits[: next((i for i, each in enumerate(digits) if each not in "01234567"), len(digits))]
            after = self.at + len(digits)
        try:
            code = int(digits, base)
            self.at = after
            return chr(code)
        except (ValueError, OverflowError):
            raise self.error("Illegal escape sequence") from None

    def _class(self, depth: int) -> Characters:
        if depth > 40:
            raise self.error("Nested too deeply")
        negative = self._eat("^")
        whole: Characters | None = None
        found = Characters.none()
        first = True
        while True:
            if self.at >= len(self.source):
                raise self.error("Unclosed character class")
            if self._peek() == "]" and not first:
                self.at += 1
                break
            if self._eat("&&"):
                whole = found if whole is None else whole.intersection(found)
                found, first = Characters.none(), True
                if self._peek() == "]":
                    first = False
                continue
            found = found.union(self._class_item(depth))
            first = False
        result = found if whole is None else whole.intersection(found)
        return result.complement() if negative else result

    def _class_item(self, depth: int) -> Characters:
        if self._eat("["):
            return self._class(depth + 1)
        if self._eat("\\Q"):
            return Characters.of(self._quoted())
        low = self._class_member()
        if len(low) != 1 or self._peek() != "-" or self.source[self.at + 1 : self.at + 2] in ("]", "[", ""):
            return low
        self.at += 1
        high = self._class_member()
        if len(high) != 1 or high.first() < low.first():
            raise self.error("Illegal character range")
        return Characters.range(low.first(), high.first())

    def _class_member(self) -> Characters:
        character = self._peek()
        self.at += 1
        return self._escaped_characters() if character == "\\" else Characters.of(character)
