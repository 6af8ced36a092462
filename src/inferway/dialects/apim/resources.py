"""The service's resources, by whichever name a format writes their type, in one view.

Source: Azure Resource Manager, Microsoft.ApiManagement (https://learn.microsoft.com/azure/templates/
microsoft.apimanagement/service).
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of resource: its type in Pulumi and in a template, and the inputs of its path, the outermost first."""

    pulumi: str
    arm: str
    path: tuple[str, ...]


SERVICE: Final = Kind(pulumi="ApiManagementService", arm="service", path=("serviceName",))
BACKEND: Final = Kind(pulumi="Backend", arm="service/backends", path=("serviceName", "backendId"))
API: Final = Kind(pulumi="Api", arm="service/apis", path=("serviceName", "apiId"))
OPERATION: Final = Kind(
    pulumi="ApiOperation", arm="service/apis/operations", path=("serviceName", "apiId", "operationId")
)
API_POLICY: Final = Kind(pulumi="ApiPolicy", arm="service/apis/policies", path=("serviceName", "apiId", "policyId"))
OPERATION_POLICY: Final = Kind(
    pulumi="ApiOperationPolicy",
    arm="service/apis/operations/policies",
    path=("serviceName", "apiId", "operationId", "policyId"),
)
PRODUCT: Final = Kind(pulumi="Product", arm="service/products", path=("serviceName", "productId"))
PRODUCT_API: Final = Kind(pulumi="ProductApi", arm="service/products/apis", path=("serviceName", "productId", "apiId"))
PRODUCT_POLICY: Final = Kind(
    pulumi="ProductPolicy", arm="service/products/policies", path=("serviceName", "productId", "policyId")
)
POLICY: Final = Kind(pulumi="Policy", arm="service/policies", path=("serviceName", "policyId"))
SUBSCRIPTION: Final = Kind(pulumi="Subscription", arm="service/subscriptions", path=("serviceName", "sid"))
API_SCHEMA: Final = Kind(pulumi="ApiSchema", arm="service/apis/schemas", path=("serviceName", "apiId", "schemaId"))
GLOBAL_SCHEMA: Final = Kind(pulumi="GlobalSchema", arm="service/schemas", path=("serviceName", "schemaId"))
NAMED_VALUE: Final = Kind(pulumi="NamedValue", arm="service/namedValues", path=("serviceName", "namedValueId"))
RESOURCE_GROUP: Final = Kind(pulumi="ResourceGroup", arm="", path=("resourceGroupName",))

KINDS: Final = (
    SERVICE,
    BACKEND,
    API,
    OPERATION,
    API_POLICY,
    OPERATION_POLICY,
    PRODUCT,
    PRODUCT_API,
    PRODUCT_POLICY,
    POLICY,
    SUBSCRIPTION,
    API_SCHEMA,
    GLOBAL_SCHEMA,
    NAMED_VALUE,
)

PROVIDER: Final = "Microsoft.ApiManagement"
_PULUMI: Final = re.compile(r"azure-native:(?:apimanagement|resources)(?:/v\w+)?:(\w+)")
_BY_PULUMI: Final = {kind.pulumi: kind for kind in (*KINDS, RESOURCE_GROUP)}
_BY_ARM: Final = {f"{PROVIDER}/{kind.arm}".lower(): kind for kind in KINDS} | {
    "microsoft.resources/resourcegroups": RESOURCE_GROUP
}

CLAIMS: Final = ("azure-native:apimanagement", "azure-native:resources", f"{PROVIDER}/", "Microsoft.Resources/")
"""What the types of this dialect's resources begin with."""


def kind_of(type_name: str) -> Kind | None:
    """Give the kind of a resource by its type, None for one that is not read."""
    pulumi = _PULUMI.fullmatch(type_name)
    return _BY_PULUMI.get(pulumi[1]) if pulumi is not None else _BY_ARM.get(type_name.lower())


class View:
    """A resource as the reader sees it: its kind, the names that make up its path, and its properties at one level."""

    def __init__(self, resource: Resource, kind: Kind, findings: Report) -> None:
        self.kind = kind
        self.resource = resource
        whole = Cursor.of(resource, findings)
        nested = resource.properties.get("properties")
        self._nested = whole["properties"] if isinstance(nested, Mapping) and resource.type[0] == "M" else whole
        self._whole = whole
        self.names = _names(resource, kind)

    @property
    def name(self) -> str:
        """The resource's own name: the last of its path."""
        return self.names[-1]

    @property
    def whole(self) -> Cursor:
        """The properties as written."""
        return self._whole

    def __getitem__(self, key: str) -> Cursor:
        """Give a property."""
        return self._nested[key]


def _names(resource: Resource, kind: Kind) -> tuple[str, ...]:
    """Give the names of a resource's path: from its identifier, else from its inputs, else from a template's name."""
    path = resource.id.partition(f"/providers/{PROVIDER}/")[2]
    names = tuple(path.split("/")[1::2])
    if len(names) == len(kind.path):
        return names
    given = [resource.properties.get(key) for key in kind.path]
    if all(isinstance(name, str) and name for name in given):
        return tuple(str(name) for name in given)
    written = resource.properties.get("name")
    if isinstance(written, str) and written.count("/") + 1 == len(kind.path):
        return tuple(written.split("/"))
    missing = [name if isinstance(name, str) else "" for name in given]
    return (*missing[:-1], missing[-1] or resource.name)
