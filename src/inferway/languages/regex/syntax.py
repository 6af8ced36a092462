"""Reads Java's regular expressions (java.util.regex.Pattern, JDK 17) into a tree."""

from dataclasses import dataclass, field

from inferway.languages.regex import charset
from inferway.languages.regex.brackets import MAX_DEPTH, bracket
from inferway.languages.regex.escapes import ASSERTIONS, LINE_BREAK, Flags, class_escape, code_point
from inferway.languages.regex.nodes import (
    Alternatives,
    Assertion,
    Atomic,
    BackReference,
    Capture,
    Chars,
    Look,
    Node,
    RegexError,
    Repeat,
    Sequence,
    endless,
)

MAX_PATTERN = 4096
MAX_COUNT = 65535
EMPTY = Sequence(())
NEVER = Assertion("(?!)")
_LOOKS = {"=": (True, False), "!": (True, True), "<=": (False, False), "<!": (False, True)}


@dataclass(slots=True)
class Parser:
    """A position in a pattern; `parse` is the way in."""

    text: str
    flags: Flags
    position: int = 0
    depth: int = 0
    groups: int = 0
    names: dict[str, int] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def peek(self, width: int = 1) -> str:
        """The next characters, fewer at the end."""
        return self.text[self.position : self.position + width]

    def take(self, expected: str) -> bool:
        """Steps over the text when it comes next."""
        if not self.text.startswith(expected, self.position):
            return False
        self.position += len(expected)
        return True

    def fail(self, message: str) -> RegexError:
        """The error for the present position."""
        return RegexError(message, self.position)

    def skip_comments(self) -> None:
        """Steps over white space and `#` comments when the flag `x` is on."""
        while self.flags.comments and self.position < len(self.text):
            if self.text[self.position] == "#":
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end + 1
            elif self.text[self.position] in " \t\n\x0b\f\r":
                self.position += 1
            else:
                return

    def chars(self, held: charset.CharSet) -> charset.CharSet:
        """The set under the flags for case."""
        return charset.fold(held, unicode_case=self.flags.unicode_case) if self.flags.ignore_case else held

    def alternatives(self) -> Node:
        """`a|b|c`, up to a closing parenthesis or the end; flags set inside do not leave it."""
        before = self.flags
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail("groups are nested too deeply")
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        self.depth -= 1
        self.flags = before
        return branches[0] if len(branches) == 1 else Alternatives(tuple(branches))

    def sequence(self) -> Node:
        """Quantified items one after the other."""
        items: list[Node] = []
        while True:
            self.skip_comments()
            if self.peek() in {"", "|", ")"}:
                return items[0] if len(items) == 1 else Sequence(tuple(items))
            if self.take("\\Q"):
                end = self.text.find("\\E", self.position)
                quoted = self.text[self.position :] if end < 0 else self.text[self.position : end]
                self.position = len(self.text) if end < 0 else end + 2
                items.extend(Chars(self.chars(charset.of(char))) for char in quoted)
                if items:
                    items[-1] = self.quantified(items[-1])
                continue
            atom = self.atom()
            if atom is not None:
                items.append(self.quantified(atom))

    def quantified(self, atom: Node) -> Node:
        """The atom with the quantifiers that follow it."""
        self.skip_comments()
        low, high = 0, None
        if self.take("?"):
            high = 1
        elif self.take("+"):
            low = 1
        elif self.peek() == "{":
            low, high = self.counts()
        elif not self.take("*"):
            return atom
        mode = "?" if self.take("?") else "+" if self.take("+") else ""
        return Repeat(atom, low, high, mode) if atom != EMPTY else EMPTY

    def counts(self) -> tuple[int, int | None]:
        """`{n}`, `{n,}` or `{n,m}`."""
        end = self.text.find("}", self.position)
        low, comma, high = self.text[self.position + 1 : max(end, self.position + 1)].partition(",")
        if end < 0 or not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
            raise self.fail("Illegal repetition")
        least, most = int(low[:9]), int(high[:9]) if high else None if comma else int(low[:9])
        if most is not None and most < least:
            raise self.fail("Illegal repetition range")
        if max(least, most or 0) > MAX_COUNT:
            raise self.fail(f"a repetition above {MAX_COUNT}")
        self.position = end + 1
        return least, most

    def atom(self) -> Node | None:
        """One character, class, group, assertion or back reference; None for flags alone."""
        char = self.peek()
        if char == "\\":
            return self.escape()
        if char == "[":
            return Chars(bracket(self))
        if char == "(":
            return self.group()
        if char in "*+?":
            raise self.fail(f"Dangling meta character '{char}'")
        if char == "{":
            return EMPTY  # a count with nothing before it, or behind another one: Java repeats an empty text
        self.position += 1
        if char == "^":
            return ASSERTIONS["^m" + self.lines()] if self.flags.multiline else ASSERTIONS["^"]
        if char == "$":
            return ASSERTIONS[("$m" if self.flags.multiline else "$") + self.lines()]
        if char == ".":
            ends = charset.of("\n") if self.flags.unix_lines else charset.LINE_END
            return Chars(charset.EVERYTHING if self.flags.dot_all else charset.negation(ends))
        return Chars(self.chars(charset.of(char)))

    def lines(self) -> str:
        """The suffix that ASSERTIONS has for the flag `d`."""
        return "d" if self.flags.unix_lines else ""

    def escape(self) -> Node:
        """What a backslash outside a class begins."""
        letter = self.text[self.position + 1 : self.position + 2]
        if letter == "":
            raise self.fail("Unexpected internal error: a backslash at the end")
        if letter in "123456789":
            self.position += 1
            return self.numbered()
        if letter == "k":
            self.position += 2
            end = self.text.find(">", self.position)
            name = self.text[self.position + 1 : end]
            if self.peek() != "<" or end < 0 or name not in self.names:
                raise self.fail("\\k is not followed by the '<name>' of a group before it")
            self.position = end + 1
            return self.reference(self.names[name])
        if letter == "R":
            self.position += 2
            return LINE_BREAK
        if letter in "GX" or self.peek(3) == "\\b{":
            raise self.fail(f"\\{letter} is not supported")
        if letter == "Z":
            self.position += 2
            return ASSERTIONS["$" + self.lines()]
        if letter in "bBAz":
            self.position += 2
            return ASSERTIONS[letter + ("u" if letter in "bB" and self.flags.unicode_classes else "")]
        held = class_escape(self)
        return Chars(held if held is not None else self.chars(self.single()))

    def single(self) -> charset.CharSet:
        """The set of the one code point that comes next, escaped or not."""
        code = code_point(self)
        return ((code, code),)

    def numbered(self) -> Node:
        """`\\11` is group 11 when there are so many before it, else group 1 and the character 1."""
        number = int(self.peek())
        self.position += 1
        while self.peek().isdecimal() and self.peek().isascii() and number * 10 + int(self.peek()) <= self.groups:
            number = number * 10 + int(self.peek())
            self.position += 1
        return self.reference(number)

    def reference(self, number: int) -> Node:
        """A reference to a group that has not been closed yet never matches, as in Java outside of loops."""
        if number > self.groups or number in self.open:
            return NEVER
        fold = ("iu" if self.flags.unicode_case else "i") if self.flags.ignore_case else ""
        return BackReference(number, fold)

    def group(self) -> Node | None:
        """What an opening parenthesis begins."""
        self.position += 1
        if not self.take("?"):
            return self.capture(None)
        if self.take(":"):
            return self.closed(self.alternatives())
        if self.take(">"):
            return Atomic(self.closed(self.alternatives()))
        for mark, (ahead, negative) in _LOOKS.items():
            if self.take(mark):
                body = self.closed(self.alternatives())
                if not ahead and endless(body):
                    raise self.fail("Look-behind group does not have an obvious maximum length")
                return Look(body, ahead, negative)
        if self.take("<"):
            return self.capture(self.name())
        return self.inline_flags()

    def name(self) -> str:
        """The name of a group, and the `>` behind it."""
        end = self.text.find(">", self.position)
        name = self.text[self.position : max(end, self.position)]
        if not (name.isascii() and name.isalnum() and name[0].isalpha()):
            raise self.fail("capturing group name does not start with a Latin letter or is not closed")
        if name in self.names:
            raise self.fail(f"Named capturing group <{name}> is already defined")
        self.position = end + 1
        return name

    def capture(self, name: str | None) -> Node:
        """The inside of a capturing group, and its closing parenthesis."""
        self.groups += 1
        number = self.groups
        self.open.add(number)
        if name is not None:
            self.names[name] = number
        body = self.closed(self.alternatives())
        self.open.discard(number)
        return Capture(body, name, number)

    def closed(self, body: Node) -> Node:
        """The body, once the closing parenthesis is there."""
        if not self.take(")"):
            raise self.fail("Unclosed group")
        return body

    def inline_flags(self) -> Node | None:
        """`(?i-s)` for the rest of the group, `(?i-s:…)` for what it holds."""
        outer, enabled = self.flags, True
        while (char := self.peek()) not in {")", ":"}:
            if char == "-":
                enabled = False
            elif char == "" or char not in Flags.LETTERS:
                raise self.fail("Unknown inline modifier")
            else:
                self.flags = self.flags.change(char, enabled=enabled)
            self.position += 1
        self.position += 1
        if char == ")":
            return None
        body = self.closed(self.alternatives())
        self.flags = outer
        return body


def parse(pattern: str, flags: Flags) -> tuple[Node, dict[str, int], int]:
    """The tree of a pattern, its named groups' numbers and how many groups there are; raises RegexError."""
    if len(pattern) > MAX_PATTERN:
        raise RegexError(f"a pattern longer than {MAX_PATTERN} characters")
    parser = Parser(pattern, flags)
    node = parser.alternatives()
    if parser.position < len(pattern):
        raise parser.fail("Unmatched closing ')'")
    return node, parser.names, parser.groups
