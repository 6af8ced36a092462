"""What the service's resources are provisioned with: identifiers as Azure Resource Manager forms them, and outputs.

Source: Azure Resource Manager, Microsoft.ApiManagement; Pulumi, azure-native apimanagement (outputs).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from inferway.dialects.apim.resources import (
    KINDS,
    PROVIDER,
    RESOURCE_GROUP,
    SERVICE,
    SUBSCRIPTION,
    Kind,
    kind_of,
)
from inferway.formats.resources import Environment, Provisioned, Resource

MASTER: Final = "master"
"""The built-in subscription of a service, for all its APIs."""

_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
_KEY_LENGTH: Final = 32
_GROUP_PREFIX: Final = re.compile(r"[^A-Za-z0-9._()-]+")

Outputs = dict[str, object]


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give a resource's identifier and outputs; None for a type that is not read."""
    kind = kind_of(resource.type)
    if kind is None:
        return None
    names = _path(resource, kind, environment)
    group = names[0] if kind is RESOURCE_GROUP else _text(resource.properties.get("resourceGroupName")) or "local"
    identifier = _identifier(kind, group, names)
    outputs: Outputs = {key: value for key, value in resource.properties.items() if key not in _INPUTS_ONLY}
    outputs |= {"name": names[-1], "type": _type(kind), "id": identifier}
    own = _OWN.get(kind.pulumi)
    secrets: frozenset[str] = frozenset()
    if own is not None:
        more, secrets = own(resource, names, environment)
        outputs |= more
    return Provisioned(id=identifier, attributes=outputs, secrets=secrets)


_INPUTS_ONLY: Final = frozenset(name for kind in KINDS for name in kind.path) | {"resourceGroupName"}
"""Inputs that are no outputs: reading one as an output resolves to nothing, as it does on the service."""


def key(environment: Environment, subscription: str, which: str) -> str:
    """Give the primary or the secondary key of a subscription."""
    name = subscription if which == "primary" else f"{subscription}:{which}"
    return environment.key("azure-apim-subscription", name, _KEY_LENGTH)


def _service(resource: Resource, names: tuple[str, ...], environment: Environment) -> tuple[Outputs, frozenset[str]]:
    url = f"{environment.base_url}/{names[0]}"
    keys = {which: key(environment, MASTER, which) for which in ("primary", "secondary")}
    outputs: Outputs = {
        "gatewayUrl": url,
        "gatewayRegionalUrl": url,
        "managementApiUrl": f"{environment.base_url}/_inferway/azure",
        "portalUrl": url,
        "developerPortalUrl": url,
        "scmUrl": url,
        "location": resource.properties.get("location") or environment.region,
        "provisioningState": "Succeeded",
        "targetProvisioningState": "",
        "platformVersion": "stv2",
        "publicIPAddresses": ["127.0.0.1"],
        "masterSubscription": keys,
    }
    return outputs, frozenset(("masterSubscription",))


def _subscription(
    resource: Resource, names: tuple[str, ...], environment: Environment
) -> tuple[Outputs, frozenset[str]]:
    properties = _inner(resource)
    outputs: Outputs = {
        f"{which}Key": _text(properties.get(f"{which}Key")) or key(environment, names[-1], which)
        for which in ("primary", "secondary")
    }
    outputs["state"] = _text(properties.get("state")) or "submitted"
    return outputs, frozenset(("primaryKey", "secondaryKey"))


def _api(resource: Resource, names: tuple[str, ...], environment: Environment) -> tuple[Outputs, frozenset[str]]:  # noqa: ARG001 - the table's form
    properties = _inner(resource)
    outputs: Outputs = {"isOnline": True, "isCurrent": properties.get("isCurrent", True)}
    outputs["apiRevision"] = _text(properties.get("apiRevision")) or "1"
    outputs["subscriptionRequired"] = properties.get("subscriptionRequired", True)
    return outputs, frozenset()


_OWN: Final[dict[str, Callable[[Resource, tuple[str, ...], Environment], tuple[Outputs, frozenset[str]]]]] = {
    SERVICE.pulumi: _service,
    SUBSCRIPTION.pulumi: _subscription,
    "Api": _api,
}


def _inner(resource: Resource) -> Mapping[str, object]:
    nested = resource.properties.get("properties")
    return nested if isinstance(nested, Mapping) and resource.type.startswith("M") else resource.properties


def _path(resource: Resource, kind: Kind, environment: Environment) -> tuple[str, ...]:
    """Give the names of a resource's path; where the last is not given, it is made from the resource's own name.

    So does Pulumi ("auto-naming").
    """
    written = resource.properties.get("name")
    if isinstance(written, str) and resource.type.startswith("M") and written.count("/") + 1 == len(kind.path):
        return tuple(written.split("/"))
    given = [_text(resource.properties.get(name)) for name in kind.path]
    if not given[-1]:
        given[-1] = "policy" if kind.path[-1] == "policyId" else _made(resource, environment)
    return tuple(name or "unknown" for name in given)


def _made(resource: Resource, environment: Environment) -> str:
    return _GROUP_PREFIX.sub("-", resource.name) + environment.identifier(resource.type, resource.name, 8)


def _identifier(kind: Kind, group: str, names: tuple[str, ...]) -> str:
    root = f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/{group}"
    if kind is RESOURCE_GROUP:
        return root
    parts = [part for pair in zip(kind.arm.split("/"), names, strict=True) for part in pair]
    return f"{root}/providers/{PROVIDER}/{'/'.join(parts)}"


def _type(kind: Kind) -> str:
    return "Microsoft.Resources/resourceGroups" if kind is RESOURCE_GROUP else f"{PROVIDER}/{kind.arm}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
