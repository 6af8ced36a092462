"""`context`: what an expression sees, as objects.

Source: API Management, "API Management policy expressions", Context variable (https://learn.microsoft.com/azure/
api-management/api-management-policy-expressions).
"""

import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition, Route
from inferway.definition.deployment import Deployment
from inferway.definition.steps import Invoke, RequireApiKey
from inferway.definition.targets import HttpService, Selected
from inferway.definition.traversal import every_step
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.dialects.apim.last_error import LastError, last_error
from inferway.dialects.apim.messages import RequestView, ResponseView, response_of
from inferway.exchange import Exchange
from inferway.languages.csharp.dates import DateTime, TimeSpan, now_ticks
from inferway.languages.csharp.guid import Guid, parse_guid

_LOG: Final = logging.getLogger("inferway.definition")
_TICKS: Final = 10_000_000
"""Ticks of a second."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What stays the same for all requests of a deployment."""

    api: ApiDefinition
    base: str
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
            base=f"/{api.base}" if api.base else "",
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
        self.request = RequestView(exchange, served.base, served.fallback, self._read)

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
