"""One type of the service's resources: what is read of it, in which words, and the table of what is said of each.

Sources: CloudFormation Template Reference, "AWS::ApiGateway::…"; https://www.pulumi.com/registry/packages/aws/api-docs/
apigateway/.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.faults import Severity
from inferway.formats.resources import Coverage


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of resource: its names, the properties that are read, those that are reported, and Pulumi's own names.

    `silent` are properties without effect on what is served. `coverage` is what is made of it, `reason` what is read,
    or what happens instead.
    """

    name: str
    cloudformation: str = ""
    pulumi: str = ""
    reads: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    reported: Mapping[str, tuple[Severity, str]] = {}
    pulumi_names: Mapping[str, str] = {}
    coverage: Coverage = Coverage.SERVED
    reason: str = ""


_READ_OF: Final = {
    "account": "the role for its logs is not needed here",
    "authorizer": "a function that is asked, or tokens that are verified; results are kept",
    "base-path": "requests with the domain in their Host header",
    "base-path-v2": "requests with the domain in their Host header",
    "certificate": "what HTTP backends over TLS are shown, from the file that the bindings name",
    "deployment": "the stage that it makes by the way, with its description",
    "documentation": "what `inferway export` puts beside what it is about",
    "documentation-version": "the version that `inferway export` names",
    "domain": "requests with it in their Host header, as its mappings say; mutual TLS with `inferway run --tls`",
    "domain-v2": "as DomainName; private domains are open to whoever reaches the gateway",
    "gateway-response": "status, headers and templates",
    "integration": "MOCK, HTTP, HTTP_PROXY, AWS and AWS_PROXY with functions, tables and model endpoints",
    "integration-response": "pattern, parameters and templates",
    "key": "its value, bound or made up",
    "method": "authorization by IAM, authorizers and keys, parameters, models, integration and responses",
    "method-response": "status and headers",
    "method-settings": "throttles and caching",
    "model": "its schema, of draft 4",
    "plan": "throttles and quotas",
    "plan-key": "which keys a plan covers",
    "policy": "who may call",
    "put": "its document is the API's body",
    "resource": "its part of a path",
    "rest-api": "an address below its name, its body, key source and media types",
    "stage": "variables, method settings, cache, the format of its access log, tracing, client certificate",
    "validator": "what it validates",
}
"""What is read of a kind, by its name."""

_ALWAYS: Final = frozenset("Tags TagsAll Region Description".split())  # noqa: SIM905 - as the table below is written

INTEGRATION: Final = frozenset(
    (
        "CacheKeyParameters",
        "CacheNamespace",
        "ConnectionId",
        "ConnectionType",
        "ContentHandling",
        "Credentials",
        "IntegrationHttpMethod",
        "IntegrationTarget",
        "PassthroughBehavior",
        "RequestParameters",
        "RequestTemplates",
        "ResponseTransferMode",
        "TimeoutInMillis",
        "TlsConfig",
        "Type",
        "Uri",
    )
)
"""The properties of an integration but for its responses."""


def kind(
    name: str,
    cloudformation: str,
    pulumi: str,
    reads: str,
    *,
    silent: str = "",
    reported: Mapping[str, tuple[Severity, str]] | None = None,
    pulumi_names: Mapping[str, str] | None = None,
    coverage: Coverage = Coverage.SERVED,
    reason: str = "",
) -> Kind:
    """Make a kind; properties come with blanks between them, and the names without what all of them begin with."""
    return Kind(
        name=name,
        cloudformation=f"AWS::ApiGateway::{cloudformation}" if cloudformation else "",
        pulumi=f"aws:apigateway/{pulumi[0].lower()}{pulumi[1:]}:{pulumi}" if pulumi else "",
        reads=frozenset(reads.split()),
        silent=frozenset(silent.split()) | _ALWAYS,
        reported=reported or {},
        pulumi_names=pulumi_names or {},
        coverage=coverage,
        reason=reason or _READ_OF[name],
    )
