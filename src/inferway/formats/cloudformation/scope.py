"""What the names in a template stand for."""

from collections.abc import Iterable, Mapping
from typing import Final

from inferway.formats.cloudformation.parameters import Parameter
from inferway.formats.cloudformation.pseudo import pseudo_parameters
from inferway.formats.cloudformation.report import Report, Unresolved, nearest
from inferway.formats.nodes import Node, SyntaxFault, Table
from inferway.formats.resources import Environment, Provisioned

MOST_CHARACTERS: Final = 32 * 1024 * 1024
"""Characters in all values of a template, resolved: some thirty times what the service takes as a template."""

MOST_TEXT: Final = 1024 * 1024
"""Characters in one value."""

UNRESOLVED: Final = "local::unresolved"
"""Stands for a value that cannot be resolved, once that is reported."""


class Scope:
    """Names and their values, as far as they are settled; counts what is made, so that nothing grows without end."""

    def __init__(self, environment: Environment, report: Report, exports: Mapping[str, object]) -> None:
        self.report = report
        self.conditions: dict[str, bool] = {}
        self.parameters: dict[str, Parameter] = {}
        self.mappings: dict[str, Table] = {}
        self.exports = exports
        self.region = environment.region
        self.secret = False
        self._pseudo = pseudo_parameters(environment)
        self._declared: frozenset[str] = frozenset()
        self._left_out: frozenset[str] = frozenset()
        self._made: dict[str, Provisioned | None] = {}
        self._spent = 0

    def declare(self, names: Iterable[str], left_out: Iterable[str]) -> None:
        """Remember the resources' names, and which of them their conditions leave out."""
        self._declared, self._left_out = frozenset(names), frozenset(left_out)

    def settle(self, name: str, provisioned: Provisioned | None) -> None:
        """Remember what a resource was provisioned with; None for one of a type that nobody knows."""
        self._made[name] = provisioned

    def spend(self, characters: int, at: Node) -> None:
        """Count what was made; raises SyntaxFault past the bound of a template."""
        self._spent += characters + 1
        if self._spent > MOST_CHARACTERS:
            text = f"the template resolves to more than {MOST_CHARACTERS // 1024 // 1024} million characters"
            raise SyntaxFault("too-large", text, at.line, at.column)

    def reference(self, name: str, at: Node) -> object:
        """Give what `Ref` gives; raises Unresolved."""
        if name in self._pseudo:
            return self._pseudo[name]
        parameter = self.parameters.get(name)
        if parameter is not None:
            self.secret = self.secret or parameter.secret
            if parameter.stored:
                text = f"the parameter store is not served; give {parameter.stored} a value among the parameters"
                self.report.warning(at, "unserved-parameter-store", text)
            return parameter.value
        provisioned = self._provisioned(name, at)
        return provisioned.id if provisioned is not None else f"local::{name}"

    def attribute(self, name: str, attribute: str, at: Node) -> object:
        """Give what `Fn::GetAtt` gives; a traceable placeholder where nobody models it. Raises Unresolved."""
        provisioned = self._provisioned(name, at)
        placeholder = f"local::{name}::{attribute}"
        if provisioned is None:
            return placeholder
        if attribute not in provisioned.attributes:
            text = f"the attribute {attribute} of {name} is not modelled; {placeholder} stands for it"
            self.report.note(at, "unmodelled-attribute", text)
            return placeholder
        self.secret = self.secret or attribute in provisioned.secrets
        return provisioned.attributes[attribute]

    def condition(self, name: str, at: Node) -> bool:
        """Give whether a condition holds; raises Unresolved."""
        if name not in self.conditions:
            text = f"no condition has the name {name!r}{nearest(name, self.conditions)}"
            raise Unresolved("undefined-condition", text, at)
        return self.conditions[name]

    def _provisioned(self, name: str, at: Node) -> Provisioned | None:
        if name in self._left_out:
            raise Unresolved("undefined-name", f"{name} is left out by its condition, and something refers to it", at)
        if name not in self._declared:
            known = [*self._declared, *self.parameters, *self._pseudo]
            raise Unresolved("undefined-name", f"nothing has the name {name!r}{nearest(name, known)}", at)
        return self._made.get(name)
