"""What a type of AWS resource is provisioned with: its physical name, its ARN, and its attributes in both spellings.

Sources: the "Return values" of each type in the CloudFormation Template Reference, and the outputs of pulumi-aws
(https://www.pulumi.com/registry/packages/aws/api-docs/).
"""

import hashlib
import re
import uuid
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.backends.function_names import function_name_of
from inferway.faults import Severity
from inferway.formats.cloudformation.pseudo import partition_of
from inferway.formats.resources import Coverage, Environment, Provisioned, Resource

_UNFIT: Final = re.compile(r"[^A-Za-z0-9_./-]+")
_PART: Final = re.compile(r"\{([\w|]+(?:=[^{}]*)?)\}")
_FUNCTION: Final = ("FunctionName", "functionName")


class ResourceType(msgspec.Struct, frozen=True, kw_only=True):
    """A type under its names in CloudFormation and Pulumi ("" where one has none), and what is made of it.

    `also` are further names of Pulumi's for the same. `named` is the property that holds the physical name, in each
    spelling; without it a name is made of `length` characters at most, in lower case where `lower` says so, and by
    CloudFormation of letters and digits alone where `plain` does. The texts
    in `reference` (CloudFormation's `Ref`), `id` (Pulumi's) and all attributes, also those in lists and mappings, may
    hold `{name}`, `{arn}`, `{random}`, `{upper}` (the random ones in upper case), `{uuid}`, `{hex}` (17 digits),
    `{logical}`, `{slashed}` (the name after a slash), `{partition}`, `{suffix}`, `{region}`, `{account}`, `{function}`
    (the bare name of the function that a property names), `{version}` (that of a function), and any text property of
    the resource as it is spelled; `{one|other=literal}` stands for the first of them that there is.

    `secrets` are attributes that are told to their owner only. `reason` says in a line what is read of the type, or
    what happens instead where it is ignored, which is reported with `severity`.
    """

    cloudformation: str = ""
    pulumi: str = ""
    also: tuple[str, ...] = ()
    named: tuple[str, str] = ("", "")
    length: int = 64
    random: int = 10
    lower: bool = False
    plain: bool = False
    arn: str = ""
    reference: str = "{name}"
    id: str = "{name}"
    attributes: Mapping[str, object] = {}
    outputs: Mapping[str, object] = {}
    secrets: tuple[str, ...] = ()
    coverage: Coverage = Coverage.READ
    severity: Severity = Severity.WARNING
    reason: str = ""

    def provision(self, resource: Resource, environment: Environment) -> Provisioned:
        """Give the identifier and the attributes of a resource of this type.

        In Pulumi every resource has its Region, its tags with the provider's, and its ARN where its type has one.
        """
        pulumi = is_pulumi(resource)
        words = self._words(resource, environment, self.named[pulumi])
        attributes = self.outputs if pulumi else self.attributes
        made = {key: _filled(value, words) for key, value in attributes.items()}
        if pulumi:
            made.setdefault("region", words["region"])
            made.setdefault("tagsAll", resource.properties.get("tags") or {})
            if self.named[1]:
                made.setdefault(self.named[1], words["name"])
            if self.arn:
                made.setdefault("arn", words["arn"])
        secrets = frozenset(key for key in self.secrets if key in made)
        made_id = str(_filled(self.id if pulumi else self.reference, words))
        return Provisioned(id=made_id or words["name"], attributes=made, secrets=secrets)

    def _words(self, resource: Resource, environment: Environment, named: str) -> dict[str, str]:
        words = {key: value for key, value in resource.properties.items() if isinstance(value, str) and value}
        unique = f"{environment.stack}/{resource.name}"
        given = resource.properties.get(named) if named else None
        region = words.get("region", environment.region) if is_pulumi(resource) else environment.region
        partition = partition_of(region)
        digest = hashlib.sha256(f"{resource.type}\0{unique}".encode()).digest()
        random = environment.identifier(self.cloudformation or self.pulumi, unique, self.random)
        words |= {
            "logical": resource.name,
            "partition": partition,
            "suffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
            "region": region,
            "account": environment.account,
            "random": random,
            "upper": random.upper(),
            "uuid": str(uuid.UUID(bytes=digest[:16], version=4)),
            "hex": digest.hex()[:17],
            "version": "1" if resource.properties.get("publish") is True else "$LATEST",
        }
        words["function"] = next((function_name_of(words[key]) for key in _FUNCTION if key in words), "")
        words["name"] = given if isinstance(given, str) and given else self._name(resource, environment)
        words["slashed"] = f"/{words['name'].lstrip('/')}"
        words["arn"] = str(_filled(self.arn, words))
        return words

    def _name(self, resource: Resource, environment: Environment) -> str:
        """Make a name as the formats do: CloudFormation of the stack's, the logical one and twelve characters."""
        pulumi = is_pulumi(resource)
        unique = environment.identifier("name", f"{resource.type}/{environment.stack}/{resource.name}", 12)
        ending = f"-{unique[:7]}" if pulumi else f"-{unique.upper()}"
        # A nested stack's resources are told apart by its name before theirs, with a dot, which functions may not have.
        start = resource.name if pulumi else f"{environment.stack}-{resource.name.rpartition('.')[2]}"
        made = _UNFIT.sub("-", start)[: self.length - len(ending)] + ending
        if self.plain and not pulumi:
            made = re.sub("[^A-Za-z0-9]", "", made)
        return made.lower() if self.lower else made


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What the types of a service have in common: the prefixes of their names, and what is made of them."""

    cloudformation: str
    pulumi: str
    reason: str
    coverage: Coverage = Coverage.READ
    severity: Severity = Severity.WARNING

    def types(self, *kinds: ResourceType) -> tuple[ResourceType, ...]:
        """Complete the names of types, which are given as their classes' (`Function`), and what is made of them."""
        return tuple(self._completed(kind) for kind in kinds)

    def _completed(self, kind: ResourceType) -> ResourceType:
        own = bool(kind.reason)
        return msgspec.structs.replace(
            kind,
            cloudformation=f"{self.cloudformation}{kind.cloudformation}" if kind.cloudformation else "",
            pulumi=self._token(kind.pulumi) if kind.pulumi else "",
            also=tuple(map(self._token, kind.also)),
            coverage=kind.coverage if own else self.coverage,
            severity=kind.severity if own else self.severity,
            reason=kind.reason or self.reason,
        )

    def _token(self, name: str) -> str:
        return f"{self.pulumi}{name[0].lower()}{name[1:]}:{name}"


def is_pulumi(resource: Resource) -> bool:
    """Say whether a resource is spelled as Pulumi does, rather than CloudFormation."""
    return "::" not in resource.type


def table(types: tuple[ResourceType, ...]) -> dict[str, ResourceType]:
    """Give the types by each of their names."""
    return {name: kind for kind in types for name in (kind.cloudformation, kind.pulumi, *kind.also) if name}


def _filled(value: object, words: Mapping[str, str]) -> object:
    """Replace each `{word}` once in a text, or in those within a value; what is put in is not read again."""
    if isinstance(value, str):
        return _PART.sub(lambda found: _word(found[1], words), value)
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, Mapping):
        return {key: _filled(item, words) for key, item in value.items()}
    return value


def _word(text: str, words: Mapping[str, str]) -> str:
    names, _, literal = text.partition("=")
    return next((words[name] for name in names.split("|") if name in words), literal)
