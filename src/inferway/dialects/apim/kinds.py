"""The kinds of resources, by whichever name a format writes their type, and what is made of each.

Source: Azure Resource Manager, Microsoft.ApiManagement (https://learn.microsoft.com/azure/templates/
microsoft.apimanagement/service); Pulumi, azure-native and azure (classic), apimanagement.
"""

import re
from typing import Final

from inferway.dialects.apim.kind import Kind
from inferway.dialects.apim.other_kinds import BESIDE, OTHERS, RESOURCE_GROUP

SERVICE: Final = Kind(
    pulumi="ApiManagementService",
    arm="service",
    path=("serviceName",),
    classic="service",
    reason="its gateway URL and the keys of its built-in subscription lead here",
)
BACKEND: Final = Kind(
    pulumi="Backend",
    arm="service/backends",
    path=("serviceName", "backendId"),
    classic="backend",
    reason="URL, headers, query and authorization; no pools, circuit breakers, certificates",
)
API: Final = Kind(
    pulumi="Api",
    arm="service/apis",
    path=("serviceName", "apiId"),
    classic="api",
    reason="HTTP APIs, operations declared or in OpenAPI 2 and 3; the current revision",
)
RELEASE: Final = Kind(
    pulumi="ApiRelease",
    arm="service/apis/releases",
    path=("serviceName", "apiId", "releaseId"),
    classic="apiRelease",
    reason="makes the revision that it names the current one",
)
OPERATION: Final = Kind(
    pulumi="ApiOperation",
    arm="service/apis/operations",
    path=("serviceName", "apiId", "operationId"),
    classic="apiOperation",
    reason="method, template, schemas, examples",
)
API_POLICY: Final = Kind(
    pulumi="ApiPolicy",
    arm="service/apis/policies",
    path=("serviceName", "apiId", "policyId"),
    classic="apiPolicy",
    reason="its policies run",
)
OPERATION_POLICY: Final = Kind(
    pulumi="ApiOperationPolicy",
    arm="service/apis/operations/policies",
    path=("serviceName", "apiId", "operationId", "policyId"),
    classic="apiOperationPolicy",
    reason="its policies run",
)
PRODUCT: Final = Kind(
    pulumi="Product",
    arm="service/products",
    path=("serviceName", "productId"),
    classic="product",
    reason="whose keys hold for its APIs; open products",
)
PRODUCT_API: Final = Kind(
    pulumi="ProductApi",
    arm="service/products/apis",
    path=("serviceName", "productId", "apiId"),
    classic="productApi",
    reason="puts an API into a product",
)
PRODUCT_API_LINK: Final = Kind(
    pulumi="ProductApiLink",
    arm="service/products/apiLinks",
    path=("serviceName", "productId", "apiLinkId"),
    reason="puts an API into a product",
)
PRODUCT_POLICY: Final = Kind(
    pulumi="ProductPolicy",
    arm="service/products/policies",
    path=("serviceName", "productId", "policyId"),
    classic="productPolicy",
    reason="its policies run with a key of the product",
)
POLICY: Final = Kind(
    pulumi="Policy",
    arm="service/policies",
    path=("serviceName", "policyId"),
    classic="policy",
    reason="its policies run",
)
FRAGMENT: Final = Kind(
    pulumi="PolicyFragment",
    arm="service/policyFragments",
    path=("serviceName", "id"),
    classic="policyFragment",
    reason="stands where include-fragment names it",
)
SUBSCRIPTION: Final = Kind(
    pulumi="Subscription",
    arm="service/subscriptions",
    path=("serviceName", "sid"),
    classic="subscription",
    reason="two keys that work, for a product, an API or all APIs",
)
API_SCHEMA: Final = Kind(
    pulumi="ApiSchema",
    arm="service/apis/schemas",
    path=("serviceName", "apiId", "schemaId"),
    classic="apiSchema",
    reason="JSON Schemas that operations name",
)
GLOBAL_SCHEMA: Final = Kind(
    pulumi="GlobalSchema",
    arm="service/schemas",
    path=("serviceName", "schemaId"),
    classic="globalSchema",
    reason="JSON Schemas that policies name",
)
NAMED_VALUE: Final = Kind(
    pulumi="NamedValue",
    arm="service/namedValues",
    path=("serviceName", "namedValueId"),
    classic="namedValue",
    reason="put into policies; not from Key Vault",
)
VERSION_SET: Final = Kind(
    pulumi="ApiVersionSet",
    arm="service/apiVersionSets",
    path=("serviceName", "versionSetId"),
    classic="apiVersionSet",
    reason="versions that are a segment of the path",
)


KINDS: Final = (
    *(SERVICE, BACKEND, API, RELEASE, OPERATION, API_POLICY, OPERATION_POLICY, PRODUCT, PRODUCT_API, PRODUCT_API_LINK),
    *(PRODUCT_POLICY, POLICY, FRAGMENT, SUBSCRIPTION, API_SCHEMA, GLOBAL_SCHEMA, NAMED_VALUE, VERSION_SET),
    *OTHERS,
    RESOURCE_GROUP,
    *BESIDE,
)

_NATIVE: Final = re.compile(r"azure-native:(\w+)(?:/v\w+)?:(\w+)")
_CLASSIC: Final = re.compile(r"azure:(\w+/\w+):\w+")
_MODULES: Final = {"insights": "applicationinsights"}
_BY_NATIVE: Final = {(kind.module, kind.pulumi): kind for kind in KINDS if kind.pulumi} | {
    ("apimanagement", "Schema"): GLOBAL_SCHEMA
}
_BY_ARM: Final = {f"{kind.provider}/{kind.arm}".lower(): kind for kind in KINDS} | {
    "microsoft.apimanagement/service/properties": NAMED_VALUE,
    "microsoft.apimanagement/service/api-version-sets": VERSION_SET,
}
"""Two types had other names in versions of 2018 and before."""


def native_type(kind: Kind) -> str:
    """Give the type of a kind in azure-native, "" where it has none."""
    return f"azure-native:{kind.module}:{kind.pulumi}" if kind.pulumi else ""


def classic_type(kind: Kind) -> str:
    """Give the type of a kind in the classic provider, "" where it has none."""
    if not kind.classic:
        return ""
    path = kind.classic if "/" in kind.classic else f"apimanagement/{kind.classic}"
    name = path.rpartition("/")[2]
    return f"azure:{path}:{name[0].upper()}{name[1:]}"


_BY_CLASSIC: Final = {
    classic_type(kind).removeprefix("azure:").partition(":")[0]: kind for kind in KINDS if kind.classic
} | {"apimanagement/property": NAMED_VALUE}

_CLAIMED: Final = ("Microsoft.ApiManagement/", "Microsoft.Resources/", *(f"{kind.provider}/" for kind in BESIDE))
CLAIMS: Final = tuple(
    dict.fromkeys(
        (
            *(
                f"azure-native:{name}"
                for name in ("apimanagement", "resources", "insights", *(k.module for k in BESIDE))
            ),
            *(f"azure:{name}/" for name in ("apimanagement", "core", *(k.classic.partition("/")[0] for k in BESIDE))),
            *_CLAIMED,
            *(name.lower() for name in _CLAIMED),
        )
    )
)
"""What the types of this dialect's resources begin with; a template may write a provider in lower case."""


def kind_of(type_name: str) -> Kind | None:
    """Give the kind of a resource by its type, None for one that is not read."""
    native = _NATIVE.fullmatch(type_name)
    if native is not None:
        return _BY_NATIVE.get((_MODULES.get(native[1], native[1]), native[2]))
    classic = _CLASSIC.fullmatch(type_name)
    return _BY_CLASSIC.get(classic[1]) if classic is not None else _BY_ARM.get(type_name.lower())
