"""The members that expressions may name, by their C# signatures.

Source: API Management, "API Management policy expressions", Context variable (https://learn.microsoft.com/azure/
api-management/api-management-policy-expressions). What of that table is missing here is reported where it is used.
"""

from collections.abc import Mapping
from typing import Any, Final

from inferway.definition.api import ApiDefinition, Route
from inferway.definition.usage import UsagePlan
from inferway.dialects.apim.context import Context, Served, Subscription, User
from inferway.dialects.apim.last_error import LastError
from inferway.dialects.apim.messages import Body, RequestView, ResponseView, Url
from inferway.languages.csharp import Host, HostType, Type
from inferway.languages.csharp.program import cast


def _of_variables(types: tuple[Type, ...], variables: Mapping[str, Any], name: str, other: Any = None) -> Any:
    return cast(variables[name], types[0]) if name in variables else other


def _joined(values: Mapping[str, list[str]], name: str, other: str | None = None) -> str | None:
    return ",".join(values[name]) if name in values else other


_VALUES: Final = "IReadOnlyDictionary<string, string[]>"
_TEXTS: Final = "IReadOnlyDictionary<string, string>"
_ANY: Final = "IReadOnlyDictionary<string, object>"

TYPES: Final = (
    HostType(
        name="IProxyRequestContext",
        python=Context,
        members={
            "IApi Api": lambda context: context.served.api,
            "IDeployment Deployment": lambda context: context.served,
            "TimeSpan Elapsed": lambda context: context.elapsed,
            "ILastError LastError": lambda context: context.last_error,
            "IOperation Operation": lambda context: context.route,
            "IProduct Product": lambda context: context.product,
            "IRequest Request": lambda context: context.request,
            "Guid RequestId": lambda context: context.id,
            "IResponse Response": lambda context: context.response,
            "ISubscription Subscription": lambda context: context.subscription,
            "DateTime Timestamp": lambda context: context.timestamp,
            "bool Tracing": lambda context: False,  # noqa: ARG005 - a member's form
            "IUser User": lambda context: None,  # noqa: ARG005 - a subscription here has no owner
            f"{_ANY} Variables": lambda context: context.variables,
            "void Trace(string message)": lambda context, message: context.trace(message),
        },
    ),
    HostType(
        name="IRequest",
        python=RequestView,
        members={
            "IMessageBody Body": lambda request: request.body,
            f"{_VALUES} Headers": lambda request: request.headers,
            "string IpAddress": lambda request: request.address,
            f"{_TEXTS} MatchedParameters": lambda request: request.parameters,
            "string Method": lambda request: request.method,
            "IUrl OriginalUrl": lambda request: request.original,
            "IUrl Url": lambda request: request.url,
        },
    ),
    HostType(
        name="IResponse",
        python=ResponseView,
        members={
            "IMessageBody Body": lambda response: response.body,
            f"{_VALUES} Headers": lambda response: response.headers,
            "int StatusCode": lambda response: response.status,
            "string StatusReason": lambda response: response.reason,
        },
    ),
    HostType(
        name="IMessageBody",
        python=Body,
        members={"T As<T>(bool preserveContent = false)": lambda body, types, preserve: body.read(types, preserve)},
    ),
    HostType(
        name="IUrl",
        python=Url,
        members={
            "string Host": lambda url: url.host,
            "string Path": lambda url: url.path,
            "int Port": lambda url: url.port,
            f"{_VALUES} Query": lambda url: url.values(),
            "string QueryString": lambda url: url.query_string,
            "string Scheme": lambda url: url.scheme,
            "string ToString()": lambda url: url.text(),
        },
        text=lambda url: url.text(),
    ),
    HostType(
        name="IApi",
        python=ApiDefinition,
        members={
            "string Id": lambda api: api.name,
            "bool IsCurrentRevision": lambda api: True,  # noqa: ARG005 - other revisions are not served
            "string Name": lambda api: api.title,
            "string Path": lambda api: api.base or "",
            "string Revision": lambda api: "1",  # noqa: ARG005 - as above
            "string Version": lambda api: api.version or None,
        },
    ),
    HostType(
        name="IOperation",
        python=Route,
        members={
            "string Id": lambda route: route.operation,
            "string Method": lambda route: route.method,
            "string Name": lambda route: route.title,
            "string UrlTemplate": lambda route: route.path,
        },
    ),
    HostType(
        name="IProduct",
        python=UsagePlan,
        members={
            "string Id": lambda plan: plan.id,
            "string Name": lambda plan: plan.name,
            "bool SubscriptionRequired": lambda plan: not plan.open,
        },
    ),
    HostType(
        name="ISubscription",
        python=Subscription,
        members={
            "string Id": lambda subscription: subscription.key.id,
            "string Key": lambda subscription: subscription.presented,
            "string Name": lambda subscription: subscription.key.name,
        },
    ),
    HostType(
        name="IUser",
        python=User,
        members={
            f"string {name}": lambda user: None  # noqa: ARG005 - a member's form
            for name in ("Email", "FirstName", "Id", "LastName", "Note")
        },
    ),
    HostType(
        name="IDeployment",
        python=Served,
        members={
            "string GatewayId": lambda served: "managed",  # noqa: ARG005 - a member's form
            "string Region": lambda served: "local",  # noqa: ARG005 - as above
            "string ServiceName": lambda served: served.api.slug,
        },
    ),
    HostType(
        name="ILastError",
        python=LastError,
        members={
            "string Message": lambda error: error.message,
            "string Path": lambda error: error.path,
            "string PolicyId": lambda error: error.policy_id,
            "string Reason": lambda error: error.reason,
            "string Scope": lambda error: error.scope,
            "string Section": lambda error: error.section,
            "string Source": lambda error: error.source,
        },
    ),
    HostType(
        name="ContextExtensions",
        members={
            f"static T GetValueOrDefault<T>(this {_ANY} self, string name, T other)": _of_variables,
            f"static T GetValueOrDefault<T>(this {_ANY} self, string name)": _of_variables,
            f"static string GetValueOrDefault(this {_VALUES} self, string name, string other = null)": _joined,
            f"static string GetValueOrDefault(this {_TEXTS} self, string name, string other = null)": (
                lambda self, name, other: self.get(name, other)
            ),
        },
    ),
)

HOST: Final = Host(roots={"context": "IProxyRequestContext"}, types=TYPES)
"""What expressions may name."""
