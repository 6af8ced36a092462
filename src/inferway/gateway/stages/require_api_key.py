"""RequireApiKey: refuses a caller without a valid API key of this deployment."""

from hashlib import sha256
from time import time
from typing import Final

from inferway.definition.steps import ApiKeySource, RequireApiKey
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

_MISSING: Final = Fault(kind=FaultKind.MISSING_API_KEY)
_INVALID: Final = Fault(kind=FaultKind.INVALID_API_KEY)


def compile_stage(step: RequireApiKey, parts: Parts) -> tuple[Stage, ...]:
    """Look keys up by the SHA-256 of their value; where usage plans cover the stage, only their keys count."""
    plans = parts.deployment.plans
    covered = {key for plan in plans for key in plan.keys}
    count_all = not plans or step.planless
    keys = {key.digest: key for key in parts.deployment.keys if key.enabled and (count_all or key.id in covered)}
    header, query = step.header.lower().encode("latin-1"), step.query
    missing = None if step.optional or any(plan.open for plan in plans) else _MISSING

    def require_api_key(exchange: Exchange) -> Outcome:
        request = exchange.request
        value = request.header(header)
        if not value and query:
            value = "".join(request.arguments().get(query, ())[:1]).encode("utf-8", "replace")
        return take(exchange, value) if value else missing

    def take(exchange: Exchange, value: bytes) -> Outcome:
        key = keys.get(sha256(value).digest())
        if key is None or (key.expires and key.expires <= time()):
            return _INVALID
        exchange.key = key
        return None

    def require_authorizer_s_key(exchange: Exchange) -> Outcome:
        found = exchange.authorizer
        value = found.usage_key if found is not None else None
        return take(exchange, value.encode("utf-8", "replace")) if value else missing

    return (require_api_key if step.source is ApiKeySource.HEADER else require_authorizer_s_key,)
