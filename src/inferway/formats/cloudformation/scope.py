"""What the names in a template stand for."""

from collections.abc import Iterable, Mapping
from typing import Final

from inferway.formats.cloudformation.budget import Budget
from inferway.formats.cloudformation.parameters import Given, Parameter
from inferway.formats.cloudformation.pseudo import pseudo_parameters
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Node, Table
from inferway.formats.report import Report, nearest
from inferway.formats.resources import Environment, Provisioned

MOST_TEXT: Final = 1024 * 1024
"""Characters in one value."""

PLACEHOLDER: Final = "local::"
"""How a text starts that stands for a value that nobody here knows, and says whose."""

UNRESOLVED: Final = f"{PLACEHOLDER}unresolved"
"""Stands for a value that cannot be resolved, once that is reported."""

_OUTPUTS: Final = "Outputs."
"""How the attributes of a nested stack start."""


class Scope:
    """Names and their values, as far as they are settled; counts what is made, so that nothing grows without end.

    `prefix` is that of the names of a nested stack's resources, "" in the template that everything starts with. `asked`
    are the names under which stored values were looked for, `secret` is set by what is secret, and `extended` says that
    the template asks for the language extensions.
    """

    def __init__(
        self,
        environment: Environment,
        report: Report,
        exports: Mapping[str, object],
        given: Given,
        budget: Budget | None = None,
        prefix: str = "",
    ) -> None:
        self.report = report
        self.conditions: dict[str, bool] = {}
        self.parameters: dict[str, Parameter] = {}
        self.mappings: dict[str, Table] = {}
        self.exports = dict(exports)
        self.stacks = environment.stack_references
        self.region = environment.region
        self.given = given
        self.budget = budget or Budget()
        self.prefix = prefix
        self.secret = False
        self.extended = False
        self.asked: set[str] = set()
        self._pseudo = pseudo_parameters(environment)
        self._declared: frozenset[str] = frozenset()
        self._left_out: frozenset[str] = frozenset()
        self._made: dict[str, Provisioned | None] | None = None
        self._stacks: set[str] = set()
        self._extensions: set[str] = set()

    def declare(self, names: Iterable[str], left_out: Iterable[str] = ()) -> None:
        """Remember the resources' names, and which of them their conditions leave out."""
        self._declared, self._left_out = frozenset(names), frozenset(left_out)

    def open(self) -> None:
        """Let resources be referred to from here on; before, while the template is written out, there are none."""
        self._made = {}

    def settle(self, name: str, provisioned: Provisioned | None, *, stack: bool = False) -> None:
        """Remember what a resource was provisioned with; None for one of a type that nobody knows.

        A nested `stack` has its outputs as attributes, and no others.
        """
        if self._made is not None:
            self._made[name] = provisioned
        if stack:
            self._stacks.add(name)

    def spend(self, characters: int, at: Node) -> None:
        """Count what was made; raises SyntaxFault past the bound of a template."""
        self.budget.spend(characters, at)

    def need_extensions(self, what: str, at: Node) -> None:
        """Report, once, what only the language extensions have, where the template does not ask for them."""
        if not self.extended and what not in self._extensions:
            self._extensions.add(what)
            text = f"{what} needs `Transform: AWS::LanguageExtensions`; CloudFormation refuses the template without"
            self.report.warning(at, "no-language-extensions", text)

    def reference(self, name: str, at: Node) -> object:
        """Give what `Ref` gives; raises Unresolved."""
        if name in self._pseudo:
            return self._pseudo[name]
        parameter = self.parameters.get(name)
        if parameter is not None:
            if parameter.unsettled:
                raise Unresolved("", "", at)  # what is wrong with it is reported where it is declared
            self.secret = self.secret or parameter.secret
            if parameter.missing:
                text = f"the parameter store is not served; give {parameter.stored} a value among the parameters"
                self.report.warning(at, "unserved-parameter-store", text)
            return parameter.value
        provisioned = self._provisioned(name, at)
        return provisioned.id if provisioned is not None else f"{PLACEHOLDER}{self.prefix}{name}"

    def attribute(self, name: str, attribute: str, at: Node) -> object:
        """Give what `Fn::GetAtt` gives; a traceable placeholder where nobody models it. Raises Unresolved."""
        provisioned = self._provisioned(name, at)
        attributes = {} if provisioned is None else provisioned.attributes
        if provisioned is not None and attribute in attributes:
            self.secret = self.secret or attribute in provisioned.secrets
            return attributes[attribute]
        if name in self._stacks and attribute.startswith(_OUTPUTS):
            output, known = attribute.removeprefix(_OUTPUTS), [key.removeprefix(_OUTPUTS) for key in attributes]
            text = f"the nested stack {name} has no output {output!r}{nearest(output, known)}"
            raise Unresolved("undefined-name", text, at)
        placeholder = f"{PLACEHOLDER}{self.prefix}{name}::{attribute}"
        meant = nearest(attribute, attributes)
        text = f"the attribute {attribute} of {name} has no model here{meant}; the text {placeholder} stands for it"
        self.report.warning(at, "unmodelled-attribute", text)
        return placeholder

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
        if self._made is None:
            text = f"{name} is a resource, and there are none yet where conditions, loops and includes are settled"
            raise Unresolved("too-early", text, at)
        return self._made.get(name)
