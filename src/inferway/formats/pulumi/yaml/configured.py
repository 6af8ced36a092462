"""The configuration of a stack as a program sees it: each value of the type that its declaration says."""

import json
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, SyntaxFault, Table, node_of
from inferway.formats.pulumi.configuration import qualified
from inferway.formats.pulumi.project import Project
from inferway.formats.pulumi.yaml.scope import Scope
from inferway.formats.pulumi.yaml.values import Value, failed, keyed, measured, spelt
from inferway.formats.report import Report

SECTIONS: Final = ("config", "configuration")
"""The second is what the language had in its beta."""

_DECLARES: Final = frozenset({"type", "default", "value", "secret", "items", "name"})
_JSON: Final = frozenset({"array", "object", "boolean", "integer", "number"})
_WRITTEN: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "object": dict,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class _Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a program says of one value; `default` is None where there is none."""

    kind: str
    default: Node | None
    secret: bool


def bind(scope: Scope, root: Table, project: Project, report: Report, *, checked: bool) -> None:
    """Give the scope the configuration: what the program declares, and what the stack sets beside it.

    Where the program stands in the project's file its section `config` was `checked` when that was read.
    """
    for section in SECTIONS:
        entry = root.entries.get(section)
        for key, held in entry.value.entries.items() if entry and isinstance(entry.value, Table) else ():
            silent = checked and section == SECTIONS[0]
            scope.bind(_named(project, key), _value(project, key, held, report, silent=silent))
    for whole, text in project.configuration.items():
        name = _named(project, whole)
        if scope.find(name) is None:
            node = Leaf(value=text, line=root.line, column=root.column)
            scope.bind(name, Value(node=node, size=len(text), secret=whole in project.secret_keys))


def _named(project: Project, key: str) -> str:
    return key.removeprefix(f"{project.name}:")


def _value(project: Project, key: str, entry: Entry, report: Report, *, silent: bool) -> Value:
    declared, whole = _declared(entry.value), qualified(project.name, key)
    secret = declared.secret or whole in project.secret_keys
    text = project.configuration.get(whole)
    if text is None and declared.default is not None:
        return Value(node=declared.default, size=measured(declared.default), secret=secret)
    if text is None:
        if not silent:
            told = f"the configuration {key} is declared without a default; set it in Pulumi.{project.stack}.yaml"
            report.error(entry, "missing-configuration", f"{told}, or as a parameter")
        return failed(entry)
    try:
        node = node_of(_typed(text, declared.kind), entry.line, entry.column)
    except (ValueError, SyntaxFault, RecursionError):
        if not silent or declared.kind == "number":  # the beta's type, which nobody else knows
            report.error(entry, "wrong-type", f"{key} must be of type {declared.kind}")
        return failed(entry)
    return Value(node=node, size=measured(node), secret=secret)


def _typed(text: str, kind: str) -> object:
    """Give a value as its type has it; raises ValueError for one of another type."""
    if kind not in _JSON:
        return text
    value = json.loads(text.lower() if kind == "boolean" else text)
    if not isinstance(value, _WRITTEN[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise ValueError(kind)
    return value


def _declared(node: Node) -> _Declared:
    if not isinstance(node, Table) or not node.entries.keys() & _DECLARES:
        return _Declared(kind=_kind(node), default=node, secret=False)
    default = next((held for each in ("default", "value") if (held := keyed(node, each)) is not None), None)
    kind = (spelt(keyed(node, "type") or Leaf(value=None, line=0, column=0)) or "").lower()
    kind = "" if kind == "dynamic" else kind
    kind = "array" if kind.startswith("list<") else "integer" if kind == "int" else kind
    secret = keyed(node, "secret")
    inferred = _kind(default) if default is not None else ""
    is_secret = isinstance(secret, Leaf) and secret.value is True
    return _Declared(kind=kind or inferred, default=default, secret=is_secret)


def _kind(node: Node) -> str:
    """Give the type of a default."""
    if isinstance(node, Sequence):
        return "array"
    if isinstance(node, Table):
        return "object"
    if isinstance(node.value, bool):
        return "boolean"
    return "number" if isinstance(node.value, int | float) else "string"
