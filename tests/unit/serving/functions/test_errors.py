"""Tests of the documents of functions that failed outside their handler."""

import json

import pytest

from inferway.serving.functions import errors


@pytest.mark.parametrize(
    ("code", "text"),
    [
        # as users of the service report them
        (1, "Runtime exited with error: exit status 1"),
        (106, "Runtime exited with error: exit status 106"),
        (0, "Runtime exited without providing a reason"),
        (-9, "Runtime exited with error: signal: killed"),
        (-11, "Runtime exited with error: signal: segmentation fault"),
        (-50, "Runtime exited with error: signal: signal 50"),
    ],
)
def test_an_end_has_its_text(code: int, text: str) -> None:
    assert json.loads(errors.exited("f3", code)) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: f3 Error: {text}",
    }


def test_a_timeout_has_two_decimals() -> None:
    assert json.loads(errors.timed_out("f3", 3.0))["errorMessage"] == (
        "RequestId: f3 Error: Task timed out after 3.00 seconds"
    )


def test_a_document_of_the_start_gets_the_request_that_it_answers() -> None:
    document = errors.with_request(b'{"errorType":"E","errorMessage":"m","requestId":""}', "f3")
    assert json.loads(document)["requestId"] == "f3"
    assert errors.summary(document) == "E: m"
