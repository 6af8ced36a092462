"""A stage: under which settings a revision of an API is served."""

from enum import StrEnum
from typing import Final

import msgspec

from inferway.definition.canary import Canary
from inferway.definition.steps import Step

MOST_REQUESTS: Final = 2_147_483_647
"""The largest rate, burst, limit or offset: the vendor's are 32-bit integers."""


LOG_DESTINATION: Final = "access-log-destination"
"""The code of the note that a stage's access log goes elsewhere than its definition says."""


class Throttle(msgspec.Struct, frozen=True, kw_only=True):
    """A token bucket: `rate` tokens a second, at most `burst` of them."""

    rate: float
    burst: int

    def __post_init__(self) -> None:
        """Refuse a bucket that could never be meant: a rate or burst that is negative, endless, or no number."""
        if not 0 <= self.rate <= MOST_REQUESTS or not 0 <= self.burst <= MOST_REQUESTS:
            raise ValueError(f"a throttle's rate and burst must not be negative, nor more than {MOST_REQUESTS}")


class Period(StrEnum):
    """The calendar window of a quota, in UTC."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """At most `limit` requests per period; `offset` requests are subtracted from the first period."""

    limit: int
    period: Period
    offset: int = 0

    def __post_init__(self) -> None:
        """Refuse a limit or offset that is negative or beyond counting."""
        if not 0 <= self.limit <= MOST_REQUESTS or not 0 <= self.offset <= MOST_REQUESTS:
            raise ValueError(f"a quota's limit and offset must not be negative, nor more than {MOST_REQUESTS}")


class UnauthorizedInvalidation(StrEnum):
    """What a request that may not invalidate the cache gets."""

    FAIL_WITH_403 = "FAIL_WITH_403"
    SUCCEED_WITH_RESPONSE_HEADER = "SUCCEED_WITH_RESPONSE_HEADER"
    SUCCEED_WITHOUT_RESPONSE_HEADER = "SUCCEED_WITHOUT_RESPONSE_HEADER"


class CacheSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The stage cache for one route; `ttl` in seconds."""

    ttl: int = 300
    require_authorization: bool = True
    unauthorized: UnauthorizedInvalidation = UnauthorizedInvalidation.SUCCEED_WITH_RESPONSE_HEADER

    def __post_init__(self) -> None:
        """Refuse a time to live that the vendor refuses: outside 0 to 3,600 s."""
        if not 0 <= self.ttl <= 3600:
            raise ValueError("a cache's ttl is 0 to 3600 seconds")


class RouteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage sets for one route, or for all under `*/*`."""

    throttle: Throttle | None = None
    caching: bool | None = None
    cache: CacheSettings | None = None


class StageSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A stage: its name, variables, and settings per route.

    `routes` maps `PATH/METHOD` (`/predicted-ratings/{user_id}/GET`) or `*/*` to settings. `access_log_format` is the
    line that the definition wants logged per request, "" for none of its own; `access_log` is the file that takes the
    lines, `-` for standard output, "" for the gateway's own log. `tracing` says that the stage samples traces.
    `front` are the steps that every request goes through before its route is looked up. `vpc` and `vpc_endpoint` are
    where calls come from, as policies see it; "" for the public network. `client_certificate` names what HTTP backends
    are shown, "" for nothing.
    """

    name: str = "prod"
    variables: dict[str, str] = {}
    routes: dict[str, RouteSettings] = {}
    cache: bool = False
    access_log_format: str = ""
    access_log: str = ""
    tracing: bool = False
    front: tuple[Step, ...] = ()
    canary: Canary | None = None
    vpc: str = ""
    vpc_endpoint: str = ""
    client_certificate: str = ""

    def settings(self, path: str, method: str) -> RouteSettings:
        """Give the settings in force for a route: its own fields where set, else those of `*/*`."""
        every = self.routes.get("*/*", RouteSettings())
        own = self.routes.get(f"{path}/{method}", every)
        return RouteSettings(
            throttle=own.throttle or every.throttle,
            caching=own.caching if own.caching is not None else every.caching,
            cache=own.cache or every.cache,
        )
