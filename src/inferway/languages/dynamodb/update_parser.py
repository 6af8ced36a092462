"""Reads update expressions, after "Using update expressions in DynamoDB"."""

from typing import Final

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.nodes import Assignment, Change, Names, Operand, Path, Sum, Update
from inferway.languages.dynamodb.parser import Parser
from inferway.languages.dynamodb.paths import shown
from inferway.languages.dynamodb.values import kind_of

_SECTIONS: Final = ("SET", "REMOVE", "ADD", "DELETE")
_SETS: Final = frozenset(("SS", "NS", "BS"))


class UpdateParser(Parser):
    """Reads one update expression."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, "UpdateExpression", names)

    def update(self) -> Update:
        """Read the whole expression; raises ExpressionError."""
        sections: dict[str, tuple[object, ...]] = {}
        read = {"SET": self._assignment, "REMOVE": self.path, "ADD": self._addition, "DELETE": self._deletion}
        while self.token.kind != "end":
            name = next((name for name in _SECTIONS if self.accept(name)), "")
            if not name:
                raise self.syntax_error()
            if name in sections:
                raise self.error(f'The "{name}" section can only be used once in an update expression;')
            sections[name] = self.separated(read[name])
        update = Update(**{name.lower(): actions for name, actions in sections.items()})  # type: ignore[arg-type]  # each section's own kind
        check_overlaps(update.paths(), self.kind)
        return update

    def _assignment(self) -> Assignment:
        path = self.path()
        self.expect("=")
        value = self._operand_in_parentheses()
        for operator in ("+", "-"):
            if self.accept(operator):
                value = Sum(operator=operator, left=value, right=self._operand_in_parentheses())
                break
        return Assignment(path=path, value=value)

    def _operand_in_parentheses(self) -> Operand:
        if not self.accept("("):
            return self.operand()
        operand = self.operand()
        self.expect(")")
        return operand

    def _addition(self) -> Change:
        path, value = self.path(), self.value()
        if kind_of(value) not in _SETS | {"N"}:
            raise self.operand_type_error("ADD", kind_of(value))
        return Change(path=path, value=value)

    def _deletion(self) -> Change:
        path, value = self.path(), self.value()
        if kind_of(value) not in _SETS:
            raise self.operand_type_error("DELETE", kind_of(value))
        return Change(path=path, value=value)


def check_overlaps(paths: list[Path], kind: str) -> None:
    """Raise ExpressionError for paths of which one holds another, or that take one place for a list and a map."""
    for index, later in enumerate(paths):
        for earlier in paths[:index]:
            least = min(len(earlier), len(later))
            same = next((n for n in range(least) if earlier[n] != later[n]), least)
            if same == least:
                what = "overlap"
            elif same and isinstance(earlier[same], int) != isinstance(later[same], int):
                what = "conflict"
            else:
                continue
            raise ExpressionError(
                f"Invalid {kind}: Two document paths {what} with each other; "
                f"must remove or rewrite one of these paths; path one: {shown(earlier)}, path two: {shown(later)}"
            )
