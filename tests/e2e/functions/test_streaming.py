"""Results that handlers stream, by InvokeWithResponseStream; boto3's client reads the event stream.

Sources: Lambda API reference, "InvokeWithResponseStream"; Lambda guide, "Response streaming for Lambda functions".
"""

import asyncio
import json
import shutil
from importlib import import_module
from typing import Any

import pytest

BOTO3: Any = import_module("boto3")
BotoConfig: Any = import_module("botocore.config").Config
Serving = Any
NODE = {"runtime": "nodejs20.x"}

TALKATIVE = """
import { setTimeout } from "node:timers/promises"
export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
  if (event.throws) throw new TypeError("at once")
  if (event.status) stream = awslambda.HttpResponseStream.from(stream, { statusCode: event.status })
  for (let number = 0; number < event.pieces; number++) {
    stream.write("x".repeat(event.size ?? 1))
    await setTimeout(event.pause ?? 0)
  }
  if (event.fails) throw new RangeError("half way")
  if (event.exits) process.exit(3)
  if (event.open) return
  stream.end()
})
"""


@pytest.fixture(autouse=True)
def _node() -> None:
    if shutil.which("node") is None:
        pytest.fail("Node.js is missing; on Debian: apt-get install nodejs")


def client(url: str) -> Any:
    return BOTO3.client(
        "lambda",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=BotoConfig(retries={"max_attempts": 0}),
    )


def events(url: str, event: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = client(url).invoke_with_response_stream(FunctionName="greeter", Payload=json.dumps(event), **more)
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    return list(answer["EventStream"])


def payload(made: list[dict[str, Any]]) -> bytes:
    return b"".join(event["PayloadChunk"]["Payload"] for event in made if "PayloadChunk" in event)


def test_pieces_come_as_they_are_written(serving: Serving) -> None:
    async def scenario() -> None:
        async with serving({"index.mjs": TALKATIVE}, **NODE) as function:
            made = await asyncio.to_thread(events, function.server.url, {"pieces": 3, "pause": 50})
            assert [event["PayloadChunk"]["Payload"] for event in made[:-1]] == [b"x", b"x", b"x"]
            assert made[-1] == {"InvokeComplete": {}}
            again = await asyncio.to_thread(events, function.server.url, {"pieces": 1, "status": 201})
            assert payload(again) == b'{"statusCode":201}' + bytes(8) + b"x"

    asyncio.run(scenario())


def test_a_result_beyond_the_limit_of_one_that_is_whole_is_streamed(serving: Serving) -> None:
    async def scenario() -> None:
        async with serving({"index.mjs": TALKATIVE}, timeout=60.0, **NODE) as function:
            made = await asyncio.to_thread(events, function.server.url, {"pieces": 20, "size": 1_000_000})
            assert len(payload(made)) == 20_000_000
            assert made[-1] == {"InvokeComplete": {}}

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("event", "came", "kind", "text"),
    [
        ({"throws": True}, b"", "TypeError", "at once"),
        ({"pieces": 2, "fails": True}, b"xx", "RangeError", "half way"),
        ({"pieces": 2, "open": True}, b"xx", "string", "Response stream is not finished."),
        ({"pieces": 2, "exits": True}, b"xx", "Runtime.ExitError", "exit status 3"),
        ({"pieces": 1, "pause": 60_000}, b"x", "Sandbox.Timedout", "Task timed out after 1.00 seconds"),
    ],
)
def test_a_failure_stands_at_the_end_of_the_stream(
    serving: Serving, event: dict[str, Any], came: bytes, kind: str, text: str
) -> None:
    async def scenario() -> None:
        async with serving({"index.mjs": TALKATIVE}, timeout=1.0, **NODE) as function:
            made = await asyncio.to_thread(events, function.server.url, event, LogType="Tail")
            assert payload(made) == came
            complete = made[-1]["InvokeComplete"]
            details = json.loads(complete["ErrorDetails"])
            assert (complete["ErrorCode"], details["errorType"]) == ("Unhandled", kind)
            assert text in details["errorMessage"]
            assert complete["LogResult"]
            # The next event finds a handler again.
            assert payload(await asyncio.to_thread(events, function.server.url, {"pieces": 1})) == b"x"

    asyncio.run(scenario())


def test_a_handler_that_does_not_stream_gives_one_piece(serving: Serving) -> None:
    async def scenario() -> None:
        async with serving("def handler(event, context):\n    return event") as function:
            made = await asyncio.to_thread(events, function.server.url, {"a": 1})
            assert made == [{"PayloadChunk": {"Payload": b'{"a": 1}'}}, {"InvokeComplete": {}}]

    asyncio.run(scenario())


def test_refusals_are_those_of_invoke(serving: Serving) -> None:
    async def scenario() -> None:
        async with serving({"index.mjs": TALKATIVE}, concurrency=1, timeout=30.0, **NODE) as function:
            lambda_ = client(function.server.url)
            slow = json.dumps({"pieces": 20, "pause": 100})
            answer = await asyncio.to_thread(lambda_.invoke_with_response_stream, FunctionName="greeter", Payload=slow)
            with pytest.raises(lambda_.exceptions.TooManyRequestsException):
                await asyncio.to_thread(events, function.server.url, {"pieces": 0})
            assert payload(await asyncio.to_thread(list, answer["EventStream"])) == b"x" * 20
            with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
                await asyncio.to_thread(lambda_.invoke_with_response_stream, FunctionName="other")
            with pytest.raises(lambda_.exceptions.InvalidParameterValueException):
                await asyncio.to_thread(events, function.server.url, {}, InvocationType="Event")

    asyncio.run(scenario())
