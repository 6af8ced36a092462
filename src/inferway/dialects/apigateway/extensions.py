"""The vendor's OpenAPI extensions, and what becomes of those that are not read.

Source: API Gateway, "OpenAPI extensions for API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-swagger-extensions.html).
"""

from collections.abc import Mapping
from typing import Final

from inferway.faults import Severity
from inferway.formats.cursor import Cursor

PREFIX: Final = "x-amazon-apigateway-"

_HTTP_API: Final = (Severity.WARNING, "only HTTP APIs have this extension; it is ignored")
_Known = Mapping[str, tuple[Severity, str] | None]

DOCUMENT: Final[_Known] = {
    "api-key-source": None,
    "auth": None,
    "gateway-responses": None,
    "request-validator": None,
    "request-validators": None,
    "policy": None,
    "binary-media-types": None,
    "minimum-compression-size": None,
    "endpoint-configuration": (Severity.NOTE, "endpoint types and VPC endpoints do not matter here"),
    "endpoint-access-mode": (Severity.NOTE, "the endpoint access mode does not matter here"),
    "security-policy": (Severity.NOTE, "the TLS policy of the service's domain does not matter here"),
    "documentation": None,
    "cors": _HTTP_API,
    "importexport-version": _HTTP_API,
    "integrations": _HTTP_API,
}
"""The extensions of a document by their names behind the prefix; None for what is read."""

PATH_ITEM: Final[_Known] = {"any-method": None}

OPERATION: Final[_Known] = {
    "auth": None,
    "integration": None,
    "request-validator": None,
    "documentation": (Severity.NOTE, "documentation parts stand beside the paths; this one is ignored"),
}


_REPORT: Final = {Severity.ERROR: Cursor.error, Severity.WARNING: Cursor.warning, Severity.NOTE: Cursor.note}


def report_extensions(holder: Cursor, known: _Known) -> None:
    """Report each extension of a holder that is not read."""
    for key, extension in holder.entries():
        if not key.startswith(PREFIX):
            continue
        name = key.removeprefix(PREFIX)
        if name not in known:
            extension.warning("unknown-extension", f"{key} is not known here; it is ignored")
            continue
        severity, text = known[name] or (None, "")
        if severity is not None and extension.value not in (None, [], {}):
            _REPORT[severity](extension, "unserved-extension", text)
