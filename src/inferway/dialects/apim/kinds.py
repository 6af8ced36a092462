"""The kinds of resources, by whichever name a format writes their type, and what is made of each.

Source: Azure Resource Manager, Microsoft.ApiManagement (https://learn.microsoft.com/azure/templates/
microsoft.apimanagement/service); Pulumi, azure-native and azure (classic), apimanagement.
"""

import re
from typing import Final

import msgspec

from inferway.formats.resources import Coverage

PROVIDER: Final = "Microsoft.ApiManagement"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of resource: its type in Pulumi and in a template, and the inputs of its path, the outermost first.

    `module` is Pulumi's, `classic` the name of its type in the classic provider, "" where that has none. `reason` says
    in one line what is read, or why it is not.
    """

    pulumi: str
    arm: str
    path: tuple[str, ...]
    classic: str = ""
    module: str = "apimanagement"
    provider: str = PROVIDER
    coverage: Coverage = Coverage.SERVED
    reason: str = ""


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


def _quiet(pulumi: str, arm: str, last: str, classic: str, reason: str) -> Kind:
    return _other(pulumi, arm, last, classic, reason, Coverage.READ)


def _left_out(pulumi: str, arm: str, last: str, classic: str, reason: str) -> Kind:
    return _other(pulumi, arm, last, classic, reason, Coverage.IGNORED)


_OUTER: Final = {
    "apis": "apiId",
    "operations": "operationId",
    "products": "productId",
    "groups": "groupId",
    "gateways": "gatewayId",
    "workspaces": "workspaceId",
    "resolvers": "resolverId",
    "notifications": "notificationName",
    "issues": "issueId",
}


def _other(pulumi: str, arm: str, last: str, classic: str, reason: str, coverage: Coverage) -> Kind:
    between = [_OUTER[part] for part in arm.split("/")[1:-1]]
    return Kind(
        pulumi=pulumi,
        arm=arm,
        path=("serviceName", *between, last),
        classic=classic,
        coverage=coverage,
        reason=reason,
    )


_LOGS: Final = "it measures and logs only"
_PORTAL: Final = "it is for the developer portal"
_TAGS: Final = "tags only sort"
_CLIENTS: Final = "client certificates are not served"
_SELF_HOSTED: Final = "self-hosted gateways are not served; this is the gateway"
_WORKSPACES: Final = "workspaces are not served"
_GRAPHQL: Final = "GraphQL APIs of the service are not served"

_OTHERS: Final = (
    _quiet("Group", "service/groups", "groupId", "group", _PORTAL),
    _quiet("GroupUser", "service/groups/users", "userId", "groupUser", _PORTAL),
    _quiet("User", "service/users", "userId", "user", _PORTAL),
    _quiet("ProductGroup", "service/products/groups", "groupId", "productGroup", _PORTAL),
    _quiet("ProductGroupLink", "service/products/groupLinks", "groupLinkId", "", _PORTAL),
    _quiet("ProductWiki", "service/products/wikis", "wikiId", "", _PORTAL),
    _quiet("ApiWiki", "service/apis/wikis", "wikiId", "", _PORTAL),
    _quiet("ApiRelease", "service/apis/releases", "releaseId", "apiRelease", _PORTAL),
    _quiet("ApiIssue", "service/apis/issues", "issueId", "", _PORTAL),
    _quiet("ContentType", "service/contentTypes", "contentTypeId", "", _PORTAL),
    _quiet("Documentation", "service/documentations", "documentationId", "", _PORTAL),
    _quiet("EmailTemplate", "service/templates", "templateName", "emailTemplate", _PORTAL),
    _quiet("IdentityProvider", "service/identityProviders", "identityProviderName", "", _PORTAL),
    _quiet("OpenIdConnectProvider", "service/openidConnectProviders", "opid", "openIdConnectProvider", _PORTAL),
    _quiet("AuthorizationServer", "service/authorizationServers", "authsid", "authorizationServer", _PORTAL),
    _quiet(
        "NotificationRecipientEmail",
        "service/notifications/recipientEmails",
        "email",
        "notificationRecipientEmail",
        _PORTAL,
    ),
    _quiet("Logger", "service/loggers", "loggerId", "logger", _LOGS),
    _quiet("Diagnostic", "service/diagnostics", "diagnosticId", "diagnostic", _LOGS),
    _quiet("ApiDiagnostic", "service/apis/diagnostics", "diagnosticId", "apiDiagnostic", _LOGS),
    _quiet("Tag", "service/tags", "tagId", "tag", _TAGS),
    _quiet("TagByApi", "service/apis/tags", "tagId", "apiTag", _TAGS),
    _quiet("TagByOperation", "service/apis/operations/tags", "tagId", "apiOperationTag", _TAGS),
    _quiet("TagByProduct", "service/products/tags", "tagId", "productTag", _TAGS),
    _quiet("ApiTagDescription", "service/apis/tagDescriptions", "tagDescriptionId", "apiTagDescription", _TAGS),
    _quiet("PolicyRestriction", "service/policyRestrictions", "policyRestrictionId", "", "it is for editors only"),
    _left_out("Certificate", "service/certificates", "certificateId", "certificate", _CLIENTS),
    _left_out("Cache", "service/caches", "cacheId", "redisCache", "the policies that cache are not served"),
    _left_out("Gateway", "service/gateways", "gatewayId", "gateway", _SELF_HOSTED),
    _left_out("GatewayApiEntityTag", "service/gateways/apis", "apiId", "gatewayApi", _SELF_HOSTED),
    _left_out("GraphQLApiResolver", "service/apis/resolvers", "resolverId", "", _GRAPHQL),
    _left_out("GraphQLApiResolverPolicy", "service/apis/resolvers/policies", "policyId", "", _GRAPHQL),
    _left_out("Workspace", "service/workspaces", "workspaceId", "workspace", _WORKSPACES),
    _left_out("WorkspaceApi", "service/workspaces/apis", "apiId", "", _WORKSPACES),
    _left_out("WorkspaceApiPolicy", "service/workspaces/apis/policies", "policyId", "", _WORKSPACES),
    _left_out("WorkspaceApiOperation", "service/workspaces/apis/operations", "operationId", "", _WORKSPACES),
    _left_out("WorkspaceBackend", "service/workspaces/backends", "backendId", "", _WORKSPACES),
    _left_out("WorkspaceProduct", "service/workspaces/products", "productId", "", _WORKSPACES),
    _left_out(
        "WorkspaceNamedValue", "service/workspaces/namedValues", "namedValueId", "workspaceNamedValue", _WORKSPACES
    ),
    _left_out("WorkspacePolicy", "service/workspaces/policies", "policyId", "workspacePolicy", _WORKSPACES),
    _left_out("WorkspacePolicyFragment", "service/workspaces/policyFragments", "id", "", _WORKSPACES),
    _left_out("WorkspaceSubscription", "service/workspaces/subscriptions", "sid", "", _WORKSPACES),
)

RESOURCE_GROUP: Final = Kind(
    pulumi="ResourceGroup",
    arm="resourceGroups",
    path=("resourceGroupName",),
    classic="core/resourceGroup",
    module="resources",
    provider="Microsoft.Resources",
    coverage=Coverage.READ,
    reason="its name stands in identifiers",
)


def _beside(pulumi: str, module: str, provider: str, arm: str, classic: str, reason: str) -> Kind:
    return Kind(
        pulumi=pulumi,
        module=module,
        provider=provider,
        arm=arm,
        path=("resourceName",),
        classic=classic,
        coverage=Coverage.READ,
        reason=reason,
    )


_INSIGHTS, _WORKSPACE, _IDENTITY = "Microsoft.Insights", "Microsoft.OperationalInsights", "Microsoft.ManagedIdentity"
_ROLES: Final = "Microsoft.Authorization"
BESIDE: Final = (
    _beside("Component", "applicationinsights", _INSIGHTS, "components", "appinsights/insights", _LOGS),
    _beside("DiagnosticSetting", "monitor", _INSIGHTS, "diagnosticSettings", "monitoring/diagnosticSetting", _LOGS),
    _beside(
        "Workspace",
        "operationalinsights",
        _WORKSPACE,
        "workspaces",
        "operationalinsights/analyticsWorkspace",
        _LOGS,
    ),
    _beside(
        "UserAssignedIdentity",
        "managedidentity",
        _IDENTITY,
        "userAssignedIdentities",
        "authorization/userAssignedIdentity",
        "identities of Azure are not asked for here",
    ),
    _beside(
        "RoleAssignment",
        "authorization",
        _ROLES,
        "roleAssignments",
        "authorization/assignment",
        "roles of Azure are not asked for here",
    ),
)
"""What commonly stands beside a service and has no effect of its own here."""

KINDS: Final = (
    *(SERVICE, BACKEND, API, OPERATION, API_POLICY, OPERATION_POLICY, PRODUCT, PRODUCT_API, PRODUCT_API_LINK),
    *(PRODUCT_POLICY, POLICY, FRAGMENT, SUBSCRIPTION, API_SCHEMA, GLOBAL_SCHEMA, NAMED_VALUE, VERSION_SET),
    *_OTHERS,
    RESOURCE_GROUP,
    *BESIDE,
)

_NATIVE: Final = re.compile(r"azure-native:(\w+)(?:/v\w+)?:(\w+)")
_CLASSIC: Final = re.compile(r"azure:(\w+/\w+):\w+")
_MODULES: Final = {"insights": "applicationinsights"}
_BY_NATIVE: Final = {(kind.module, kind.pulumi): kind for kind in KINDS}
_BY_ARM: Final = {f"{kind.provider}/{kind.arm}".lower(): kind for kind in KINDS}


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
