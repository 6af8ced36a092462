"""Calls of services that are not here: each client gets an error that it can read.

The protocols' error documents: https://smithy.io/2.0/aws/protocols/index.html; here botocore's own parsers read them.
"""

import asyncio
from importlib import import_module
from typing import Any

import pytest

from inferway.control.unserved import Unserved
from inferway.exchange import Request

BOTOCORE: Any = import_module("botocore.session")
PARSERS: Any = import_module("botocore.parsers")
SIGNED = b"AWS4-HMAC-SHA256 Credential=AKIA/20261121/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=00"


@pytest.mark.parametrize(
    ("service", "operation", "scope", "headers"),
    [
        ("s3", "GetObject", b"s3", []),
        ("sns", "Publish", b"sns", [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]),
        ("sqs", "SendMessage", b"sqs", [(b"x-amz-target", b"AmazonSQS.SendMessage")]),
        ("stepfunctions", "StartExecution", b"states", [(b"x-amz-target", b"AWSStepFunctions.StartExecution")]),
        ("apigateway", "GetRestApis", b"apigateway", []),
    ],
)
def test_a_client_is_told(service: str, operation: str, scope: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    signed = (b"authorization", SIGNED % scope)
    request = Request(method="POST", path="/", query="", headers=[signed, *headers], body=b"", client="127.0.0.1")
    answer = asyncio.run(Unserved(("dynamodb", "lambda")).handle(request, ""))
    assert answer.status == 501
    model = BOTOCORE.get_session().get_service_model(service)
    response: dict[str, Any] = {
        "body": answer.body,
        "headers": {name.decode(): value.decode() for name, value in answer.headers},
        "status_code": answer.status,
        "context": {"operation_name": operation},
    }
    parsed = PARSERS.create_parser(model.metadata["protocol"]).parse(
        response, model.operation_model(operation).output_shape
    )
    assert parsed["Error"]["Code"] == "NotImplemented"
    assert parsed["Error"]["Message"].startswith(f"{scope.decode()}")
    assert parsed["Error"]["Message"].endswith("is not served by Inferway; a function reaches dynamodb, lambda here")
