"""How calls are spread over the instances of one target, and what keeps a broken instance from being felt."""

from enum import StrEnum

import msgspec


class Routing(StrEnum):
    """How an instance is chosen (SageMaker API reference, `ProductionVariantRoutingConfig`)."""

    LEAST_OUTSTANDING_REQUESTS = "LEAST_OUTSTANDING_REQUESTS"
    RANDOM = "RANDOM"


class HealthCheck(msgspec.Struct, frozen=True, kw_only=True):
    """`GET path` of each instance every `interval` seconds, to be answered with 2xx within `timeout` seconds.

    After `unhealthy` failures in a row an instance gets no calls, after `healthy` successes in a row it gets them.
    The defaults of path and timeout are those of SageMaker's containers ("Use your own inference code with hosting
    services": GET /ping within 2 seconds).
    """

    path: str = "/ping"
    interval: float = 5.0
    timeout: float = 2.0
    unhealthy: int = 2
    healthy: int = 1

    def __post_init__(self) -> None:
        """Refuse a check that could not be made."""
        if not self.path.startswith("/"):
            raise ValueError(f"the path of a health check starts with /, unlike {self.path!r}")
        if not 0.05 <= self.interval <= 3600 or not 0.05 <= self.timeout <= 60:
            raise ValueError("interval is 0.05 to 3600 seconds, timeout 0.05 to 60")
        if not 1 <= self.unhealthy <= 100 or not 1 <= self.healthy <= 100:
            raise ValueError("unhealthy and healthy are 1 to 100 checks")


class OutlierEjection(msgspec.Struct, frozen=True, kw_only=True):
    """An instance whose calls failed `failures` times in a row gets none for `seconds`, each time longer, to `longest`.

    At most `percent` of the instances are out at one time, so that one of two may be and one of one never is.
    """

    failures: int = 5
    seconds: float = 30.0
    longest: float = 300.0
    percent: float = 50.0

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if not 1 <= self.failures <= 1000 or not 0 < self.seconds <= self.longest <= 86_400:
            raise ValueError("failures is 1 to 1000, seconds above 0 up to longest, longest up to 86400")
        if not 0 <= self.percent <= 100:
            raise ValueError("percent is 0 to 100")


class CircuitBreaker(msgspec.Struct, frozen=True, kw_only=True):
    """While `percent` of at least `requests` calls in `window` seconds failed, all are refused for `seconds`.

    Then one call is let through: its success lets all through again, its failure refuses all for as long again.
    """

    percent: float = 50.0
    requests: int = 20
    window: float = 10.0
    seconds: float = 5.0

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if not 0 < self.percent <= 100 or not 1 <= self.requests <= 1_000_000:
            raise ValueError("percent is above 0 to 100, requests 1 to 1000000")
        if not 0 < self.window <= 3600 or not 0 < self.seconds <= 3600:
            raise ValueError("window and seconds are above 0 to 3600")


class Retries(msgspec.Struct, frozen=True, kw_only=True):
    """`attempts` more for a call that failed, on another instance, while retries stay within a budget.

    The budget is `percent` of the calls made, and `least` a second besides. What had not been sent yet is always safe
    to send again; the rest is sent again only where the target is said to be `idempotent` (RFC 9110, section 9.2.2).
    """

    attempts: int = 1
    percent: float = 20.0
    least: float = 1.0
    idempotent: bool = False

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if not 0 <= self.attempts <= 10 or not 0 <= self.percent <= 100 or not 0 <= self.least <= 1000:
            raise ValueError("attempts is 0 to 10, percent 0 to 100, least 0 to 1000 a second")


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """At most `outstanding` calls at a time for each instance; of the others `waiting` wait up to `seconds`."""

    outstanding: int = 16
    waiting: int = 100
    seconds: float = 5.0

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if not 1 <= self.outstanding <= 100_000 or not 0 <= self.waiting <= 100_000 or not 0 < self.seconds <= 3600:
            raise ValueError("outstanding is 1 to 100000, waiting 0 to 100000, seconds above 0 to 3600")


class Balancing(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; what is None is not done."""

    routing: Routing = Routing.RANDOM
    health: HealthCheck | None = None
    ejection: OutlierEjection | None = None
    breaker: CircuitBreaker | None = None
    retry: Retries | None = None
    queue: Queue | None = None
