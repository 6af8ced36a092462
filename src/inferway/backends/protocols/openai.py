"""OpenAI-compatible servers: chat, completions and embeddings, told apart by what the body has.

Source: OpenAI API reference (https://platform.openai.com/docs/api-reference). SageMaker's LMI containers take the same
bodies at `/invocations`.
"""

from typing import Final

import msgspec

from inferway.backends.protocols.content import decode_json, is_json, media_type
from inferway.backends.protocols.sent import JSON, Sent, UnsuitedError

_TARGETS: Final = {
    "messages": b"/v1/chat/completions",
    "prompt": b"/v1/completions",
    "input": b"/v1/embeddings",
}


def request(model: str, content_type: str, body: bytes) -> Sent:
    """Put a body where it belongs; one that names no model gets the endpoint's."""
    kind = media_type(content_type)
    value = decode_json(body) if is_json(kind) else None
    if not isinstance(value, dict):
        raise UnsuitedError(f"an OpenAI-compatible server takes JSON objects; {kind} cannot be put into one")
    target = next((_TARGETS[key] for key in _TARGETS if key in value), None)
    if target is None:
        raise UnsuitedError(f"the body has none of {', '.join(_TARGETS)}")
    if model and "model" not in value:
        return Sent(target, JSON, msgspec.json.encode({"model": model, **value}))
    return Sent(target, JSON, body)
