"""What the gateway asks of a store of tables."""

from typing import Protocol

import msgspec


class TableAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A response as DynamoDB's JSON 1.0 protocol has it: 200 with the result, 400 or 500 with the error."""

    status: int
    body: bytes


class TableService(Protocol):
    """A store that speaks DynamoDB's own protocol."""

    async def answer(self, operation: str, body: bytes) -> TableAnswer:
        """Carry out an operation, `PutItem` or another, with its request as JSON; raises nothing."""
        ...
