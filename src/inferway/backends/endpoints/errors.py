"""The runtime's errors, as replies: status, `x-amzn-errortype`, and members in the order of the service's own.

Sources: SageMaker Runtime API reference, "InvokeEndpoint", "Errors"; the words of a ModelError, of a time that ran out
and of a container that broke off stand in errors that users published (amazon-sagemaker-examples issues 407 and 4324,
sagemaker-pytorch-inference-toolkit issue 92).
"""

from typing import Final

import msgspec

from inferway.definition.deployment import ACCOUNT, REGION
from inferway.exchange import Reply

TIMED_OUT: Final = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)
ASYNCHRONOUS: Final = "Endpoint {} is asynchronous: it can be invoked by InvokeEndpointAsync only."
"""That it is a ValidationError is in https://github.com/strands-agents/harness-sdk/issues/1969; the words are ours."""
EXITED: Final = "An error occurred while handling request as the model process exited."


def error(status: int, kind: str, message: str, code: str = "") -> Reply:
    """Give an error's reply; `code` is its ErrorCode, where the service gives one."""
    fields: dict[str, object] = {"ErrorCode": code, "Message": message} if code else {"Message": message}
    return _reply(status, kind, fields)


def validation_error(message: str, code: str = "") -> Reply:
    """Give the reply to a call that is refused as it is."""
    return error(400, "ValidationError", message, code)


def not_multi_model(endpoint: str) -> Reply:
    """Give the reply to a call that names a model where there is one (amazon-sagemaker-examples, issue 1216)."""
    text = f"Endpoint {endpoint} is not a multi-model endpoint and does not support target model header."
    return validation_error(text, "TARGET_MODEL_HEADER_NOT_SUPPORTED")


def too_large(limit: int) -> Reply:
    """Give the reply to a body beyond the service's limit."""
    return error(413, "ValidationError", f"The request body is larger than {limit} bytes.")


def unavailable(message: str) -> Reply:
    """Give the reply of an endpoint that nobody answers for now."""
    return error(503, "ServiceUnavailable", message)


def not_ready(message: str) -> Reply:
    """Give the reply of an endpoint whose model is still being loaded."""
    return error(429, "ModelNotReadyException", message)


def model_error(endpoint: str, status: int, body: bytes) -> Reply:
    """Give the reply for a container that answered with an error; a status of 0 is none at all."""
    original = body.decode("utf-8", "replace")
    whose = "client" if status // 100 == 4 else "server"
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    logs = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}#logEventViewer:group={group}"
    text = (
        f'Received {whose} error ({status}) from primary with message "{original}". See {logs} in account {ACCOUNT} '
        "for more information."
    )
    fields: dict[str, object] = {
        "ErrorCode": f"{whose.upper()}_ERROR_FROM_MODEL",
        "LogStreamArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
        "Message": text,
        "OriginalMessage": original,
        "OriginalStatusCode": status,
    }
    return _reply(424, "ModelError", fields)


def _reply(status: int, kind: str, fields: dict[str, object]) -> Reply:
    headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", kind.encode())]
    return Reply(status=status, headers=headers, body=msgspec.json.encode(fields))
