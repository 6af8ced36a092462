"""What a module's source binds, read as text."""

import ast
from collections.abc import Iterator


def names_of(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """Give the names that a module's statements bind, with their lines; `*` stands for a star import."""
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield statement.name, statement.lineno
            case ast.Import() | ast.ImportFrom():
                for alias in statement.names:
                    yield alias.asname or alias.name, statement.lineno
            case ast.Assign() | ast.AnnAssign():
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                for node in (node for target in targets for node in ast.walk(target)):
                    if isinstance(node, ast.Name):
                        yield node.id, statement.lineno
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                for block in _blocks(statement):
                    yield from names_of(block)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        yield getattr(statement, field, [])
    for handler in getattr(statement, "handlers", []):
        yield handler.body
