"""boto3's sagemaker-runtime client against a running gateway: variants, headers, errors, streams."""

import importlib
import json
import os
import signal
import threading
from collections import Counter
from typing import Any

import pytest

CLIENT_ERROR: Any = importlib.import_module("botocore.exceptions").ClientError
EVENTSTREAM: Any = importlib.import_module("botocore.eventstream")
STREAM_ERROR: Any = importlib.import_module("botocore.exceptions").EventStreamError

TWO = """
[endpoints.movies]
variants.blue = { serve = "./blue", weight = 3 }
variants.green = { serve = "./green", weight = 1 }
"""


def error_of(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(CLIENT_ERROR) as caught:
        call(**arguments)
    response: dict[str, Any] = caught.value.response
    return response


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_one_endpoint_behind_api_and_runtime(start: Any, workers: tuple[str, ...]) -> None:
    gateway = start(TWO, *workers)
    replies = [gateway.invoke("movies") for _ in range(80)]
    seen = Counter(reply["InvokedProductionVariant"] for reply in replies)
    assert {json.loads(reply["Body"].read())["model"] for reply in replies} == {"blue", "green"}
    assert 2 <= seen["green"] <= 43  # 20, within six standard deviations
    for _ in range(20):
        status, body = gateway.post("movies", variant="green")
        assert (status, json.loads(body)["model"]) == (200, "green")
    counted = gateway.page("/movies")["variants"]
    assert counted["blue"]["requests"] == seen["blue"]
    assert counted["green"]["requests"] == seen["green"] + 20
    assert counted["green"]["p50"] > 0
    gateway.page("/movies/weights", {"blue": 0})
    assert gateway.page("")["endpoints"]["movies"]["weights"] == {"blue": 0.0, "green": 1.0}
    assert {gateway.invoke("movies")["InvokedProductionVariant"] for _ in range(20)} == {"green"}
    assert {json.loads(gateway.post("movies")[1])["model"] for _ in range(20)} == {"green"}
    named = gateway.invoke("movies", TargetVariant="blue")
    assert json.loads(named["Body"].read())["model"] == "blue"
    response = error_of(gateway.invoke, name="movies", TargetVariant="none")
    assert response["Error"] == {
        "Code": "ValidationError",
        "Message": "Variant none was not found for endpoint movies.",
    }
    assert gateway.post("movies", variant="none")[0] == 400


def test_headers_go_in_and_come_out(start: Any, elsewhere: Any) -> None:
    # InvokeEndpoint: what the service lets through in either direction.
    def answer(handler: Any, body: bytes) -> None:
        shown = {"Content-Type": "text/csv", "X-Amzn-SageMaker-Custom-Attributes": "trace=2", "X-Internal": "no"}
        elsewhere.reply(handler, 200, b"1,2", shown)

    elsewhere.answer = answer
    gateway = start(f'[endpoints.movies]\nurl = "{elsewhere.url}"\n')
    reply = gateway.runtime.invoke_endpoint(
        EndpointName="movies",
        Body=b"body",
        ContentType="application/x-npy",
        Accept="text/csv",
        CustomAttributes="trace=1",
        TargetVariant="AllTraffic",
        TargetContainerHostname="second",
        InferenceId="id-1",
        EnableExplanations="true",
        SessionId="NEW_SESSION",
    )
    assert (reply["ContentType"], reply["CustomAttributes"]) == ("text/csv", "trace=2")
    assert (reply["InvokedProductionVariant"], reply["Body"].read()) == ("AllTraffic", b"1,2")
    assert "x-internal" not in reply["ResponseMetadata"]["HTTPHeaders"]
    headers, body = elsewhere.asked[0]
    assert body == b"body"
    prefix = "x-amzn-sagemaker-"
    assert {name.removeprefix(prefix): value for name, value in headers.items() if name.startswith(prefix)} == {
        "custom-attributes": "trace=1",
        "target-variant": "AllTraffic",
        "target-container-hostname": "second",
        "inference-id": "id-1",
        "enable-explanations": "true",
        "session-id": "NEW_SESSION",
    }
    assert (headers["content-type"], headers["accept"]) == ("application/x-npy", "text/csv")
    assert "authorization" not in headers


def test_a_model_error_has_its_fields(start: Any, elsewhere: Any) -> None:
    elsewhere.answer = lambda handler, body: elsewhere.reply(handler, 500, b"no memory", {})
    gateway = start(f'[endpoints.movies]\nurl = "{elsewhere.url}"\n')
    response = error_of(gateway.invoke, name="movies")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["Error"]["Code"] == "ModelError"
    assert response["OriginalStatusCode"] == 500
    assert response["OriginalMessage"] == "no memory"
    assert response["LogStreamArn"].endswith(":log-group:/aws/sagemaker/Endpoints/movies")
    assert error_of(gateway.invoke, name="nothing")["Error"] == {
        "Code": "ValidationError",
        "Message": "Endpoint nothing of account 000000000000 not found.",
    }


def test_a_model_that_breaks_off_or_is_away(start: Any, elsewhere: Any) -> None:
    def breaks_off(handler: Any, body: bytes) -> None:
        handler.close_connection = True

    elsewhere.answer = breaks_off
    gateway = start(f'[endpoints.movies]\nurl = "{elsewhere.url}"\n')
    response = error_of(gateway.invoke, name="movies")
    assert (response["Error"]["Code"], response["OriginalStatusCode"]) == ("ModelError", 0)
    assert response["OriginalMessage"] == "An error occurred while handling request as the model process exited."
    elsewhere.stop()
    response = error_of(gateway.invoke, name="movies")
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]) == (503, "ServiceUnavailable")


class Streaming:
    """A model that streams pieces as it is told to."""

    def __init__(self, elsewhere: Any) -> None:
        self.go_on = threading.Event()
        self.ending = "well"
        elsewhere.answer = self.answer

    def answer(self, handler: Any, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.send_header("X-Amzn-SageMaker-Custom-Attributes", "trace=3")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for number in range(3):
            if number:
                self.go_on.wait(30)
                self.go_on.clear()
            piece = f"piece {number} ".encode() + body
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            handler.wfile.flush()
        if self.ending == "well":
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_a_stream_comes_piece_by_piece(start: Any, elsewhere: Any, workers: tuple[str, ...]) -> None:
    model = Streaming(elsewhere)
    gateway = start(f'[endpoints.chat]\nurl = "{elsewhere.url}"\n', *workers)
    reply = gateway.runtime.invoke_endpoint_with_response_stream(
        EndpointName="chat", Body=b"hello", ContentType="application/json", Accept="text/plain", CustomAttributes="a"
    )
    assert (reply["ContentType"], reply["CustomAttributes"]) == ("text/plain", "trace=3")
    assert reply["InvokedProductionVariant"] == "AllTraffic"
    events = iter(reply["Body"])
    for number in range(3):
        # The model writes the next piece only when this one has been read here.
        assert next(events) == {"PayloadPart": {"Bytes": f"piece {number} hello".encode()}}
        model.go_on.set()
    assert list(events) == []
    assert elsewhere.asked[0][0]["accept"] == "text/plain"


def test_a_stream_that_breaks_off_says_so(start: Any, elsewhere: Any) -> None:
    # ModelStreamError, ErrorCode StreamBroken (service model).
    model = Streaming(elsewhere)
    model.ending = "broken"
    model.go_on.set()
    gateway = start(f'[endpoints.chat]\nurl = "{elsewhere.url}"\n')
    reply = gateway.runtime.invoke_endpoint_with_response_stream(EndpointName="chat", Body=b"x")
    got: list[Any] = []

    def read() -> None:
        for event in reply["Body"]:
            got.append(event)
            model.go_on.set()

    with pytest.raises(STREAM_ERROR) as caught:
        read()
    assert b"".join(event["PayloadPart"]["Bytes"] for event in got) == b"piece 0 xpiece 1 xpiece 2 x"
    assert caught.value.response["Error"]["Code"] == "ModelStreamError"
    elsewhere.answer = lambda handler, body: elsewhere.reply(handler, 400, b"no", {})
    refused = error_of(gateway.runtime.invoke_endpoint_with_response_stream, EndpointName="chat", Body=b"x")
    assert (refused["Error"]["Code"], refused["OriginalStatusCode"]) == ("ModelError", 400)
    session = error_of(
        gateway.client("sagemaker-runtime", parameter_validation=False).invoke_endpoint_with_response_stream,
        EndpointName="chat",
        Body=b"x",
        SessionId="NEW_SESSION",
    )
    assert session["Error"]["Code"] == "ValidationError"


def test_a_reader_who_leaves_ends_the_model_s_stream(start: Any, elsewhere: Any, wait_for: Any) -> None:
    left = threading.Event()

    def endless(handler: Any, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"5\r\nhello\r\n")
        except OSError:
            left.set()
        handler.close_connection = True

    elsewhere.answer = endless
    gateway = start(f'[endpoints.chat]\nurl = "{elsewhere.url}"\n')
    reply = gateway.runtime.invoke_endpoint_with_response_stream(EndpointName="chat", Body=b"x")
    next(iter(reply["Body"]))
    reply["Body"].close()
    assert left.wait(30)
    wait_for(lambda: gateway.page("/chat")["variants"]["AllTraffic"]["requests"] == 1)
    assert gateway.page("/chat")["variants"]["AllTraffic"]["instances"][0]["outstanding"] == 0


def test_a_shadow_and_a_capture_of_served_models(start: Any, wait_for: Any) -> None:
    gateway = start(
        """
[endpoints.movies]
serve = "./blue"
shadows.next = { serve = "./next" }
capture = { destination = "s3://captures/here", json = ["application/json"] }
[storage]
"s3://captures" = "./captures"
"""
    )
    for number in range(10):
        reply = gateway.invoke("movies", json.dumps([number]).encode(), InferenceId=f"id-{number}")
        assert json.loads(reply["Body"].read())["model"] == "blue"
    shadow = wait_for(lambda: (seen := gateway.page("/movies")["shadows"]["next"])["requests"] == 10 and seen)
    assert (shadow["mirrored"], shadow["dropped"], shadow["same_status"], shadow["same_body"]) == (10, 0, 10, 0)
    assert json.loads(shadow["differences"][0]["shadow"])["model"] == "next"
    gateway.stop()

    def lines(variant: str) -> list[Any]:
        files = sorted((gateway.folder / "captures" / "here" / "movies" / variant).rglob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    assert [line["eventMetadata"]["inferenceId"] for line in lines("AllTraffic")] == [f"id-{n}" for n in range(10)]
    assert json.loads(lines("AllTraffic")[0]["captureData"]["endpointOutput"]["data"])["model"] == "blue"
    assert len(lines("next")) == 10


def test_replicas_are_told_apart_and_a_killed_one_is_not_felt(start: Any, wait_for: Any) -> None:
    gateway = start(
        """
[endpoints.movies]
serve = "./blue"
replicas = 2
routing = "LEAST_OUTSTANDING_REQUESTS"
health = { interval = 0.1, timeout = 1.0, unhealthy = 1 }
retry = { attempts = 1, percent = 100.0, idempotent = true }
"""
    )
    processes = {json.loads(gateway.invoke("movies")["Body"].read())["pid"] for _ in range(40)}
    assert len(processes) == 2
    killed = min(processes)
    os.kill(killed, signal.SIGKILL)
    for _ in range(40):
        assert json.loads(gateway.invoke("movies")["Body"].read())["pid"] != killed
    wait_for(
        lambda: len({json.loads(gateway.invoke("movies")["Body"].read())["pid"] for _ in range(10)} - {killed}) == 2
    )


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_the_api_s_integrations_reach_every_operation(
    start: Any, elsewhere: Any, wait_for: Any, workers: tuple[str, ...]
) -> None:
    # PutIntegration: an AWS integration names a service's path; the runtime's has these three.
    gateway = start(
        f"""
[endpoints.plain]
url = "{elsewhere.url}"
[endpoints.two]
variants.a = {{ url = "{elsewhere.url}" }}
variants.b = {{ url = "{elsewhere.url}", weight = 0.0 }}
[endpoints.films]
url = "{elsewhere.url}"
asynchronous = {{ output = "./results" }}
""",
        *workers,
    )
    for name in ("plain", "two"):
        accept = "application/vnd.amazon.eventstream"  # a binary type of the API, or the service would make it text
        status, body = gateway.post(f"{name}/invocations-response-stream", b'{"a":1}', Accept=accept)
        assert status == 200
        buffer = EVENTSTREAM.EventStreamBuffer()
        buffer.add_data(body)
        assert b"".join(event.payload for event in buffer) == b'{"a":1}'
    status, body = gateway.post("films/async-invocations", b'{"b":2}')
    assert (status, list(json.loads(body))) == (200, ["InferenceId"])
    (result,) = wait_for(lambda: list((gateway.folder / "results").glob("*.out")))
    assert result.read_bytes() == b'{"b":2}'
    refused = json.loads(gateway.post("plain/async-invocations", b'{"b":2}')[1])
    assert refused == {"Message": "Endpoint plain has no AsyncInferenceConfig."}
