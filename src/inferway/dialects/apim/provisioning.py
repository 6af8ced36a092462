"""What the service's resources are provisioned with: identifiers as Azure Resource Manager forms them, and outputs.

Source: Azure Resource Manager, Microsoft.ApiManagement; Pulumi, azure-native and azure (classic), apimanagement
(outputs).
"""

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Final

from inferway.dialects.apim import kinds
from inferway.dialects.apim.classic import PREFIX, native
from inferway.dialects.apim.kind import Kind
from inferway.dialects.apim.kinds import KINDS, kind_of
from inferway.dialects.apim.other_kinds import BESIDE, RESOURCE_GROUP
from inferway.dialects.apim.resources import is_template
from inferway.formats.resources import Environment, Provisioned, Resource

MASTER: Final = "master"
"""The built-in subscription of a service, for all its APIs."""

_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
_KEY_LENGTH: Final = 32
_GROUP: Final = "local"
_GROUP_PREFIX: Final = re.compile(r"[^A-Za-z0-9._()-]+")

Outputs = dict[str, object]
_Own = tuple[Outputs, frozenset[str]]


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give a resource's identifier and outputs; None for a type that is not read."""
    kind = kind_of(resource.type)
    if kind is None:
        return None
    seen = native(resource, kind)
    names = _path(seen, kind, environment)
    group = names[0] if kind is RESOURCE_GROUP else _group(seen)
    identifier = _identifier(kind, group, names)
    own = _OWN.get(kind)
    computed, secrets = own(seen, names, environment) if own is not None else ({}, frozenset[str]())
    if resource.type.startswith(PREFIX):
        return Provisioned(
            id=identifier, attributes=_classic_outputs(resource, kind, names, identifier) | computed, secrets=secrets
        )
    outputs: Outputs = {key: value for key, value in seen.properties.items() if key not in _INPUTS_ONLY}
    outputs |= {"name": names[-1], "type": f"{kind.provider}/{kind.arm}", "id": identifier}
    return Provisioned(id=identifier, attributes=outputs | computed, secrets=secrets)


_INPUTS_ONLY: Final = frozenset(name for kind in KINDS for name in kind.path if name != "id") | {"resourceGroupName"}
"""Inputs that are no outputs: reading one as an output resolves to nothing, as it does on the service."""


def key(environment: Environment, subscription: str, which: str) -> str:
    """Give the primary or the secondary key of a subscription."""
    name = subscription if which == "primary" else f"{subscription}:{which}"
    return environment.key("azure-apim-subscription", name, _KEY_LENGTH)


def _classic_outputs(resource: Resource, kind: Kind, names: tuple[str, ...], identifier: str) -> Outputs:
    """Give the outputs of the classic provider's resource: all inputs are some."""
    outputs: Outputs = {**resource.properties, "id": identifier}
    if kind is kinds.SUBSCRIPTION:
        outputs["subscriptionId"] = names[-1]
    elif not any(last in outputs for last in (kind.path[-1], "policyId")):
        outputs["name"] = names[-1]
    return outputs


def _service(resource: Resource, names: tuple[str, ...], environment: Environment) -> _Own:
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
        "publicIpAddresses": ["127.0.0.1"],
        "masterSubscription": keys,
    }
    return outputs, frozenset(("masterSubscription",))


def _subscription(resource: Resource, names: tuple[str, ...], environment: Environment) -> _Own:
    properties = _inner(resource)
    outputs: Outputs = {
        f"{which}Key": _text(properties.get(f"{which}Key")) or key(environment, names[-1], which)
        for which in ("primary", "secondary")
    }
    outputs["state"] = _text(properties.get("state")) or "submitted"
    return outputs, frozenset(("primaryKey", "secondaryKey"))


def _api(resource: Resource, names: tuple[str, ...], environment: Environment) -> _Own:  # noqa: ARG001 - the table's form
    properties = _inner(resource)
    outputs: Outputs = {"isOnline": True, "isCurrent": properties.get("isCurrent", True)}
    outputs["apiRevision"] = outputs["revision"] = _text(properties.get("apiRevision")) or "1"
    outputs["subscriptionRequired"] = properties.get("subscriptionRequired", True)
    return outputs, frozenset()


def _identity(resource: Resource, names: tuple[str, ...], environment: Environment) -> _Own:  # noqa: ARG001 - as above
    identifiers = {name: _uuid(f"{name}:{names[-1]}") for name in ("principalId", "clientId")}
    return {**identifiers, "tenantId": _SUBSCRIPTION}, frozenset()


def _insights(resource: Resource, names: tuple[str, ...], environment: Environment) -> _Own:  # noqa: ARG001 - as above
    own = _uuid(names[-1])
    connection = f"InstrumentationKey={own};IngestionEndpoint={environment.base_url}/_inferway/azure"
    outputs: Outputs = {"instrumentationKey": own, "connectionString": connection, "appId": own}
    return {**outputs, "InstrumentationKey": own, "ConnectionString": connection, "AppId": own}, frozenset()


def _workspace(resource: Resource, names: tuple[str, ...], environment: Environment) -> _Own:  # noqa: ARG001 - as above
    return {"customerId": _uuid(names[-1]), "workspaceId": _uuid(names[-1])}, frozenset()


_COMPONENT, _, _LOG_WORKSPACE, _ASSIGNED, _ = BESIDE
_OWN: Final[dict[Kind, Callable[[Resource, tuple[str, ...], Environment], _Own]]] = {
    kinds.SERVICE: _service,
    kinds.SUBSCRIPTION: _subscription,
    kinds.API: _api,
    _COMPONENT: _insights,
    _LOG_WORKSPACE: _workspace,
    _ASSIGNED: _identity,
}


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def _inner(resource: Resource) -> Mapping[str, object]:
    nested = resource.properties.get("properties")
    return nested if isinstance(nested, Mapping) and is_template(resource) else resource.properties


def _group(resource: Resource) -> str:
    return _text(resource.properties.get("resourceGroupName")) or _GROUP


def _path(resource: Resource, kind: Kind, environment: Environment) -> tuple[str, ...]:
    """Give the names of a resource's path; where the last is not given, it is made from the resource's own name.

    So does Pulumi ("auto-naming").
    """
    written = resource.properties.get("name")
    if isinstance(written, str) and is_template(resource) and written.count("/") + 1 == len(kind.path):
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
    return f"{root}/providers/{kind.provider}/{'/'.join(parts)}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
