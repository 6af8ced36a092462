"""Nested stacks: a resource that is a template of its own, with its parameters.

Source: CloudFormation Template Reference, "AWS::CloudFormation::Stack" (TemplateURL, Parameters; `Ref` gives the
stack's ARN, `Outputs.Name` are its attributes).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.cloudformation import dynamic_references
from inferway.formats.cloudformation.arguments import Resolver
from inferway.formats.cloudformation.budget import Budget
from inferway.formats.cloudformation.local_files import LocalFiles
from inferway.formats.cloudformation.parameters import Given
from inferway.formats.cloudformation.pseudo import pseudo_parameters
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Node, Sequence, Table
from inferway.formats.report import Report
from inferway.formats.resources import LOCAL_PATH, Environment, Provisioned

NESTED: Final = "AWS::CloudFormation::Stack"

MOST_DEPTH: Final = 20
"""Stacks in one another."""


Prepare = Callable[[Path, Table, Given, Environment, Report], Table]
"""Gives a nested template as it is built, such as one that is written in a language of its own; the Given is what the
stack is given. Raises SyntaxFault."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a stack stands in, beside its environment.

    `chain` are the templates above it, `prefix` is put before its resources' names, `given` is what it is given (None:
    what the environment holds). `located` are files here by the last part of the URLs that they are to have. Of several
    stacks that share an environment, a parameter is not a mistake where one of them does not know it: `sharing`.
    `prepare` makes of a nested template's file what is built.
    """

    chain: tuple[Path, ...] = ()
    prefix: str = ""
    given: Given | None = None
    located: Mapping[str, Path] = {}
    budget: Budget | None = None
    sharing: bool = False
    prepare: Prepare | None = None


def template_of(properties: Table, located: Mapping[str, Path], files: LocalFiles) -> Path | None:
    """Give a nested stack's template, where it is here; the paths in `properties` are located."""
    url = part(properties, "TemplateURL")
    if url is None:
        return None
    local = text_of(part(url, LOCAL_PATH))
    if local is not None:
        return Path(local)
    known = located.get((text_of(url) or "").rpartition("/")[2])
    return None if known is None else files.find(str(known.absolute()), url, folders=False)


def parameters_of(node: Node | None, resolver: Resolver) -> Given:
    """Resolve the parameters that a stack is given; a list, which the service refuses there, is reported."""
    scope = resolver.scope
    values, secrets, outer = {}, set(), scope.secret
    entries = node.entries if isinstance(node, Table) else {}
    for name, entry in entries.items():
        scope.secret = False
        made = dynamic_references.settle(resolver.resolve(entry.value), scope)
        if scope.secret:
            secrets.add(name)
        text = text_of(made)
        if isinstance(made, Sequence):
            text = ",".join(text_of(item) or "" for item in made.items)
            scope.report.error(entry, "bad-parameter-value", f"the parameter {name} must be a text; join the list")
        elif text is None and made is not None:
            scope.report.error(entry, "bad-parameter-value", f"the parameter {name} must be a text")
        if text is not None:
            values[name] = text
    scope.secret = outer
    return Given(parameters=values, secrets=frozenset(secrets), stored=scope.given.stored)


def environment_of(name: str, parent: Environment) -> Environment:
    """Give the environment of a nested stack, which is named after the one that it is in."""
    unique = parent.identifier("stack", f"{parent.stack}/{name}", 12).upper()
    return msgspec.structs.replace(parent, stack=f"{parent.stack}-{name}-{unique}")


def provisioned(environment: Environment, outputs: Mapping[str, object], secrets: frozenset[str]) -> Provisioned:
    """Give what a nested stack is to the template around it."""
    return Provisioned(
        id=str(pseudo_parameters(environment)["AWS::StackId"]),
        attributes={f"Outputs.{name}": value for name, value in outputs.items()},
        secrets=frozenset(f"Outputs.{name}" for name in secrets),
    )
