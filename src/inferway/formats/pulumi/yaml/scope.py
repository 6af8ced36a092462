"""The names of a program, and what references to them give."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, node_of
from inferway.formats.pulumi.naming import placeholder
from inferway.formats.pulumi.sdk import Declaration
from inferway.formats.pulumi.yaml.interpolation import Access, Step
from inferway.formats.pulumi.yaml.suggestion import meant
from inferway.formats.pulumi.yaml.values import Value, failed, measured
from inferway.formats.report import Report, Standing

PULUMI: Final = "pulumi"
"""The name of what the program is told of its surroundings."""

_STAND_IN: Final = "local::"


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A resource that came to be; `key` is its name in the program, `region` what a provider says, "" for nothing."""

    key: str
    type: str
    urn: str
    id: str
    attributes: Mapping[str, object]
    inputs: Node
    secrets: frozenset[str] = frozenset()
    declared: Declaration | None = None
    region: str = ""


class Scope:
    """What every name stands for once it has been evaluated."""

    def __init__(self, report: Report, surroundings: Mapping[str, str]) -> None:
        self._report = report
        self._bound: dict[str, Value | Made] = {PULUMI: Value(node=node_of(surroundings, 0, 0))}

    def bind(self, name: str, value: Value | Made) -> None:
        """Give a name its value."""
        self._bound[name] = value

    def find(self, name: str) -> Value | Made | None:
        """Give what a name stands for; None for an unknown one."""
        return self._bound.get(name)

    def names(self) -> tuple[str, ...]:
        """Give all names."""
        return tuple(self._bound)

    def read(self, access: Access, at: Standing) -> Value:
        """Give the value of a reference that stands somewhere; reports one that leads to nothing."""
        bound = self._bound.get(access.name)
        if bound is None:
            escape = "" if (hint := meant(access.name, self._bound)) else "; for a text, write $${"
            text = f"{access} refers to {access.name}, which the program does not declare{hint}{escape}"
            self._report.error(at, "unknown-reference", text)
            return failed(at)
        if isinstance(bound, Made):
            return self._attribute(bound, access, at)
        if bound.failed:
            return failed(at)
        return self._walk(bound, access.steps, access, at)

    def _attribute(self, made: Made, access: Access, at: Standing) -> Value:
        if not access.steps:
            return Value(node=Leaf(value=made.id, line=at.line, column=at.column), size=len(made.id))
        first, rest = str(access.steps[0]), access.steps[1:]
        own = {"id": made.id, "urn": made.urn}
        given = made.attributes.get(first, own.get(first))
        if given is None:
            entry = made.inputs.entries.get(first) if isinstance(made.inputs, Table) else None
            if entry is None or made.declared is None or first in _outputs(made.declared):
                return self._missing(made, first, access, at)
            text = (
                f"{access} is an input that the provider does not give back: Pulumi refuses it; write the value itself"
            )
            self._report.warning(at, "input-read-as-output", text)
            whole = Value(node=entry.value, size=measured(entry.value), secret=first in made.secrets)
            return self._walk(whole, rest, access, at)
        if isinstance(given, str) and given.startswith(_STAND_IN):
            self._stands_in(made, first, access, at)
        node = node_of(given, at.line, at.column)
        return self._walk(Value(node=node, size=measured(node), secret=first in made.secrets), rest, access, at)

    def _missing(self, made: Made, name: str, access: Access, at: Standing) -> Value:
        known = {*made.attributes, "id", "urn", *_outputs(made.declared)}
        if made.declared is not None and name not in known:
            text = f"{made.key} ({made.type}) has no output {name}{meant(name, known)}"
            self._report.error(at, "unknown-output", text)
            return failed(at)
        self._stands_in(made, name, access, at)
        stand_in = placeholder(made.key, name)
        return Value(node=Leaf(value=stand_in, line=at.line, column=at.column), size=len(stand_in))

    def _stands_in(self, made: Made, name: str, access: Access, at: Standing) -> None:
        text = f"what {access} will be is known in the cloud only; here it is {placeholder(made.key, name)}"
        self._report.warning(at, "stand-in", text)

    def _walk(self, value: Value, steps: tuple[Step, ...], access: Access, at: Standing) -> Value:
        """Follow steps into a value. A short text takes the place of the reference, which is where it is used."""
        node = value.node
        for step in steps:
            if isinstance(node, Table) and str(step) in node.entries:
                node = node.entries[str(step)].value
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            elif value.unknown and node is value.node:
                stand_in = placeholder(value.unknown, str(step))
                return Value(node=Leaf(value=stand_in, line=at.line, column=at.column), size=len(stand_in))
            else:
                self._report.error(at, "unknown-step", f"{access} leads to nothing: {_why(node, step)}")
                return failed(at)
        size = value.size if node is value.node else measured(node)
        if isinstance(node, Leaf) and not node.block:
            node = Leaf(value=node.value, line=at.line, column=at.column)
        return msgspec.structs.replace(value, node=node, size=size)


def spot(leaf: Leaf, text: str, offset: int) -> Standing:
    """Give where an offset of a text stands: exact in a YAML block text, else where the text starts."""
    if not leaf.block:
        return leaf
    line = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    nothing: Node = Leaf(value=None, line=0, column=0)
    return Entry(line=leaf.line + line, column=leaf.column + column, value=nothing)


def _outputs(declared: Declaration | None) -> frozenset[str]:
    return frozenset(output.wire for output in declared.outputs.values()) if declared else frozenset()


def _why(node: Node, step: Step) -> str:
    if isinstance(node, Table) and isinstance(step, str):
        return f"there is no {step}{meant(step, node.entries)}"
    if isinstance(node, Sequence):
        return f"a list of {len(node.items)} has no [{step}]"
    return f"{step} is asked of {'a mapping' if isinstance(node, Table) else 'a value that has no parts'}"
