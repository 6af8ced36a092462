"""HTTP_PROXY integrations whose responseTransferMode is STREAM.

Source: API Gateway, "Stream the integration response for your proxy integrations in API Gateway" and "Set up an HTTP
proxy integration with payload response streaming".
"""

import hashlib
from typing import Any

import pytest

from inferway.definition.stage import StageSettings


def streamed(lab: Any, **parts: Any) -> dict[str, Any]:
    made: dict[str, Any] = lab.document(
        {"/t": {"x-amazon-apigateway-any-method": lab.operation(lab.proxy(responseTransferMode="STREAM", **parts))}}
    )
    return made


def test_a_reply_goes_back_as_it_came(lab: Any) -> None:
    """Documented: status, headers and payload are passed through."""
    reply = lab.reply(206, {"Content-Type": "text/event-stream", "X-Own": "it"}, b"data: 1\n\ndata: 2\n\n")
    made = lab.play(streamed(lab), ("GET", "/t?a=1"), replies=(reply,))
    assert (made.answer.status, made.answer.body) == (206, b"data: 1\n\ndata: 2\n\n")
    assert (made.answer.headers["content-type"], made.answer.headers["x-own"]) == ("text/event-stream", "it")
    assert (made.call.method, made.call.target) == ("GET", "/?a=1")


def test_a_length_is_not_passed_on(lab: Any) -> None:
    """Assumed: a streamed response has a transfer coding; the backend's length is remapped as in buffered responses."""
    made = lab.play(streamed(lab), ("GET", "/t"), replies=(lab.reply(body=b"12345"),)).answer
    assert "content-length" not in made.headers
    assert made.headers["x-amzn-remapped-content-length"] == "5"


@pytest.mark.parametrize("size", [10_485_761, 30_000_000])
def test_a_payload_may_be_larger_than_ten_megabytes(lab: Any, size: int) -> None:
    """Documented: "Exceed API Gateway's 10 MB response payload limit"."""
    body = bytes(size)
    made = lab.play(streamed(lab), ("GET", "/t"), replies=(lab.reply(body=body),)).answer
    assert (made.status, hashlib.sha256(made.body).digest()) == (200, hashlib.sha256(body).digest())


def test_a_buffered_payload_of_more_than_ten_megabytes_still_fails(lab: Any) -> None:
    """Documented: "Amazon API Gateway quotas", payload size."""
    document = lab.document({"/t": {"get": lab.operation(lab.proxy(method="GET"))}})
    made = lab.play(document, ("GET", "/t"), replies=(lab.reply(body=bytes(10_485_761)),)).answer
    assert made.status == 504


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_status_of_failure_is_the_backend_s(lab: Any, status: int) -> None:
    """Documented: a proxy passes the response through."""
    made = lab.play(streamed(lab), ("GET", "/t"), replies=(lab.reply(status, body=b"no"),)).answer
    assert (made.status, made.body, made.error) == (status, b"no", "")


def test_a_backend_that_says_nothing_in_time_is_a_timeout(lab: Any) -> None:
    """Documented: INTEGRATION_TIMEOUT, while no head has come."""
    made = lab.play(streamed(lab, timeoutInMillis=60), ("GET", "/t"), replies=(lab.reply(0),)).answer
    assert (made.status, made.text) == (504, '{"message": "Endpoint request timed out"}')


def test_nothing_of_a_stream_is_cached(lab: Any) -> None:
    """Documented: endpoint caching is not supported with response streaming."""
    stage = StageSettings(name="prod", cache=True)
    replies = (lab.reply(body=b"1"), lab.reply(body=b"2"))
    made = lab.play(streamed(lab), ("GET", "/t"), ("GET", "/t"), replies=replies, stage=stage)
    assert [answer.body for answer in made.answers] == [b"1", b"2"]


def test_a_binary_payload_needs_no_binary_media_types(lab: Any) -> None:
    """Documented: "Receive a binary payload without configuring the binary media types"."""
    body = bytes(range(256))
    reply = lab.reply(headers={"Content-Type": "application/octet-stream"}, body=body)
    assert lab.play(streamed(lab), ("GET", "/t"), replies=(reply,)).answer.body == body


def test_an_encoded_payload_stays_encoded(lab: Any) -> None:
    """Documented: content encoding is not supported; an integration may compress its response itself."""
    document = streamed(lab) | {"x-amazon-apigateway-minimum-compression-size": 0}
    asked = ("GET", "/t", {"Accept-Encoding": "gzip"})
    plain = lab.play(document, asked, replies=(lab.reply(body=b"text"),)).answer
    assert (plain.body, plain.headers.get("content-encoding")) == (b"text", None)
    reply = lab.reply(headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8bno more")
    packed = lab.play(document, asked, replies=(reply,)).answer
    assert (packed.body, packed.headers["content-encoding"]) == (b"\x1f\x8bno more", "gzip")
