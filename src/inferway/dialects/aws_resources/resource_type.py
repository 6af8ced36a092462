"""What a type of AWS resource is provisioned with: its physical name, its ARN, and its attributes in both spellings.

Sources: the "Return values" of each type in the CloudFormation Template Reference, and the outputs of pulumi-aws
(https://www.pulumi.com/registry/packages/aws/api-docs/).
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.cloudformation.pseudo import partition_of
from inferway.formats.resources import Environment, Provisioned, Resource

_UNFIT: Final = re.compile(r"[^A-Za-z0-9_./-]+")
_PART: Final = re.compile(r"\{(\w+)\}")


class ResourceType(msgspec.Struct, frozen=True, kw_only=True):
    """A type under its names in CloudFormation and Pulumi ("" where one has none).

    `named` is the property that holds the physical name, in each spelling; without it a name is made of `length`
    characters at most. The values of `reference` (CloudFormation's `Ref`), `id` (Pulumi's) and all attributes are texts
    in which `{name}`, `{arn}`, `{random}`, `{logical}`, `{partition}`, `{region}`, `{account}` and any property of the
    resource as it is spelled stand for their values.
    """

    cloudformation: str = ""
    pulumi: str = ""
    named: tuple[str, str] = ("", "")
    length: int = 64
    random: int = 10
    arn: str = ""
    reference: str = "{name}"
    id: str = "{name}"
    attributes: Mapping[str, str] = {}
    outputs: Mapping[str, str] = {}

    def provision(self, resource: Resource, environment: Environment) -> Provisioned:
        """Give the identifier and the attributes of a resource of this type."""
        pulumi = resource.type == self.pulumi
        words = self._words(resource, environment, self.named[pulumi])
        attributes = self.outputs if pulumi else self.attributes
        made: dict[str, object] = {key: _filled(text, words) for key, text in attributes.items()}
        if pulumi and self.named[1]:
            made.setdefault(self.named[1], words["name"])
        return Provisioned(id=_filled(self.id if pulumi else self.reference, words), attributes=made)

    def _words(self, resource: Resource, environment: Environment, named: str) -> dict[str, str]:
        words = {key: value for key, value in resource.properties.items() if isinstance(value, str)}
        unique = f"{environment.stack}/{resource.name}"
        given = resource.properties.get(named) if named else None
        words |= {
            "logical": resource.name,
            "partition": partition_of(environment.region),
            "region": environment.region,
            "account": environment.account,
            "random": environment.identifier(self.cloudformation or self.pulumi, unique, self.random),
        }
        name = given if isinstance(given, str) and given else self._name(resource, environment)
        words["name"] = name
        words["arn"] = _filled(self.arn, words)
        return words

    def _name(self, resource: Resource, environment: Environment) -> str:
        """Make a name as the formats do: CloudFormation of the stack's, the logical one and twelve characters."""
        pulumi = resource.type == self.pulumi
        unique = environment.identifier("name", f"{resource.type}/{environment.stack}/{resource.name}", 12)
        ending = f"-{unique[:7]}" if pulumi else f"-{unique.upper()}"
        start = resource.name if pulumi else f"{environment.stack}-{resource.name}"
        return _UNFIT.sub("-", start)[: self.length - len(ending)] + ending


def table(types: tuple[ResourceType, ...]) -> dict[str, ResourceType]:
    """Give the types by each of their names."""
    return {name: kind for kind in types for name in (kind.cloudformation, kind.pulumi) if name}


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Replace each `{word}` once; what is put in is not read again."""
    return _PART.sub(lambda found: words.get(found[1], ""), text)
