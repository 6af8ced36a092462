"""Who may call an API: keys, and the plans that say how much."""

import msgspec

from inferway.definition.stage import Quota, Throttle


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A client's key by its identifier; `digest` is the SHA-256 of the value, the only form kept for look-up.

    `expires` is a Unix time in seconds, 0 for never.
    """

    id: str
    name: str
    digest: bytes
    enabled: bool = True
    expires: float = 0.0


class UsagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """Who may call how much: the keys it covers by their identifiers, their throttle and quota.

    `stages` names the stages of the API that it covers, empty for all; an `open` plan lets callers without a key in.
    `routes` maps `PATH/METHOD` to a throttle of its own.
    """

    id: str
    name: str
    keys: tuple[str, ...]
    stages: tuple[str, ...] = ()
    open: bool = False
    throttle: Throttle | None = None
    quota: Quota | None = None
    routes: dict[str, Throttle] = {}
