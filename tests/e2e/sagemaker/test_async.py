"""boto3's invoke_endpoint_async: results and failures in files, bounds, and a gateway that is killed half-way."""

import importlib
import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

CLIENT_ERROR: Any = importlib.import_module("botocore.exceptions").ClientError

BINDINGS = """
[endpoints.films]
url = "{url}"
asynchronous = {{ output = "s3://films/out", failure = "s3://films/failed", concurrency = {concurrency}, waiting = 5 }}
[storage]
"s3://films" = "./films"
"""


def bound(elsewhere: Any, concurrency: int = 2) -> str:
    return BINDINGS.format(url=elsewhere.url, concurrency=concurrency)


def here(gateway: Any, uri: str) -> Path:
    place: Path = gateway.folder / "films" / uri.removeprefix("s3://films/")
    return place


def ask(gateway: Any, **more: Any) -> Any:
    return gateway.runtime.invoke_endpoint_async(EndpointName="films", **more)


def put(gateway: Any, name: str, data: bytes) -> str:
    file = here(gateway, f"s3://films/{name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return f"s3://films/{name}"


def code_of(gateway: Any, **more: Any) -> tuple[int, str, str]:
    with pytest.raises(CLIENT_ERROR) as caught:
        ask(gateway, **more)
    response = caught.value.response
    return (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Code"],
        response["Error"]["Message"],
    )


def test_a_result_is_put_where_the_answer_says(start: Any, elsewhere: Any, wait_for: Any) -> None:
    gateway = start(bound(elsewhere))
    body = b"x" * 7_000_000  # more than a call itself may bring
    reply = ask(
        gateway,
        InputLocation=put(gateway, "in/large.bin", body),
        ContentType="application/x-npy",
        Accept="text/csv",
        CustomAttributes="a=1",
        InferenceId="mine",
        RequestTTLSeconds=60,
        InvocationTimeoutSeconds=3600,
    )
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert reply["InferenceId"] == "mine"
    assert reply["OutputLocation"].startswith("s3://films/out/")
    assert reply["OutputLocation"].endswith(".out")
    assert reply["FailureLocation"].startswith("s3://films/failed/")
    output = here(gateway, reply["OutputLocation"])
    wait_for(output.exists)
    assert output.read_bytes() == body
    headers, _ = elsewhere.asked[0]
    assert (headers["content-type"], headers["accept"]) == ("application/x-npy", "text/csv")
    assert headers["x-amzn-sagemaker-custom-attributes"] == "a=1"
    assert headers["x-amzn-sagemaker-inference-id"] == "mine"
    assert "x-amzn-sagemaker-inputlocation" not in headers
    assert not here(gateway, reply["FailureLocation"]).exists()


def test_an_input_within_the_call_and_a_name_for_its_result(start: Any, elsewhere: Any, wait_for: Any) -> None:
    gateway = start(bound(elsewhere))
    reply = ask(gateway, Body=b"[1]", S3OutputPathExtension="today/", Filename="one.json")
    assert reply["OutputLocation"] == "s3://films/out/today/one.json"
    output = here(gateway, reply["OutputLocation"])
    wait_for(output.exists)
    assert output.read_bytes() == b"[1]"
    assert reply["InferenceId"]


def test_what_fails_is_said_where_the_answer_says(start: Any, elsewhere: Any, wait_for: Any) -> None:
    elsewhere.answer = lambda handler, body: elsewhere.reply(handler, 400, b"no film", {})
    gateway = start(bound(elsewhere))
    missing = ask(gateway, InputLocation="s3://films/in/nothing")
    refused = ask(gateway, Body=b"{}")
    for reply, wanted in ((missing, "ValidationError"), (refused, "ModelError")):
        failure = here(gateway, reply["FailureLocation"])
        wait_for(failure.exists)
        assert not here(gateway, reply["OutputLocation"]).exists()
        document = json.loads(failure.read_text())
        assert ("OriginalMessage" in document) == (wanted == "ModelError")
    assert json.loads(here(gateway, refused["FailureLocation"]).read_text())["OriginalMessage"] == "no film"
    elsewhere.answer = lambda handler, body: time.sleep(30)
    late = ask(gateway, Body=b"{}", InvocationTimeoutSeconds=1)
    failure = here(gateway, late["FailureLocation"])
    wait_for(failure.exists)
    assert "timed out" in json.loads(failure.read_text())["OriginalMessage"]


def test_what_cannot_be_accepted_is_refused(start: Any, elsewhere: Any) -> None:
    gateway = start(bound(elsewhere))
    gateway.runtime = gateway.client("sagemaker-runtime", parameter_validation=False)
    refused = "ValidationError"
    assert code_of(gateway)[:2] == (400, refused)
    assert code_of(gateway, Body=b"1", InputLocation="s3://films/in/x")[:2] == (400, refused)
    assert code_of(gateway, Body=b"x" * 128_001)[:2] == (400, refused)
    assert "leads out" in code_of(gateway, InputLocation="s3://films/../../etc/passwd")[2]
    assert "is no S3 URI" in code_of(gateway, InputLocation="https://films/in/x")[2]
    assert "'requestTTLSeconds'" in code_of(gateway, Body=b"1", RequestTTLSeconds=59)[2]
    assert "'requestTTLSeconds'" in code_of(gateway, Body=b"1", RequestTTLSeconds=21_601)[2]
    assert "'invocationTimeoutSeconds'" in code_of(gateway, Body=b"1", InvocationTimeoutSeconds=0)[2]
    assert "'invocationTimeoutSeconds'" in code_of(gateway, Body=b"1", InvocationTimeoutSeconds=3601)[2]
    assert "'filename'" in code_of(gateway, Body=b"1", Filename="../x")[2]
    assert code_of(gateway, Body=b"1", S3OutputPathExtension="a/../../..")[:2] == (400, refused)
    assert not elsewhere.asked
    # An asynchronous endpoint answers to nothing else (https://github.com/strands-agents/harness-sdk/issues/1969).
    with pytest.raises(CLIENT_ERROR) as caught:
        gateway.invoke("films")
    assert caught.value.response["Error"]["Code"] == refused


def test_the_queue_is_bounded(start: Any, elsewhere: Any, wait_for: Any) -> None:
    release = threading.Event()

    def held(handler: Any, body: bytes) -> None:
        release.wait(60)
        elsewhere.well(handler, body)

    elsewhere.answer = held
    gateway = start(bound(elsewhere))
    accepted = [ask(gateway, Body=str(number).encode()) for number in range(7)]
    wait_for(lambda: len(elsewhere.asked) == 2)
    assert gateway.page("/films")["async"] == {"waiting": 5, "under_way": 2}
    assert code_of(gateway, Body=b"8")[:2] == (503, "ServiceUnavailable")
    release.set()
    for number, reply in enumerate(accepted):
        output = here(gateway, reply["OutputLocation"])
        wait_for(output.exists)
        assert output.read_bytes() == str(number).encode()
    # A call is under way until what it left is on disk, a moment after its output is there.
    wait_for(lambda: gateway.page("/films")["async"] == {"waiting": 0, "under_way": 0})


def test_a_gateway_that_is_killed_loses_no_invocation(start: Any, elsewhere: Any, wait_for: Any) -> None:
    elsewhere.answer = lambda handler, body: time.sleep(60)
    gateway = start(bound(elsewhere, concurrency=1))
    accepted = [ask(gateway, Body=str(number).encode()) for number in range(4)]
    wait_for(lambda: elsewhere.asked)
    gateway.stop(signal.SIGKILL)
    elsewhere.answer = elsewhere.well
    elsewhere.asked.clear()
    again = start(bound(elsewhere, concurrency=1))
    for number, reply in enumerate(accepted):
        output = here(again, reply["OutputLocation"])
        wait_for(output.exists)
        assert output.read_bytes() == str(number).encode()
    # Also the one that was under way is made again, and all in their order.
    assert [body for _, body in elsewhere.asked] == [b"0", b"1", b"2", b"3"]
    wait_for(lambda: not list((again.folder / ".inferway" / "async").iterdir()))
