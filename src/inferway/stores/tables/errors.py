"""What the service refuses a request with.

Source: DynamoDB developer guide, "Error handling with DynamoDB".
"""

from typing import Any, Final

import msgspec

_SERVICE: Final = "com.amazonaws.dynamodb.v20120810#"
_PREFIX: Final = {
    "ValidationException": "com.amazon.coral.validate#",
    "SerializationException": "com.amazon.coral.service#",
    "UnknownOperationException": "com.amazon.coral.service#",
}


class TableError(Exception):
    """An error of the service: its name, its message, and the further fields of its body."""

    def __init__(self, kind: str, message: str, fields: dict[str, Any] | None = None, status: int = 400) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.fields = fields or {}
        self.status = status

    @property
    def body(self) -> bytes:
        """The error as JSON 1.0 writes it."""
        kind = _PREFIX.get(self.kind, _SERVICE) + self.kind
        # What the protocol refuses before the operation has its message under a capital (rusoto/rusoto#658).
        member = "Message" if self.kind == "SerializationException" else "message"
        return msgspec.json.encode({"__type": kind, member: self.message, **self.fields})


def invalid(message: str) -> TableError:
    """Give a ValidationException."""
    return TableError("ValidationException", message)


def condition_failed(item: dict[str, Any] | None) -> TableError:
    """Give a ConditionalCheckFailedException, with the item when it was asked for."""
    fields = {"Item": item} if item is not None else {}
    return TableError("ConditionalCheckFailedException", "The conditional request failed", fields)
