"""`context`: what an expression sees, as objects and as the table of their members in C#.

Source: API Management, "API Management policy expressions", Context variable (https://learn.microsoft.com/azure/
api-management/api-management-policy-expressions).
"""

import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Any, Final

import msgspec

from inferway.definition.api import ApiDefinition, Route
from inferway.definition.deployment import Deployment
from inferway.definition.steps import Invoke, RequireApiKey
from inferway.definition.targets import HttpService, Selected
from inferway.definition.traversal import every_step
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.dialects.apim.last_error import LastError, last_error
from inferway.dialects.apim.messages import Body, RequestView, ResponseView, Url, response_of
from inferway.exchange import Exchange
from inferway.languages.csharp import Host, HostType, Type
from inferway.languages.csharp.dates import DateTime, TimeSpan, now_ticks
from inferway.languages.csharp.guid import Guid, parse_guid
from inferway.languages.csharp.program import cast

_LOG: Final = logging.getLogger("inferway.definition")
_TICKS: Final = 10_000_000
"""Ticks of a second."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What stays the same for all requests of a deployment."""

    api: ApiDefinition
    prefix: str
    fallback: HttpService | None
    routes: Mapping[str, Route]
    plans: tuple[UsagePlan, ...]
    key_header: str
    key_query: str

    @classmethod
    def of(cls, deployment: Deployment) -> "Served":
        """Gather it from a deployment."""
        api = deployment.api
        targets = [
            step.target for route in api.routes for step in every_step(route.pipeline) if isinstance(step, Invoke)
        ]
        selected = [target.fallback for target in targets if isinstance(target, Selected)]
        keys = [step for route in api.routes for step in route.pipeline.request if isinstance(step, RequireApiKey)]
        return cls(
            api=api,
            prefix=f"/{api.slug}",
            fallback=selected[0] if selected else None,
            routes={f"{route.method} {route.path}": route for route in api.routes},
            plans=deployment.plans,
            key_header=keys[0].header if keys else "",
            key_query=keys[0].query if keys else "",
        )

    def product(self, key: ApiKey | None) -> UsagePlan | None:
        """Give the product in whose context a request is: that of its key, or without a key the open one."""
        if key is None:
            return next((plan for plan in self.plans if plan.open), None)
        return next((plan for plan in self.plans if key.id in plan.keys), None)


class Context:
    """`context` of one request."""

    __slots__ = ("_exchange", "_read", "_served", "_started", "request")

    def __init__(self, exchange: Exchange, served: Served) -> None:
        self._exchange = exchange
        self._served = served
        self._read: set[int] = set()
        self._started = now_ticks() - int((perf_counter() - exchange.started) * _TICKS)
        self.request = RequestView(exchange, served.prefix, served.fallback, self._read)

    @property
    def response(self) -> ResponseView | None:
        """The response, None before there is one."""
        return response_of(self._exchange, self._read)

    @property
    def variables(self) -> Mapping[str, object]:
        """The variables that policies set."""
        return self._exchange.variables

    @property
    def product(self) -> UsagePlan | None:
        """The product, None outside of one."""
        return self._served.product(self._exchange.key)

    @property
    def subscription(self) -> "Subscription | None":
        """The subscription, None without one."""
        key = self._exchange.key
        return None if key is None else Subscription(key, self._presented())

    @property
    def served(self) -> Served:
        """The deployment."""
        return self._served

    @property
    def route(self) -> Route | None:
        """The operation."""
        return self._served.routes.get(self._exchange.route)

    @property
    def last_error(self) -> LastError | None:
        """What went wrong."""
        return last_error(self._exchange)

    @property
    def id(self) -> Guid:
        """The request's identifier."""
        return parse_guid(self._exchange.id)

    @property
    def timestamp(self) -> DateTime:
        """When the request came."""
        return DateTime(self._started)

    @property
    def elapsed(self) -> TimeSpan:
        """How long ago that was."""
        return TimeSpan(now_ticks() - self._started)

    def _presented(self) -> str:
        """The key as the client sent it."""
        request = self._exchange.request
        value = request.header(self._served.key_header.lower().encode("latin-1"))
        if value:
            return value.decode("latin-1")
        return "".join(request.arguments().get(self._served.key_query, ())[:1])

    def trace(self, message: str) -> None:
        """Write a line to the log."""
        _LOG.debug("%s trace: %.10000s", self._exchange.id, message)


class Subscription:
    """The subscription of a request: its key, and that as the client sent it."""

    __slots__ = ("key", "presented")

    def __init__(self, key: ApiKey, presented: str) -> None:
        self.key = key
        self.presented = presented


class User:
    """The owner of a subscription; here it has none, so there is never one."""

    __slots__ = ()


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
