"""The headers of every response: the service's identifiers and CORS, and those that templates add.

Sources: recorded responses; AppSync, "HTTP helpers in $util.http" (which headers templates may not add).
"""

from typing import Any, Final

from inferway.dialects.appsync.scope import RESPONSE_HEADERS
from inferway.exchange import Exchange, Response, header_name, header_value

_CORS: Final = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,Date,x-amz-schema-version",
    ),
)
_REFUSED: Final = frozenset(
    (b"content-length", b"content-type", b"connection", b"transfer-encoding", b"date", b"host", b"upgrade", b"trailer")
)
_REFUSED_PREFIXES: Final = (b"x-amzn-", b"x-amz-", b"access-control-")


def finish(exchange: Exchange, response: Response) -> None:
    """Add the headers."""
    response.headers.append((b"x-amzn-RequestId", exchange.id.encode("ascii")))
    response.headers += _CORS
    given: Any = exchange.variables.get(RESPONSE_HEADERS) or ()
    for name, value in given:
        try:
            made = header_name(name).lower()
        except ValueError:
            continue
        if made not in _REFUSED and not made.startswith(_REFUSED_PREFIXES):
            response.headers.append((made, header_value(value)))
