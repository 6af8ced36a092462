"""Kinds of resources that are read and have no effect on answers, and those that are left out.

Source: as `kinds`.
"""

from typing import Final

from inferway.dialects.apim.kind import Kind
from inferway.formats.resources import Coverage


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
    "diagnostics": "diagnosticId",
    "tags": "tagId",
    "contentTypes": "contentTypeId",
    "authorizationProviders": "authorizationProviderId",
    "authorizations": "authorizationId",
    "clientApplications": "clientApplicationId",
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

_CREDENTIALS: Final = "credentials of others' APIs are not kept here"
_NETWORK: Final = "networks of Azure mean nothing here"

_IN_WORKSPACES: Final = (
    ("Api", "apis", "apiId"),
    ("ApiDiagnostic", "apis/diagnostics", "diagnosticId"),
    ("ApiOperation", "apis/operations", "operationId"),
    ("ApiOperationPolicy", "apis/operations/policies", "policyId"),
    ("ApiPolicy", "apis/policies", "policyId"),
    ("ApiRelease", "apis/releases", "releaseId"),
    ("ApiSchema", "apis/schemas", "schemaId"),
    ("ApiVersionSet", "apiVersionSets", "versionSetId"),
    ("Backend", "backends", "backendId"),
    ("Certificate", "certificates", "certificateId"),
    ("Diagnostic", "diagnostics", "diagnosticId"),
    ("GlobalSchema", "schemas", "schemaId"),
    ("Group", "groups", "groupId"),
    ("GroupUser", "groups/users", "userId"),
    ("Logger", "loggers", "loggerId"),
    ("NamedValue", "namedValues", "namedValueId"),
    ("NotificationRecipientEmail", "notifications/recipientEmails", "email"),
    ("NotificationRecipientUser", "notifications/recipientUsers", "userId"),
    ("Policy", "policies", "policyId"),
    ("PolicyFragment", "policyFragments", "id"),
    ("Product", "products", "productId"),
    ("ProductApiLink", "products/apiLinks", "apiLinkId"),
    ("ProductGroupLink", "products/groupLinks", "groupLinkId"),
    ("ProductPolicy", "products/policies", "policyId"),
    ("Subscription", "subscriptions", "sid"),
    ("Tag", "tags", "tagId"),
    ("TagApiLink", "tags/apiLinks", "apiLinkId"),
    ("TagOperationLink", "tags/operationLinks", "operationLinkId"),
    ("TagProductLink", "tags/productLinks", "productLinkId"),
)
"""What a workspace holds, by azure-native's names without `Workspace` and by a template's below the workspace."""

OTHERS: Final = (
    _quiet("Group", "service/groups", "groupId", "group", _PORTAL),
    _quiet("GroupUser", "service/groups/users", "userId", "groupUser", _PORTAL),
    _quiet("User", "service/users", "userId", "user", _PORTAL),
    _quiet("ProductGroup", "service/products/groups", "groupId", "productGroup", _PORTAL),
    _quiet("ProductGroupLink", "service/products/groupLinks", "groupLinkId", "", _PORTAL),
    _quiet("ProductWiki", "service/products/wikis", "wikiId", "", _PORTAL),
    _quiet("ApiWiki", "service/apis/wikis", "wikiId", "", _PORTAL),
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
    _quiet("", "service/notifications", "notificationName", "", _PORTAL),
    _quiet("", "service/diagnostics/loggers", "loggerId", "", _LOGS),
    _quiet("", "service/apis/diagnostics/loggers", "loggerId", "", _LOGS),
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
    *(
        _left_out(f"Workspace{name}", f"service/workspaces/{arm}", last, "", _WORKSPACES)
        for name, arm, last in _IN_WORKSPACES
    ),
    _quiet("TagApiLink", "service/tags/apiLinks", "apiLinkId", "", _TAGS),
    _quiet("TagOperationLink", "service/tags/operationLinks", "operationLinkId", "", _TAGS),
    _quiet("TagProductLink", "service/tags/productLinks", "productLinkId", "", _TAGS),
    _quiet("ContentItem", "service/contentTypes/contentItems", "contentItemId", "", _PORTAL),
    _quiet("ApiIssueAttachment", "service/apis/issues/attachments", "attachmentId", "", _PORTAL),
    _quiet("ApiIssueComment", "service/apis/issues/comments", "commentId", "", _PORTAL),
    _quiet("NotificationRecipientUser", "service/notifications/recipientUsers", "userId", "", _PORTAL),
    _quiet("", "service/portalsettings", "settingsName", "", _PORTAL),
    _quiet("", "service/portalconfigs", "portalConfigId", "", _PORTAL),
    _quiet("", "service/portalRevisions", "portalRevisionId", "", _PORTAL),
    _quiet(
        "PrivateEndpointConnectionByName",
        "service/privateEndpointConnections",
        "privateEndpointConnectionName",
        "",
        _NETWORK,
    ),
    _left_out("ApiTool", "service/apis/tools", "toolId", "", "MCP servers are not served"),
    _left_out("AuthorizationProvider", "service/authorizationProviders", "authorizationProviderId", "", _CREDENTIALS),
    _left_out("Authorization", "service/authorizationProviders/authorizations", "authorizationId", "", _CREDENTIALS),
    _left_out(
        "AuthorizationAccessPolicy",
        "service/authorizationProviders/authorizations/accessPolicies",
        "authorizationAccessPolicyId",
        "",
        _CREDENTIALS,
    ),
    _left_out("ClientApplication", "service/clientApplications", "clientApplicationId", "", _CREDENTIALS),
    _left_out(
        "ClientApplicationProductLink",
        "service/clientApplications/productLinks",
        "clientApplicationProductLinkId",
        "",
        _CREDENTIALS,
    ),
    _left_out(
        "GatewayCertificateAuthority", "service/gateways/certificateAuthorities", "certificateId", "", _SELF_HOSTED
    ),
    _left_out("GatewayHostnameConfiguration", "service/gateways/hostnameConfigurations", "hcId", "", _SELF_HOSTED),
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
