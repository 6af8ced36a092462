"""MLflow's scoring server.

Source: MLflow, "Deploy MLflow Model as a Local Inference Server", "Inference Server Specification"
(https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/).
"""

from typing import Final

import msgspec

from inferway.backends.protocols.content import decode_json, is_json, media_type, rows
from inferway.backends.protocols.sent import JSON, Sent, UnsuitedError

_FORMS: Final = frozenset(("dataframe_split", "dataframe_records", "instances", "inputs", "messages", "input"))


def request(target: bytes, content_type: str, body: bytes) -> Sent:
    """Put a body into a scoring call: what has one of the server's own forms stays, records and rows become one.

    CSV goes on as it is; the server takes its first line for the names of the columns.
    """
    kind = media_type(content_type)
    if kind == "text/csv":
        return Sent(target, [(b"content-type", b"text/csv")], body)
    value = decode_json(body) if is_json(kind) else rows(kind, body)
    if value is None:
        raise UnsuitedError(f"MLflow's scoring server takes JSON and CSV; {kind} cannot be put into it")
    if isinstance(value, dict) and _FORMS & value.keys():
        return Sent(target, JSON, body)
    given = value if isinstance(value, list) else [value]
    form = "dataframe_records" if given and all(isinstance(row, dict) for row in given) else "inputs"
    return Sent(target, JSON, msgspec.json.encode({form: given}))
