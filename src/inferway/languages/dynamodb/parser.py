"""Reads operands, paths and conditions, after "Condition and filter expressions, operators, and functions"."""

from collections.abc import Callable
from typing import Final, TypeVar

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.lexer import Token, tokens
from inferway.languages.dynamodb.nodes import (
    Attribute,
    Between,
    Both,
    Call,
    Comparison,
    Condition,
    Constant,
    Either,
    Membership,
    Names,
    Negation,
    Operand,
    Path,
)
from inferway.languages.dynamodb.reserved import RESERVED
from inferway.languages.dynamodb.values import TYPES, compare, kind_of

_Read = TypeVar("_Read")
_COMPARATORS: Final = frozenset(("=", "<>", "<", "<=", ">", ">="))
_ORDERED: Final = frozenset(("S", "N", "B"))
_DEEPEST: Final = 100
_MOST_MEMBERS: Final = 100
_CONDITIONS: Final = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
}
_UPDATES: Final = {"if_not_exists": 2, "list_append": 2}
_FUNCTIONS: Final = {**_CONDITIONS, **_UPDATES, "size": 1}


class Parser:
    """Reads one expression from its start to its end."""

    def __init__(self, text: str, kind: str, names: Names) -> None:
        self.kind = kind
        self._text = text
        self._tokens = tokens(text, kind)
        self._at = 0
        self._names = names
        self._depth = 0

    def condition(self) -> Condition:
        """Read a whole condition; raises ExpressionError."""
        condition = self._either()
        self.expect_end()
        return condition

    def paths(self) -> tuple[Path, ...]:
        """Read a whole projection; raises ExpressionError."""
        paths = self.separated(self.path)
        self.expect_end()
        return paths

    @property
    def token(self) -> Token:
        """The token that is read next."""
        return self._tokens[self._at]

    def accept(self, text: str) -> bool:
        """Take a sign or a keyword if it is next."""
        token = self.token
        if token.text == text or (token.kind == "word" and token.text.upper() == text):
            self._at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Take a sign or a keyword; raises ExpressionError when another token is next."""
        if not self.accept(text):
            raise self.syntax_error()

    def expect_end(self) -> None:
        """Raise ExpressionError unless everything was read."""
        if self.token.kind != "end":
            raise self.syntax_error()

    def error(self, text: str) -> ExpressionError:
        """Give the error that names this expression's kind."""
        return ExpressionError(f"Invalid {self.kind}: {text}")

    def syntax_error(self) -> ExpressionError:
        """Give the error of a token that cannot stand where it does."""
        first = self._tokens[max(0, self._at - 1)]
        last = self._tokens[min(len(self._tokens) - 1, self._at + 1)]
        near = self._text[first.start : last.end].strip()
        return self.error(f'Syntax error; token: "{self.token.text}", near: "{near}"')

    def separated(self, read: Callable[[], _Read]) -> tuple[_Read, ...]:
        """Read one or more of something, with commas between."""
        found = [read()]
        while self.accept(","):
            found.append(read())
        return tuple(found)

    def path(self) -> Path:
        """Read a document path."""
        parts: list[str | int] = [self._element()]
        while True:
            if self.accept("."):
                parts.append(self._element())
            elif self.accept("["):
                if self.token.kind != "number":
                    raise self.syntax_error()
                parts.append(min(int(self._take().text[:9]), 2**31))
                self.expect("]")
            else:
                return tuple(parts)

    def operand(self) -> Operand:
        """Read a path, a value or a function."""
        token = self.token
        if token.kind == "value":
            return Constant(value=self.value())
        if token.kind == "word" and self._tokens[self._at + 1].text == "(":
            return self.call()
        if token.kind in {"word", "name"}:
            return Attribute(path=self.path())
        raise self.syntax_error()

    def value(self) -> dict[str, object]:
        """Read a placeholder of a value and give what it stands for."""
        if self.token.kind != "value":
            raise self.syntax_error()
        name = self._take().text
        if name not in self._names.values:
            raise self.error(
                f"An expression attribute value used in expression is not defined; attribute value: {name}"
            )
        self._names.used.add(name)
        return self._names.values[name]

    def call(self) -> Call:
        """Read a function with its operands."""
        name = self._take().text
        if name not in _FUNCTIONS:
            raise self.error(f"Invalid function name; function: {name}")
        is_update = self.kind == "UpdateExpression"
        if (name in _UPDATES) != is_update:
            where = "an update expression" if is_update else "a condition expression"
            raise self.error(f"The function is not allowed in {where}; function: {name}")
        self.expect("(")
        self._descend()
        operands = self.separated(self.operand)
        self._depth -= 1
        self.expect(")")
        if len(operands) != _FUNCTIONS[name]:
            raise self.error(
                "Incorrect number of operands for operator or function; "
                f"operator or function: {name}, number of operands: {len(operands)}"
            )
        self._check_operands(name, operands)
        return Call(name=name, operands=operands)

    def _check_operands(self, name: str, operands: tuple[Operand, ...]) -> None:
        if name != "list_append" and not isinstance(operands[0], Attribute) and name not in {"begins_with", "contains"}:
            raise self.error(f"Operator or function requires a document path; operator or function: {name}")
        last = operands[-1]
        if not isinstance(last, Constant):
            return
        kind = kind_of(last.value)
        if name == "attribute_type" and last.value.get("S") not in TYPES:
            if kind != "S":
                raise self.operand_type_error(name, kind)
            valid = ",".join(TYPES)
            raise self.error(f"Invalid attribute type name found; type: {last.value['S']}, valid types: {{{valid}}}")
        if (name == "begins_with" and kind not in {"S", "B"}) or (name == "list_append" and kind != "L"):
            raise self.operand_type_error(name, kind)

    def operand_type_error(self, operator: str, kind: str) -> ExpressionError:
        """Give the error of an operand whose type an operator does not take."""
        return self.error(
            f"Incorrect operand type for operator or function; operator or function: {operator}, operand type: {kind}"
        )

    def _element(self) -> str:
        token = self.token
        if token.kind == "name":
            self._at += 1
            if token.text not in self._names.names:
                raise self.error(
                    "An expression attribute name used in the document path is not defined; "
                    f"attribute name: {token.text}"
                )
            self._names.used.add(token.text)
            return self._names.names[token.text]
        if token.kind != "word":
            raise self.syntax_error()
        if token.text.upper() in RESERVED:
            raise self.error(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
        self._at += 1
        return token.text

    def _take(self) -> Token:
        token = self.token
        self._at += 1
        return token

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.error("The expression is nested too deeply;")

    def _either(self) -> Condition:
        condition = self._both()
        while self.accept("OR"):
            condition = Either(left=condition, right=self._both())
        return condition

    def _both(self) -> Condition:
        condition = self._negation()
        while self.accept("AND"):
            condition = Both(left=condition, right=self._negation())
        return condition

    def _negation(self) -> Condition:
        if not self.accept("NOT"):
            return self._simple()
        self._descend()
        condition = Negation(condition=self._negation())
        self._depth -= 1
        return condition

    def _simple(self) -> Condition:
        if self.accept("("):
            self._descend()
            condition = self._either()
            self._depth -= 1
            self.expect(")")
            return condition
        left = self.operand()
        if self.token.text in _COMPARATORS:
            return self._comparison(left)
        if self.accept("BETWEEN"):
            return self._between(left)
        if self.accept("IN"):
            return self._membership(left)
        if isinstance(left, Call) and left.name in _CONDITIONS:
            return left
        raise self.syntax_error()

    def _comparison(self, left: Operand) -> Comparison:
        operator = self._take().text
        right = self.operand()
        for operand in (left, right):
            self._must_have_a_value(operand)
            if operator not in {"=", "<>"} and isinstance(operand, Constant) and kind_of(operand.value) not in _ORDERED:
                raise self.operand_type_error(operator, kind_of(operand.value))
        return Comparison(operator=operator, left=left, right=right)

    def _between(self, operand: Operand) -> Between:
        low = self.operand()
        self.expect("AND")
        high = self.operand()
        if isinstance(low, Constant) and isinstance(high, Constant) and compare(low.value, high.value) == 1:
            raise self.error(
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
                f"lower bound operand: AttributeValue: {_shown(low)}, "
                f"upper bound operand: AttributeValue: {_shown(high)}"
            )
        return Between(operand=operand, low=low, high=high)

    def _membership(self, operand: Operand) -> Membership:
        self.expect("(")
        among = self.separated(self.operand)
        self.expect(")")
        if len(among) > _MOST_MEMBERS:
            raise self.error(
                "Incorrect number of operands for operator or function; "
                f"operator or function: IN, number of operands: {len(among) + 1}"
            )
        return Membership(operand=operand, among=among)

    def _must_have_a_value(self, operand: Operand) -> None:
        if isinstance(operand, Call) and operand.name in _CONDITIONS:
            raise self.error(
                f"The function is not allowed to be used this way in an expression; function: {operand.name}"
            )


def _shown(constant: Constant) -> str:
    kind, content = next(iter(constant.value.items()))
    return f"{{{kind}:{content}}}"
