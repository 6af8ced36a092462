"""AWS_PROXY integrations whose responseTransferMode is STREAM: Lambda's InvokeWithResponseStream.

Source: API Gateway, "Set up a Lambda proxy integration with payload response streaming in API Gateway": metadata as
JSON, eight NUL bytes, then the payload.
"""

import json
from typing import Any

import pytest

from inferway.backends.event_stream import encode_event, encode_exception
from inferway.body_stream import BrokenStreamError
from inferway.faults import FaultKind

FAILED = '{"message": "Internal server error"}'
NULS = bytes(8)
COMPLETE = encode_event("InvokeComplete", b"{}", "application/json")
EVENTS = {"Content-Type": "application/vnd.amazon.eventstream"}


def document(lab: Any, **parts: Any) -> dict[str, Any]:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:recorded"
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/{arn}/response-streaming-invocations"
    made = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri, "responseTransferMode": "STREAM", **parts}
    top: dict[str, Any] = lab.document({"/t": {"get": lab.operation(made)}})
    return top


def played(lab: Any, *pieces: bytes, end: bytes = COMPLETE, **parts: Any) -> Any:
    body = b"".join(encode_event("PayloadChunk", piece) for piece in pieces) + end
    return lab.play(document(lab, **parts), ("GET", "/t?a=1"), replies=(lab.reply(headers=EVENTS, body=body),))


def answer(lab: Any, *pieces: bytes, end: bytes = COMPLETE) -> Any:
    return played(lab, *pieces, end=end).answer


def metadata(**given: Any) -> bytes:
    return json.dumps(given).encode() + NULS


def failure(kind: str, text: str) -> bytes:
    details = json.dumps({"errorType": kind, "errorMessage": text})
    complete = json.dumps({"ErrorCode": "Unhandled", "ErrorDetails": details})
    return encode_event("InvokeComplete", complete.encode(), "application/json")


def refused(answer: Any, status: int = 502) -> bool:
    return (answer.status, answer.text, answer.error) == (status, FAILED, "InternalServerErrorException")


def test_metadata_is_the_head_and_the_payload_the_body(lab: Any) -> None:
    """Documented: the format."""
    given = {"headers": {"X-Own": "it"}, "multiValueHeaders": {"X-Two": ["a", "b"]}, "cookies": ["c=1", "d=2"]}
    made = answer(lab, metadata(statusCode=201, **given) + b"one ", b"two")
    assert (made.status, made.body) == (201, b"one two")
    assert (made.headers["x-own"], made.headers["x-two"], made.headers["set-cookie"]) == ("it", "a, b", "c=1, d=2")


def test_the_event_is_that_of_every_proxy_integration(lab: Any) -> None:
    """Documented: the same input format."""
    made = played(lab, metadata())
    assert made.call.target.startswith("/2021-11-15/functions/recorded/response-streaming-invocations")
    event = json.loads(made.call.body)
    assert (event["httpMethod"], event["queryStringParameters"]) == ("GET", {"a": "1"})


def test_metadata_may_come_in_any_pieces(lab: Any) -> None:
    """Documented: the payload begins behind eight NUL bytes, however the stream is cut."""
    whole = metadata(statusCode=202) + b"payload" + NULS + b"more"
    made = answer(lab, *[whole[at : at + 3] for at in range(0, len(whole), 3)])
    assert (made.status, made.body) == (202, b"payload" + NULS + b"more")


@pytest.mark.parametrize("given", [{}, {"statusCode": None}])
def test_without_a_status_it_is_200(lab: Any, given: dict[str, Any]) -> None:
    """Assumed: as in a proxy integration that is not streamed."""
    made = answer(lab, metadata(**given) + b"x")
    assert (made.status, made.body, made.headers["content-type"]) == (200, b"x", "application/json")


def test_a_payload_may_be_empty_and_binary(lab: Any) -> None:
    """Documented: "raw payload"."""
    assert answer(lab, metadata(statusCode=200)).body == b""
    assert answer(lab, metadata(), bytes(range(256))).body == bytes(range(256))


@pytest.mark.parametrize(
    "pieces",
    [
        (b"",),
        (b'{"statusCode": 200, "body": "text"}',),
        (b'{"statusCode": 200}' + bytes(7), b"payload"),
        (b"not json" + NULS,),
        (b"[]" + NULS,),
        (b'{"statusCode": 99}' + NULS,),
        (b'{"statusCode": "much"}' + NULS,),
        (b'{"headers": {"bad name": "x"}}' + NULS,),
        (b" " * 20_000 + b"{}" + NULS,),
    ],
    ids=["empty", "no delimiter", "seven", "text", "list", "low", "word", "name", "beyond 16 KB"],
)
def test_a_result_that_does_not_begin_with_metadata_is_a_bad_gateway(lab: Any, pieces: tuple[bytes, ...]) -> None:
    """Documented: valid metadata and the delimiter, within 16 KB, come first; 502 assumed, as without a stream."""
    assert refused(answer(lab, *pieces))


def test_a_function_that_fails_before_its_metadata_is_a_bad_gateway(lab: Any) -> None:
    """Assumed: as without a stream ("Handling Lambda errors with an API Gateway API")."""
    assert refused(answer(lab, end=failure("TypeError", "at once")))
    assert refused(answer(lab, b'{"statusCode"', end=failure("TypeError", "at once")))


@pytest.mark.parametrize(
    ("end", "kind", "cause"),
    [
        (failure("RangeError", "half way"), FaultKind.BACKEND_FAILED, "half way"),
        (encode_exception("ServiceException", b"{}"), FaultKind.BACKEND_FAILED, "ServiceException"),
        (b"", FaultKind.BACKEND_BROKE_PROTOCOL, "before it is complete"),
    ],
)
def test_a_function_that_fails_within_its_payload_breaks_the_response_off(
    lab: Any, end: bytes, kind: FaultKind, cause: str
) -> None:
    """Documented: the head has gone by then; troubleshooting, "curl: (18) transfer closed"."""
    with pytest.raises(BrokenStreamError) as caught:
        played(lab, metadata() + b"half", end=end)
    assert caught.value.fault.kind is kind
    assert cause in caught.value.fault.cause


@pytest.mark.parametrize("status", [429, 404, 500])
def test_an_invocation_that_is_refused_is_an_internal_error(lab: Any, status: int) -> None:
    """Recorded for Invoke: public logs, "Execution failed due to configuration error"; the same assumed here."""
    reply = lab.reply(status, {"x-amzn-errortype": "TooManyRequestsException"}, b'{"Type":"User"}')
    made = lab.play(document(lab), ("GET", "/t"), replies=(reply,)).answer
    assert refused(made, 500)


def test_a_function_that_says_nothing_in_time_is_a_timeout(lab: Any) -> None:
    """Documented: INTEGRATION_TIMEOUT, while no metadata has come."""
    made = lab.play(document(lab, timeoutInMillis=60), ("GET", "/t"), replies=(lab.reply(0),)).answer
    assert (made.status, made.text) == (504, '{"message": "Endpoint request timed out"}')


def test_headers_are_remapped_as_in_every_proxy_integration(lab: Any) -> None:
    """Documented: important notes, the table of headers."""
    made = answer(lab, metadata(headers={"Content-Length": "3", "Server": "own"}) + b"abc")
    assert (made.headers["x-amzn-remapped-content-length"], made.headers["x-amzn-remapped-server"]) == ("3", "own")
    assert "content-length" not in made.headers
