"""Hands requests to another process of this node, unchanged, so that their signatures hold."""

from typing import Final
from urllib.parse import urlsplit

from inferway.exchange import Request, Response
from inferway.gateway.core import Page, json_page
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions
from inferway.transport.prepared import CONNECTION_HEADERS

_OPTIONS: Final = CallOptions(total_timeout=65.0, read_timeout=65.0)
_STREAMING: Final = CallOptions(total_timeout=485.0, read_timeout=65.0)
"""Of a SageMaker response stream, which may last eight minutes."""
_STREAMED: Final = "/invocations-response-stream"
_OURS: Final = CONNECTION_HEADERS | {b"date"}


def forwarded(client: HttpClient, url: str) -> Page:
    """Give the page that hands each request to the process that listens at a URL."""
    parts = urlsplit(url)
    origin = client.origin(f"{parts.scheme}://{parts.netloc}")

    async def page(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        host = [pair for pair in request.headers if pair[0] == b"host"]
        headers = [pair for pair in request.headers if pair[0] not in CONNECTION_HEADERS and pair[0] != b"host"]
        target = request.path + (f"?{request.query}" if request.query else "")
        is_streamed = request.path.endswith(_STREAMED)
        options = _STREAMING if is_streamed else _OPTIONS
        prepared = origin.prepare(request.method.encode("ascii"), target.encode("latin-1"), host, options)
        if is_streamed:
            prepared = prepared.streaming()
        try:
            reply = await prepared.send(request.body, headers)
        except TransportError as error:
            return json_page(503, {"message": f"the control plane does not answer: {error}"})
        kept = [pair for pair in reply.headers if pair[0] not in _OURS]
        body = reply.body if reply.stream is None else reply.stream
        return Response(status=reply.status, headers=kept, body=body)

    return page
