"""What a broken, slow, lying or vanished model does: the vendor's error, one log entry with its cause, nothing else.

Statuses and messages: API Gateway, "Gateway response types" (INTEGRATION_FAILURE, INTEGRATION_TIMEOUT: 504).
"""

import itertools
import threading
from typing import Any

import pytest

TIMED_OUT = (504, b'{"message": "Endpoint request timed out"}')
FAILED = (504, b'{"message": "Network error communicating with endpoint"}')
_marks = itertools.count()


def mark() -> str:
    return f"upstream-{next(_marks)}"


@pytest.mark.parametrize(
    ("behaviour", "expected", "fault"),
    [
        ("close", FAILED, "backend unreachable"),
        ("reset", FAILED, "backend unreachable"),
        ("half", FAILED, "backend unreachable"),
        ("half-head", FAILED, "backend unreachable"),
        ("half-chunk", FAILED, "backend unreachable"),
        ("garbage", FAILED, "backend broke protocol"),
        ("two-lengths", FAILED, "backend broke protocol"),
        ("switch", FAILED, "backend broke protocol"),
        ("long", FAILED, "backend broke protocol"),
        ("huge", FAILED, "backend broke protocol"),
        ("huge-head", FAILED, "backend broke protocol"),
        ("stall", TIMED_OUT, "backend timeout"),
        ("stall-in-body", TIMED_OUT, "backend timeout"),
        ("trickle", TIMED_OUT, "backend timeout"),
    ],
)
def test_misbehaviour_is_the_vendors_504(gateway: Any, behaviour: str, expected: tuple[int, bytes], fault: str) -> None:
    name = mark()
    answer = gateway.ask(f"/attack/prod/bad/{name}", behaviour.encode())
    assert (answer.status, answer.body) == expected
    assert answer.all("x-amzn-errortype") == ["InternalServerErrorException"]
    assert answer.all("content-type") == ["application/json"]
    (entry,) = gateway.entries_of(name)
    assert (entry["status"], entry["fault"], entry["whose"]) == (504, fault, "backend")
    assert "endpoint 'model'" in entry["cause"]
    assert gateway.serves()


def test_a_refused_connection_is_the_vendors_504(gateway: Any) -> None:
    name = mark()
    answer = gateway.ask(f"/attack/prod/gone/{name}", b"x")
    assert (answer.status, answer.body) == FAILED
    (entry,) = gateway.entries_of(name)
    assert (entry["fault"], "cannot connect" in entry["cause"]) == ("backend unreachable", True)


@pytest.mark.parametrize(("behaviour", "was"), [("failing", b"500"), ("refusing", b"422")])
def test_a_models_own_error_is_mapped_as_sagemakers_model_error(gateway: Any, behaviour: str, was: bytes) -> None:
    """SageMaker Runtime, "InvokeEndpoint": ModelError is 424 with OriginalStatusCode; the default case maps it."""
    answer = gateway.ask(f"/attack/prod/bad/{mark()}", behaviour.encode())
    assert (answer.status, answer.body) == (500, b'{"message":"The model failed","was":%b}' % was)


@pytest.mark.parametrize("behaviour", ["no-json", "nothing"])
def test_what_is_no_json_leaves_the_template_without_a_value(gateway: Any, behaviour: str) -> None:
    answer = gateway.ask(f"/attack/prod/path/{mark()}", behaviour.encode())
    assert (answer.status, answer.body.startswith(b'{"n":')) == (200, True)


def test_others_are_served_while_calls_stall(gateway: Any) -> None:
    name = mark()
    given: list[int] = []
    stalled = [
        threading.Thread(target=lambda: given.append(gateway.ask(f"/attack/prod/bad/{name}", b"stall").status))
        for _ in range(50)
    ]
    for thread in stalled:
        thread.start()
    assert all(gateway.serves() for _ in range(10))
    for thread in stalled:
        thread.join(20)
    assert given == [504] * 50
    assert len(gateway.entries_of(name, 50)) == 50
