"""HTTP data sources.

Source: AppSync, "Resolver mapping template reference for HTTP" (https://docs.aws.amazon.com/appsync/latest/devguide/
resolver-mapping-template-reference-http.html).
"""

from typing import Final
from urllib.parse import parse_qsl, unquote

from inferway.dialects.appsync.data_source import Outcome, Sent, SourceError, object_of, text_of, wrong_document
from inferway.dialects.appsync.json_values import write_json
from inferway.exchange import Call, Exchange, Headers, Reply, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.languages.vtl import java_text

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH")
RESOURCE: Final = "resource"
"""The parameter of the target's URL that takes `resourcePath`."""

_FAULTS: Final = {FaultKind.BACKEND_TIMEOUT: "HttpTimeout", FaultKind.MALFORMED_REQUEST: "BadRequest"}


class HttpSource:
    """Sends the document's method, path, query, headers and body to the endpoint."""

    def call(self, document: dict[str, object]) -> Call:
        """Give the call."""
        method = text_of(document, "method").upper()
        if method not in METHODS:
            raise wrong_document(f"Unsupported method '{method}'. Supported methods: {', '.join(METHODS)}.")
        path, _, query = text_of(document, "resourcePath").partition("?")
        params = object_of(document, "params")
        pairs = parse_qsl(query, keep_blank_values=True)
        for name, value in object_of(params, "query", "params.").items():
            pairs += [(name, java_text(item)) for item in (value if isinstance(value, list) else [value])]
        return Call(
            method=method,
            parameters={RESOURCE: unquote(path).lstrip("/")},
            query=pairs,
            headers=_headers(object_of(params, "headers", "params.")),
            body=_body(params.get("body")),
        )

    def outcome(self, reply: Reply, sent: Sent, exchange: Exchange) -> Outcome:  # noqa: ARG002 - a source's form
        """Give the reply: a status of any kind is no error."""
        headers: dict[str, str] = {}
        for name, value in reply.headers:
            text, key = value.decode("latin-1"), name.decode("latin-1")
            headers[key] = f"{headers[key]},{text}" if key in headers else text
        result = {"headers": headers, "statusCode": reply.status, "body": reply.body.decode("utf-8", "replace")}
        return Outcome(result=result)

    def failed(self, fault: Fault) -> SourceError:
        """Give the error for an endpoint that gave no reply."""
        return SourceError(
            message=fault.message or "The endpoint gave no response.", type=_FAULTS.get(fault.kind, "HttpConnection")
        )


def _headers(given: dict[str, object]) -> Headers:
    try:
        return [(header_name(name).lower(), header_value(java_text(value))) for name, value in given.items()]
    except ValueError as error:
        raise wrong_document(str(error)) from error


def _body(body: object) -> bytes:
    if body is None:
        return b""
    return (body if isinstance(body, str) else write_json(body)).encode("utf-8", "replace")
