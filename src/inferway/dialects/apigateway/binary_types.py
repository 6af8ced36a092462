"""Binary media types of an API, and what an integration does with them.

Source: API Gateway, "Binary media types for REST APIs in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-payload-encodings.html), "Content type conversions in API Gateway" (…-payload-encodings-
workflow.html).
"""

from typing import Final

import msgspec

from inferway.definition.steps import ContentHandling, Payload
from inferway.formats.cursor import Cursor

EXTENSION: Final = "x-amazon-apigateway-binary-media-types"


def read_payload(document: Cursor) -> Payload:
    """Read the binary media types of an API; CloudFormation's may have their slashes as `~1`."""
    types = (kind.text().strip().lower().replace("~1", "/") for kind in document[EXTENSION].items())
    return Payload(binary_types=tuple(kind for kind in types if kind))


def handled(payload: Payload, handling: Cursor) -> Payload:
    """Give the payload of an integration, or of one of its responses, with its own contentHandling."""
    text = handling.text().lower()
    if text and text not in set(ContentHandling):
        handling.error("bad-content-handling", f"contentHandling is CONVERT_TO_BINARY or CONVERT_TO_TEXT, not {text}")
        return payload
    return msgspec.structs.replace(payload, handling=ContentHandling(text))
