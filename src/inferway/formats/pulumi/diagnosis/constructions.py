"""Checks the arguments with which a program makes the objects of an SDK."""

import ast
import re
from collections.abc import Callable, Iterable
from typing import Final

from inferway.faults import Severity
from inferway.formats.pulumi.diagnosis import suggestions
from inferway.formats.pulumi.diagnosis.likeness import nearest
from inferway.formats.pulumi.diagnosis.mistakes import MistakeList
from inferway.formats.pulumi.diagnosis.things import Instance, Scope, Text, Thing
from inferway.formats.pulumi.sdk import Declaration, Input, Kind, Module, Sdk

_OPTIONS: Final = frozenset({"resource_name", "opts", "args", "__props__"})
_OF_EVERY_MEMBER: Final = frozenset({"value", "name", "mro"})
# One tag with nothing beside it: `<arn:…>`, `<your-key>`; no XML, which closes its tags.
PLACEHOLDER: Final = re.compile(r"<[^<>\n/!?][^<>\n]*(?<!/)>")
_REGION, _ACCOUNT, _ARN_PARTS = 3, 4, 6

Value = Callable[[ast.expr, Scope, Input | None], Thing]
"""Reads an expression that is given for an input."""


class Constructions:
    """Calls of an SDK's classes, of one file."""

    def __init__(self, sdk: Sdk, mistakes: MistakeList, value: Value) -> None:
        self._sdk = sdk
        self._mistakes = mistakes
        self._value = value

    def construct(self, declared: Declaration, node: ast.Call, scope: Scope) -> Thing:
        """Check a call of a class or function; gives the object it makes, None for a function."""
        module = self._sdk.module(declared.module)
        for argument in node.args:
            self.look_for_placeholder(self._value(argument, scope, None))
        given: set[str] = set()
        for keyword in node.keywords:
            wanted = self._keyword(module, declared, keyword, given)
            self._given(module, wanted, keyword.value, scope)
        spread = any(keyword.arg is None for keyword in node.keywords)
        if not spread and declared.kind is not Kind.ENUMERATION:
            self._look_for_missing(declared, node, given)
        made = declared.kind in {Kind.RESOURCE, Kind.ARGUMENTS}
        return Instance(declared=declared, call=node) if made else None

    def member(self, declared: Declaration, node: ast.Attribute, expected: Input | None) -> None:
        """Check a member of an enumeration; `expected` says for what it is given."""
        name = node.attr
        if name in declared.members or name in _OF_EVERY_MEMBER or name.startswith("_"):
            return
        base = ast.unparse(node.value)
        module = self._sdk.module(declared.module)
        found: list[str] = []
        for kind in expected.types if expected and module else ():
            other = module.find(kind) if module else None
            if other is not None and other.kind is Kind.ENUMERATION and other.name != declared.name:
                path = base.rpartition(".")[0]
                found += [f"{path}.{kind}.{each}".lstrip(".") for each in nearest(name, other.members, most=1)]
        found += [f"{base}.{each}" for each in nearest(name, declared.members)]
        hint = f"; write {found[0]}" if found else f"; it has {_some(declared.members)}"
        others = f" (or {', '.join(found[1:])})" if found[1:] else ""
        self._mistakes.raising("unknown-member", f"{declared.name} has no member {name}{hint}{others}", node)

    def look_for_placeholder(self, thing: Thing) -> None:
        """Warn of a text that stands for a value someone still has to fill in."""
        value = thing.node.value if isinstance(thing, Text) else None
        if isinstance(thing, Text) and isinstance(value, str) and PLACEHOLDER.fullmatch(value):
            text = f"{value} is a placeholder; {filled_in(value)}"
            self._mistakes.silent(Severity.WARNING, "placeholder", text, thing.node)

    def _keyword(
        self, module: Module | None, declared: Declaration, keyword: ast.keyword, given: set[str]
    ) -> Input | None:
        """Note a keyword as given, and report one that the class does not take; gives what it is meant for."""
        name = keyword.arg
        if name is None or name in _OPTIONS or not declared.inputs:
            return None
        if name in declared.inputs:
            given.add(name)
            return declared.inputs[name]
        hint, meant = suggestions.for_argument(module, declared, name) if module else ("", None)
        self._mistakes.raising("unknown-argument", f"{declared.name} takes no {name}{hint}", keyword)
        if meant is not None:
            given.add(meant.name)
        return meant

    def _given(self, module: Module | None, wanted: Input | None, node: ast.expr, scope: Scope) -> None:
        if isinstance(node, ast.Dict) and wanted and wanted.keyed:
            one = Input(name=wanted.name, wire=wanted.wire, required=wanted.required, types=wanted.types)
            for value in node.values:
                self._given(module, one, value, scope)
            return
        if isinstance(node, ast.Dict) and module and wanted:
            classes = [held for kind in wanted.types if (held := module.find(kind)) and held.kind is Kind.ARGUMENTS]
            if len(classes) == 1 and not wanted.many:
                self._dictionary(module, classes[0], node, scope)
                return
        if isinstance(node, ast.List) and wanted and wanted.many:
            one = Input(name=wanted.name, wire=wanted.wire, required=wanted.required, types=wanted.types)
            for item in node.elts:
                self._given(module, one, item, scope)
            return
        self.look_for_placeholder(self._value(node, scope, wanted))

    def _dictionary(self, module: Module, declared: Declaration, node: ast.Dict, scope: Scope) -> None:
        """Check a dictionary that stands for an object of arguments; its keys may be spelt Pulumi's way too."""
        given: set[str] = set()
        by_wire = {held.wire: held for held in declared.inputs.values()}
        for key, value in zip(node.keys, node.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
            wanted = None if name is None else declared.inputs.get(name) or by_wire.get(name)
            if wanted is not None:
                given.add(wanted.name)
            elif name is not None and key is not None:
                hint, _ = suggestions.for_argument(module, declared, name)
                text = f"{declared.name} takes no {name}{hint}"
                self._mistakes.silent(Severity.WARNING, "unknown-argument", text, key)
            self._given(module, wanted, value, scope)
        missing = [] if None in node.keys else _missing(declared, given)
        if missing:
            text = f"{declared.name} needs {_listed(missing)}"
            self._mistakes.silent(Severity.ERROR, "missing-argument", text, node)

    def _look_for_missing(self, declared: Declaration, node: ast.Call, given: set[str]) -> None:
        most = 1 if declared.kind is Kind.RESOURCE else 0
        named = any(keyword.arg == "resource_name" for keyword in node.keywords)
        if declared.kind is Kind.RESOURCE and not node.args and not named:
            self._mistakes.raising("missing-name", f"{declared.name} needs a name as its first argument", node)
        whole = len(node.args) > most or any(keyword.arg == "args" for keyword in node.keywords)
        missing = [] if whole else _missing(declared, given)
        if missing:
            self._mistakes.raising("missing-argument", f"{declared.name} needs {_listed(missing)}", node)


def filled_in(placeholder: str) -> str:
    """Say what to write for a placeholder.

    An ARN is `arn:partition:service:region:account:resource`
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
    """
    parts = placeholder[1:-1].split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or parts[0] != "arn":
        return "write the value itself"
    parts[_REGION] = parts[_REGION] and "us-east-1"
    parts[_ACCOUNT] = parts[_ACCOUNT] and "000000000000"
    return f"write the ARN itself, such as {':'.join(parts)}, and bind it in inferway.toml"


def _missing(declared: Declaration, given: set[str]) -> list[Input]:
    return [needed for needed in declared.required() if needed.name not in given]


def _listed(inputs: Iterable[Input]) -> str:
    names = [f"{each.name} (of type {' or '.join(each.types)})" if each.types else each.name for each in inputs]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
