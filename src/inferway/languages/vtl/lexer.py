"""Template text → tokens, fetched one at a time because the parser steers the lexical state.

The tokens, states and their quirks are those of Apache Velocity 1.7's grammar (`Parser.jjt`, a JavaCC grammar):
the longest match wins, then the earlier token; a "more" match is only the beginning of the next token's image; a
"special" token hangs on the next real one. https://velocity.apache.org/engine/1.7/vtl-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, Final, NoReturn

from inferway.languages.vtl.errors import VtlError
from inferway.languages.vtl.positions import Positions
from inferway.languages.vtl.tokens import (
    COMPILED,
    MORE,
    RUNS,
    SPECIAL,
    STATES,
    VIABLE,
    VIABLE_IN_DIRECTIVE,
    Kind,
    State,
    Token,
    string_end,
)

_PARENTHESIS: Final = re.compile(r"[ \n\r\t]*\(")

_COMMENT_STATES: Final[dict[Kind, State]] = {
    Kind.TEXTBLOCK_START: State.IN_TEXTBLOCK,
    Kind.FORMAL_COMMENT_START: State.IN_FORMAL_COMMENT,
    Kind.MULTI_LINE_COMMENT_START: State.IN_MULTI_LINE_COMMENT,
}


class Lexer:
    """Tokens of one source. `fetch` gives the next one in the current lexical state, which the parser may change."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.positions = Positions(source)
        self.at = 0
        self.state = State.DEFAULT
        self.in_set = False
        self._stack: list[tuple[int, int, State]] = []
        self._lparen = 0
        self._rparen = 0
        self._in_comment = False

    def push(self) -> None:
        """Remember the state and its parentheses, and count afresh."""
        self._stack.append((self._lparen, self._rparen, self.state))
        self._lparen = 0

    def pop(self) -> bool:
        """Return to the state below; False at the bottom, which is DEFAULT."""
        if not self._stack:
            self._lparen = 0
            self.state = State.DEFAULT
            return False
        self._lparen, self._rparen, self.state = self._stack.pop()
        return True

    def left_parenthesis_follows(self) -> bool:
        """Whether blanks and then `(` come next in the source."""
        return _PARENTHESIS.match(self.source, self.at) is not None

    def fetch(self) -> Token:
        """The next token. Raises VtlError where no token fits."""
        specials: list[str] = []
        source, size = self.source, len(self.source)
        while True:
            if self.at >= size:
                return Token(Kind.EOF, "<EOF>", size, size, specials)
            begin = self.at
            while True:
                kind, end = self._match()
                if kind in MORE:
                    self.at = end
                    self._more(kind)
                    if self.at >= size:
                        raise VtlError("Lexical error: the template ends inside a token", *self.positions.end(), source)
                    continue
                break
            if kind is Kind.SKIPPED:
                self.at = end
                continue
            image = source[begin:end]
            if kind in SPECIAL:
                self.at = end - 1
                self.pop()
                specials.append(image)
                continue
            self.at = end
            token = Token(kind, image, begin, end, specials)
            action = self._ACTIONS.get(kind)
            if action is not None:
                action(self, token)
            return token

    def _match(self) -> tuple[Kind, int]:
        """The longest match at the current place, of the earliest kind."""
        source, at, state = self.source, self.at, self.state
        run = RUNS.get(state)
        if run is not None:
            found = run.match(source, at)
            if found is not None:
                return (Kind.TEXTBLOCK_PART if state is State.IN_TEXTBLOCK else Kind.SKIPPED), found.end()
        best, best_end = None, at
        for kind in STATES[state]:
            if kind is Kind.STRING_LITERAL:
                end = string_end(source, at) if source[at] in "\"'" else -1
            else:
                found = COMPILED[kind].match(source, at)
                end = found.end() if found is not None else -1
            if end > best_end:
                best, best_end = kind, end
        if best is None:
            self._fail()
        return best, best_end

    def _fail(self) -> NoReturn:
        pattern = VIABLE_IN_DIRECTIVE if self.state is State.DIRECTIVE else VIABLE
        viable = pattern.match(self.source, self.at)
        place = self.at if viable is None else viable.end()
        if place + 1 >= len(self.source):
            raise VtlError("Lexical error: unexpected end of the template", *self.positions.end(), self.source)
        message = f"Lexical error: unexpected {self.source[place]!r}"
        raise VtlError(message, *self.positions.locate(place), self.source)

    def _more(self, kind: Kind) -> None:
        if self._in_comment or kind is Kind.TEXTBLOCK_PART:
            return
        if kind is Kind.FORMAL_COMMENT_START:
            self.at -= 1
        if kind in _COMMENT_STATES:
            self._in_comment = True
            self.push()
            self.state = _COMMENT_STATES[kind]
            return
        leaves = (State.REFERENCE,) if kind is Kind.DOLLAR else (State.REFERENCE, State.REFMODIFIER)
        if self.state in leaves:
            self.pop()
        self.push()
        self.state = State.REFERENCE if kind is Kind.DOLLAR else State.PRE_DIRECTIVE

    def _open_index(self, _: Token) -> None:
        self.push()
        self.state = State.REFINDEX

    def _pop_state(self, _: Token) -> None:
        self.pop()

    def _open_parenthesis(self, _: Token) -> None:
        if not self._in_comment:
            self._lparen += 1
        if self.state is State.REFMODIFIER:
            self.state = State.ARGUMENTS

    def _close_parenthesis(self, _: Token) -> None:
        """Drop to the state below the one whose parenthesis this closes."""
        while not self._in_comment:
            if self._lparen > 0:
                if self._lparen == self._rparen + 1:
                    self.pop()
                else:
                    self._rparen += 1
                return
            if not self.pop():
                return

    def _close_arguments(self, _: Token) -> None:
        self.state = State.REFERENCE

    def _open_set(self, _: Token) -> None:
        if not self._in_comment:
            self.push()
            self.in_set = True
            self.state = State.DIRECTIVE
            self._lparen += 1

    def _open_line_comment(self, _: Token) -> None:
        if self._in_comment:
            return
        if self.state is State.REFERENCE:
            self.pop()
        self._in_comment = True
        self.push()
        self.state = State.IN_SINGLE_LINE_COMMENT

    def _close_comment(self, _: Token) -> None:
        self._in_comment = False
        self.pop()

    def _open_condition(self, _: Token) -> None:
        self.state = State.DIRECTIVE

    def _after_string(self, _: Token) -> None:
        if self.state is State.DIRECTIVE and not self.in_set and self._lparen == 0:
            self.pop()

    def _after_integer(self, token: Token) -> None:
        if token.image.endswith(".."):
            self.at -= 2
            token.end -= 2
            token.image = token.image[:-2]
        if self._lparen == 0 and not self.in_set and self.state not in (State.ARGUMENTS, State.REFINDEX):
            self.pop()

    def _after_float(self, _: Token) -> None:
        if self._lparen == 0 and not self.in_set and self.state is not State.ARGUMENTS:
            self.pop()

    def _after_dot(self, token: Token) -> None:
        self.at -= 1
        token.end -= 1
        token.image = "."
        self.state = State.REFMODIFIER

    _ACTIONS: ClassVar[dict[Kind, Callable[[Lexer, Token], None]]] = {
        Kind.INDEX_LBRACKET: _open_index,
        Kind.INDEX_RBRACKET: _pop_state,
        Kind.LPAREN: _open_parenthesis,
        Kind.RPAREN: _close_parenthesis,
        Kind.ARGUMENTS_RPAREN: _close_arguments,
        Kind.SET_DIRECTIVE: _open_set,
        Kind.SINGLE_LINE_COMMENT_START: _open_line_comment,
        Kind.SINGLE_LINE_COMMENT: _close_comment,
        Kind.FORMAL_COMMENT: _close_comment,
        Kind.MULTI_LINE_COMMENT: _close_comment,
        Kind.TEXTBLOCK: _close_comment,
        Kind.STRING_LITERAL: _after_string,
        Kind.END: _pop_state,
        Kind.ELSE_DIRECTIVE: _pop_state,
        Kind.IF_DIRECTIVE: _open_condition,
        Kind.ELSEIF_DIRECTIVE: _open_condition,
        Kind.INTEGER: _after_integer,
        Kind.FLOAT: _after_float,
        Kind.DOT: _after_dot,
        Kind.RCURLY: _pop_state,
    }
