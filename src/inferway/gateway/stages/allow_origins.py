"""AllowOrigins: answers preflights and adds the headers of cross-origin sharing.

Source: Fetch (https://fetch.spec.whatwg.org/#http-cors-protocol).
"""

from collections.abc import Callable

from inferway.definition.guard_steps import AllowOrigins
from inferway.exchange import Exchange, Finalizer, Headers, Response
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: AllowOrigins, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Settle what is allowed."""
    origins = frozenset(origin.rstrip("/").lower() for origin in step.origins)
    methods, headers = _any_or(step.methods, str.upper), _any_or(step.headers, str.lower)

    def allow_origins(exchange: Exchange) -> Outcome:
        request = exchange.request
        origin = (request.header(b"origin") or b"").decode("latin-1")
        if not origin:
            return None
        allowed = "*" in origins or origin.rstrip("/").lower() in origins
        asked = request.header(b"access-control-request-method")
        if request.method == "OPTIONS" and asked is not None:
            wanted = [name for name in _list(request.header(b"access-control-request-headers")) if name]
            fits = _fits(methods, asked.decode("latin-1").upper()) and all(_fits(headers, name) for name in wanted)
            return Response(status=200, headers=_preflight(step, origin, asked, wanted) if allowed and fits else [])
        if allowed:
            exchange.finalizers.append(_share(step, origin))
        elif step.terminate:
            return Response(status=200, headers=[])
        return None

    return (allow_origins,)


def _any_or(names: tuple[str, ...], fold: Callable[[str], str]) -> frozenset[str] | None:
    return None if "*" in names else frozenset(fold(name) for name in names)


def _fits(names: frozenset[str] | None, name: str) -> bool:
    return names is None or name in names


def _list(value: bytes | None) -> list[str]:
    return [name.strip().lower() for name in (value or b"").decode("latin-1").split(",")]


def _preflight(step: AllowOrigins, origin: str, asked: bytes, wanted: list[str]) -> Headers:
    made = _shared(step, origin)
    made.append((b"Access-Control-Allow-Methods", asked if "*" in step.methods else ",".join(step.methods).encode()))
    if wanted:
        names = wanted if "*" in step.headers else step.headers
        made.append((b"Access-Control-Allow-Headers", ",".join(names).encode("latin-1")))
    if step.max_age:
        made.append((b"Access-Control-Max-Age", str(step.max_age).encode("ascii")))
    return made


def _shared(step: AllowOrigins, origin: str) -> Headers:
    plain = "*" in step.origins and not step.credentials
    made: Headers = [(b"Access-Control-Allow-Origin", b"*" if plain else origin.encode("latin-1"))]
    if step.credentials:
        made.append((b"Access-Control-Allow-Credentials", b"true"))
    return made


def _share(step: AllowOrigins, origin: str) -> Finalizer:
    made = _shared(step, origin)
    if step.exposed:
        made.append((b"Access-Control-Expose-Headers", ",".join(step.exposed).encode("latin-1")))

    def share(exchange: Exchange) -> None:
        exchange.response.headers = [
            pair for pair in exchange.response.headers if not pair[0].lower().startswith(b"access-control-")
        ] + made

    return share
