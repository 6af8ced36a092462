"""Tokens → syntax tree: the productions of Velocity 1.7's grammar, with its bounded lookahead.

How far a production looks ahead matters, because each token is cut in the lexical state of that moment.
https://velocity.apache.org/engine/1.7/vtl-reference.html
"""

from __future__ import annotations

from typing import Final

from inferway.languages.vtl import nodes
from inferway.languages.vtl.expression_parser import VALUE_KINDS, ExpressionParser
from inferway.languages.vtl.strings import unescaped_directive
from inferway.languages.vtl.tokens import Kind, State, Token

_TEXT_KINDS: Final = frozenset(
    {
        *(Kind.TEXT, Kind.DOT, Kind.RPAREN, Kind.LPAREN, Kind.INTEGER, Kind.FLOAT, Kind.STRING_LITERAL),
        *(Kind.ESCAPE, Kind.LCURLY, Kind.RCURLY, Kind.EMPTY_INDEX),
    }
)
_COMMENT_KINDS: Final = frozenset({Kind.SINGLE_LINE_COMMENT_START, Kind.MULTI_LINE_COMMENT, Kind.FORMAL_COMMENT})
_STATEMENT_KINDS: Final = frozenset(
    {
        *(Kind.IF_DIRECTIVE, Kind.IDENTIFIER, Kind.TEXTBLOCK, Kind.SET_DIRECTIVE, Kind.ESCAPE_DIRECTIVE),
        *(Kind.DOUBLE_ESCAPE, Kind.WORD, Kind.BRACKETED_WORD),
        *_TEXT_KINDS,
        *_COMMENT_KINDS,
    }
)
_ARGUMENT_KINDS: Final = VALUE_KINDS | {Kind.WORD}
_CONTROL_KINDS: Final = frozenset({Kind.IF_DIRECTIVE, Kind.ELSE_DIRECTIVE, Kind.ELSEIF_DIRECTIVE, Kind.END})
_BLOCK_DIRECTIVES: Final = frozenset({"foreach", "define", "macro", "literal"})


class Parser(ExpressionParser):
    """Parses one source into a block of statements."""

    def parse(self) -> nodes.Block:
        """The whole template. Raises VtlError."""
        statements = self._statements()
        self._take(Kind.EOF)
        if self._late_error is not None:
            raise self._late_error
        return nodes.Block(statements=statements)

    # Statements

    def _statements(self) -> tuple[nodes.Statement, ...]:
        self._enter()
        found: list[nodes.Statement] = []
        while self._peek() in _STATEMENT_KINDS:
            statement = self._statement()
            if statement is not None:
                found.append(statement)
        self._leave()
        return tuple(found)

    def _block(self) -> nodes.Block:
        return nodes.Block(statements=self._statements())

    def _statement(self) -> nodes.Statement | None:
        kind = self._peek()
        if kind is Kind.IF_DIRECTIVE:
            return self._if_statement()
        if kind is Kind.IDENTIFIER or (kind is Kind.LCURLY and self._peek(1) is Kind.IDENTIFIER):
            return self._reference()
        if kind in _COMMENT_KINDS:
            return self._comment()
        if kind is Kind.TEXTBLOCK:
            return nodes.Text(text=self._advance().image[3:-3])
        if kind is Kind.SET_DIRECTIVE:
            return self._set_directive()
        if kind is Kind.ESCAPE_DIRECTIVE:
            return self._escaped_directive()
        if kind is Kind.DOUBLE_ESCAPE:
            return self._escape()
        if kind in (Kind.WORD, Kind.BRACKETED_WORD):
            return self._directive()
        return nodes.Text(text=self._advance().literal())

    def _comment(self) -> nodes.Statement | None:
        token = self._advance()
        if token.kind is Kind.SINGLE_LINE_COMMENT_START:
            self._skip(Kind.SINGLE_LINE_COMMENT)
        # Text that ran into the comment ("$## …") still prints.
        ends = [at for at in (token.image.find("##"), token.image.find("#*")) if at >= 0]
        prefix = token.image[: ends[0]] if ends else ""
        return nodes.Text(text=prefix) if prefix else None

    def _escaped_directive(self) -> nodes.Statement:
        token = self._advance()
        known = self._profile.directives | self._macros
        return nodes.Text(text=unescaped_directive(token.image, known))

    def _escape(self) -> nodes.Statement:
        count = 0
        while self._peek() is Kind.DOUBLE_ESCAPE:
            self._advance()
            count += 1
        following = self._tokens[self._next]
        name = following.image[1:]
        control = following.kind in _CONTROL_KINDS or name in self._profile.directives or name in self._macros
        return nodes.Text(text=("\\" if control else "\\\\") * count)

    def _if_statement(self) -> nodes.Statement:
        place = self._place(self._advance().begin)
        branches = [self._condition()]
        while self._peek() is Kind.ELSEIF_DIRECTIVE:
            token = self._advance()
            branches.append(self._condition())
            self._check_parts(len(branches) - 1, token)
        otherwise = nodes.Block(statements=())
        if self._peek() is Kind.ELSE_DIRECTIVE:
            self._advance()
            otherwise = self._block()
        self._end_of("#if", place)
        return nodes.If(branches=tuple(branches), otherwise=otherwise, place=place)

    def _end_of(self, directive: str, place: nodes.Place) -> None:
        """Take the `#end` of a directive; without it, say whose it is, where Velocity says only that the text ended."""
        if self._peek() is Kind.EOF:
            self._unexpected(f": the {directive} in line {place.line} of the template has no #end")
        self._take(Kind.END)

    def _condition(self) -> tuple[nodes.Expression, nodes.Block]:
        self._skip(Kind.WHITESPACE)
        self._take(Kind.LPAREN)
        condition = self._expression()
        self._take(Kind.RPAREN)
        return condition, self._block()

    def _set_directive(self) -> nodes.Statement:
        place = self._place(self._advance().begin)
        self._skip(Kind.WHITESPACE)
        target = self._reference()
        self._skip(Kind.WHITESPACE)
        self._take(Kind.EQUALS)
        value = self._expression()
        self._take(Kind.RPAREN)
        self._lexer.in_set = False
        return nodes.Set(target=target, value=value, place=place)

    # Directives

    def _directive(self) -> nodes.Statement:
        first = self._next
        token = self._advance()
        name = token.image[2:-1] if token.kind is Kind.BRACKETED_WORD else token.image[1:]
        known = name in self._profile.directives
        if name == "macro" and not known and not self._profile.macros:
            raise self._error("#macro is not supported here", token.begin)
        self._lexer.state = State.DIRECTIVE
        if not self._lexer.left_parenthesis_follows():
            if name == "macro":
                raise self._error("A macro declaration requires at least a name argument", token.begin)
            self._lexer.pop()
            return self._line_directive(name, token, (), first)
        arguments = self._directive_arguments(name)
        block = name in _BLOCK_DIRECTIVES if known else name.startswith("@")
        if not block:
            return self._line_directive(name, token, arguments, first)
        return self._block_directive(name, token, arguments, first)

    def _directive_arguments(self, name: str) -> tuple[nodes.Expression, ...]:
        self._skip(Kind.WHITESPACE)
        opening = self._take(Kind.LPAREN)
        arguments: list[nodes.Expression] = []
        while self._argument_follows():
            self._skip(Kind.WHITESPACE)
            if self._peek() is Kind.COMMA:
                self._advance()
                self._skip(Kind.WHITESPACE)
            start = self._next
            argument = self._directive_argument()
            self._check_argument(name, argument, len(arguments), opening)
            if name == "evaluate" and name in self._profile.directives:
                self._check_evaluated(argument, len(arguments), self._tokens[start].begin)
            arguments.append(argument)
        self._skip(Kind.WHITESPACE)
        self._take(Kind.RPAREN)
        if name == "macro":
            self._check_macro(arguments, opening)
        return tuple(arguments)

    def _check_argument(self, name: str, argument: nodes.Expression, position: int, opening: Token) -> None:
        if isinstance(argument, nodes.Word):
            if name == "macro" and position == 0:
                return
            is_macro = self._profile.macros and name in self._macros
            wrong = name in self._profile.directives and not (name == "foreach" and position == 1)
            if is_macro or wrong:
                raise self._error(f"Invalid arg #{position} in #{name}", opening.begin)
        elif name == "macro" and position == 0:
            raise self._error("Invalid first arg in #macro() directive: must be a word", opening.begin)

    def _check_evaluated(self, argument: nodes.Expression, position: int, offset: int) -> None:
        if position:
            raise self._error("#evaluate() requires exactly one argument", offset)
        text = isinstance(argument, nodes.Constant) and isinstance(argument.value, str)
        if not text and not isinstance(argument, nodes.Reference | nodes.Interpolation):
            raise self._error("#evaluate() argument must be a string literal or reference", offset)

    def _check_macro(self, arguments: list[nodes.Expression], opening: Token) -> None:
        if not arguments:
            raise self._error("First argument to #macro() must be the macro name", opening.begin)

    def _argument_follows(self) -> bool:
        kind = self._peek()
        if kind is Kind.WHITESPACE:
            return self._peek(1) is Kind.COMMA or self._peek(1) in _ARGUMENT_KINDS
        if kind is Kind.COMMA:
            return self._peek(1) is Kind.WHITESPACE or self._peek(1) in _ARGUMENT_KINDS
        return kind in _ARGUMENT_KINDS and self._begins_value(kind)

    def _directive_argument(self) -> nodes.Expression:
        if self._peek() is Kind.WORD:
            first = self._next
            token = self._advance()
            return nodes.Word(text=token.image, literal=self._literal(first))
        return self._value()

    def _line_directive(
        self, name: str, token: Token, arguments: tuple[nodes.Expression, ...], first: int
    ) -> nodes.Statement:
        place = self._place(token.begin)
        if name not in self._profile.directives:
            return nodes.MacroCall(name=name, arguments=arguments, body=None, literal=self._literal(first), place=place)
        if name == "break":
            self._at_most_one(name, arguments, token)
            return nodes.Break(scope=arguments[0] if arguments else None, place=place)
        if name == "stop":
            return nodes.Stop(place=place)
        if name == "return":
            self._at_most_one(name, arguments, token)
            return nodes.Return(value=arguments[0] if arguments else None, place=place)
        if name == "evaluate":
            return self._evaluate(arguments, token)
        if name in ("include", "parse"):
            return nodes.Include(name=name, arguments=arguments, place=place)
        self._fail_late(f"#{name} needs arguments", token.begin)
        return nodes.Text(text="")

    def _at_most_one(self, name: str, arguments: tuple[nodes.Expression, ...], token: Token) -> None:
        if len(arguments) > 1:
            raise self._error(f"#{name} takes at most one argument", token.begin)

    def _evaluate(self, arguments: tuple[nodes.Expression, ...], token: Token) -> nodes.Statement:
        if len(arguments) != 1:
            raise self._error("#evaluate() requires exactly one argument", token.begin)
        return nodes.Evaluate(source=arguments[0], place=self._place(token.begin))

    def _block_directive(
        self, name: str, token: Token, arguments: tuple[nodes.Expression, ...], first: int
    ) -> nodes.Statement:
        place = self._place(token.begin)
        start = self._next
        body = self._block()
        end = self._next
        self._end_of(f"#{name}", place)
        if name == "literal":
            return nodes.Text(text="".join(each.literal() for each in self._tokens[start:end]))
        if name == "foreach":
            return self._foreach(arguments, body, token)
        if name == "define":
            return self._define(arguments, body, token)
        if name == "macro":
            return self._macro(arguments, body, token)
        return nodes.MacroCall(name=name[1:], arguments=arguments, body=body, literal=self._literal(first), place=place)

    def _foreach(self, arguments: tuple[nodes.Expression, ...], body: nodes.Block, token: Token) -> nodes.Statement:
        if len(arguments) < 2:
            self._fail_late("#foreach needs a variable, a word and a source", token.begin)
        if len(arguments) <= 2:
            # Velocity takes the block for the source here, which has no value: nothing prints.
            return nodes.Text(text="")
        if len(arguments) > 3:
            extra = arguments[3]
            body = nodes.Block(statements=(extra,) if isinstance(extra, nodes.Reference) else ())
        return nodes.Foreach(
            variable=_variable_name(arguments[0]), source=arguments[2], body=body, place=self._place(token.begin)
        )

    def _define(self, arguments: tuple[nodes.Expression, ...], body: nodes.Block, token: Token) -> nodes.Statement:
        if len(arguments) != 1:
            self._fail_late("#define needs exactly one name", token.begin)
            return nodes.Text(text="")
        return nodes.Define(name=_variable_name(arguments[0]), body=body, place=self._place(token.begin))

    def _macro(self, arguments: tuple[nodes.Expression, ...], body: nodes.Block, token: Token) -> nodes.Statement:
        name = arguments[0].literal
        self._macros.add(name)
        return nodes.Macro(
            name=name,
            parameters=tuple(_variable_name(each) for each in arguments[1:]),
            body=body,
            place=self._place(token.begin),
        )


def _variable_name(argument: nodes.Expression) -> str:
    """The name that a directive's first argument gives: of a reference its root, else its text without the `$`."""
    return argument.root if isinstance(argument, nodes.Reference) else argument.literal[1:]
