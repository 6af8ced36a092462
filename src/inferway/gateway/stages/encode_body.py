"""EncodeBody: gives the response the content coding that the client asks for."""

from collections.abc import Awaitable

from inferway.definition.message_steps import EncodeBody
from inferway.exchange import Exchange, Response
from inferway.gateway.content_coding import encode_response
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: EncodeBody, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Compile with the size from which responses are encoded."""
    least = step.least

    def encode_body(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        encoding = encode_response(exchange, exchange.response, least)
        return None if isinstance(encoding, Response) else _when_encoded(encoding)

    return (encode_body,)


async def _when_encoded(encoding: Awaitable[Response]) -> None:
    await encoding
