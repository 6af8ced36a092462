"""Identifiers of resources, made and read.

Source: Azure Resource Manager, "Resource functions for ARM templates", resourceId and its kin (https://learn.microsoft.
com/azure/azure-resource-manager/templates/template-functions-resource).
"""

from typing import Final

from inferway.formats.arm.functions.arguments import a_text
from inferway.formats.arm.values import Unresolved, Value

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
TENANT: Final = "00000000-0000-0000-0000-000000000000"
GROUP: Final = "local"
"""The resource group that everything here is in."""

_PROVIDERS: Final = "/providers/"


def group_id(subscription: str = SUBSCRIPTION, group: str = GROUP) -> str:
    """Give the identifier of a resource group."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}"


def path(type_name: str, names: tuple[str, ...]) -> str:
    """Give `/providers/NAMESPACE/TYPE/NAME/TYPE/NAME…`; raises Unresolved where types and names do not pair."""
    namespace, *types = type_name.split("/")
    if len(types) != len(names) or not types:
        text = f"the type {type_name[:100]} has {len(types)} parts, and {len(names)} names are given for it"
        raise Unresolved("bad-argument", text)
    return _PROVIDERS + "/".join((namespace, *(part for pair in zip(types, names, strict=True) for part in pair)))


def resource_id(*values: Value) -> Value:
    """`resourceId`: a subscription and a group may stand before the type."""
    before, type_name, names = _arguments(values)
    if len(before) > 2:
        raise Unresolved("bad-argument", "resourceId takes a subscription and a resource group before the type")
    group = before[-1] if before else GROUP
    subscription = before[0] if len(before) > 1 else SUBSCRIPTION
    return group_id(subscription, group) + path(type_name, names)


def subscription_resource_id(*values: Value) -> Value:
    """`subscriptionResourceId`."""
    before, type_name, names = _arguments(values)
    return f"/subscriptions/{before[0] if before else SUBSCRIPTION}" + path(type_name, names)


def tenant_resource_id(*values: Value) -> Value:
    """`tenantResourceId`."""
    _, type_name, names = _arguments(values)
    return path(type_name, names)


def management_group_resource_id(*values: Value) -> Value:
    """`managementGroupResourceId`."""
    before, type_name, names = _arguments(values)
    group = before[0] if before else "local"
    return f"{_PROVIDERS}Microsoft.Management/managementGroups/{group}" + path(type_name, names)


def extension_resource_id(base: Value, *values: Value) -> Value:
    """`extensionResourceId`."""
    _, type_name, names = _arguments(values)
    return a_text(base) + path(type_name, names)


def taken_apart(identifier: str) -> tuple[str, str]:
    """Give the type and the name of an identifier, each with its parts joined by slashes; "" where it is none.

    What stands behind the provider's name is enough: `Microsoft.ApiManagement/service/NAME/apis/NAME`.
    """
    parts = identifier.rpartition(_PROVIDERS)[2].split("/")
    if len(parts) < 3 or not len(parts) % 2 or "." not in parts[0]:
        return "", ""
    return "/".join((parts[0], *parts[1::2])), "/".join(parts[2::2])


def _arguments(values: tuple[Value, ...]) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Give what stands before the type, the type, and the names."""
    texts = tuple(a_text(value) for value in values)
    for at, text in enumerate(texts):
        if "/" in text:
            names = tuple(part for name in texts[at + 1 :] for part in name.split("/"))
            return texts[:at], text, names
    raise Unresolved("bad-argument", "a resource type, such as Microsoft.ApiManagement/service, is missing")
