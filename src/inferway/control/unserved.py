"""What a service answers that is not here: an error that says so, in the protocol of the service that was meant."""

import re
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from inferway.control.aws_json import request_id_header
from inferway.exchange import Request, Response

_SCOPE: Final = re.compile(rb"Credential=[^/\s]+/\d{8}/[^/\s]+/([a-z0-9-]{1,64})/aws4_request")
_KIND: Final = "NotImplemented"
_STATUS: Final = 501  # clients of AWS do not try such a call again


class Unserved:
    """Every service but those that are served."""

    def __init__(self, served: tuple[str, ...]) -> None:
        self._served = ", ".join(served)

    async def handle(self, request: Request, below: str) -> Response:
        """Answer one request; the service stands in its signature."""
        named = _SCOPE.search(request.header(b"authorization") or b"")
        service = named[1].decode() if named else below.partition("/")[0][:64]
        target = (request.header(b"x-amz-target") or b"").decode("latin-1")[:100]
        asked = f"{service}: {target}" if target else service or "this service"
        said = f"{asked} is not served by Inferway; a function reaches {self._served} here"
        if service == "s3":
            return _xml(f"<Error><Code>{_KIND}</Code><Message>{escape(said)}</Message></Error>")
        if (request.header(b"content-type") or b"").startswith(b"application/x-www-form-urlencoded"):
            code = f"<Type>Sender</Type><Code>{_KIND}</Code><Message>{escape(said)}</Message>"
            return _xml(f"<ErrorResponse><Error>{code}</Error></ErrorResponse>")
        body = msgspec.json.encode({"__type": _KIND, "message": said})
        return _response(body, b"application/json", (b"x-amzn-errortype", _KIND.encode()))


def _xml(document: str) -> Response:
    return _response(f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode(), b"application/xml")


def _response(body: bytes, content_type: bytes, *more: tuple[bytes, bytes]) -> Response:
    return Response(status=_STATUS, headers=[request_id_header(), (b"content-type", content_type), *more], body=body)
