"""TensorFlow Serving's REST API.

Sources: TensorFlow Serving, "RESTful API" (https://www.tensorflow.org/tfx/serving/api_rest); what the values of other
content types become: SageMaker's container for it (aws/sagemaker-tensorflow-serving-container, README).
"""

import msgspec

from inferway.backends.protocols.content import decode_json, is_json, media_type, rows
from inferway.backends.protocols.sent import JSON, Sent, UnsuitedError


def request(target: bytes, content_type: str, body: bytes) -> Sent:
    """Put a body into a predict call: `{"instances": …}` and `{"inputs": …}` stay, rows become instances."""
    kind = media_type(content_type)
    if is_json(kind):
        value = decode_json(body)
        if isinstance(value, dict) and ("instances" in value or "inputs" in value):
            return Sent(target, JSON, body)
        instances = value if isinstance(value, list) else [value]
    else:
        found = rows(kind, body)
        if found is None:
            raise UnsuitedError(f"TensorFlow Serving's REST API takes JSON; {kind} cannot be put into it")
        instances = found
    return Sent(target, JSON, msgspec.json.encode({"instances": instances}))
