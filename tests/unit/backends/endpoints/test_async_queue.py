"""The queue of asynchronous invocations: what expires, what is given up, what outlives the process."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from inferway.backends.endpoints.async_queue import AsyncInvocations, Invocation
from inferway.backends.endpoints.endpoint import Endpoint
from inferway.definition.endpoints import AsyncInference, ServedEndpoint, ServedVariant
from inferway.exchange import Call, Reply

SETTINGS = AsyncInference(output="s3://out", failure="s3://failed", concurrency=1, waiting=10)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def films(scene: Any) -> Any:
    model = await scene.model("films")
    variant = ServedVariant(name="AllTraffic", urls=(model.url,))
    return scene.endpoint(ServedEndpoint(name="films", variants=(variant,), asynchronous=SETTINGS))


def queue(scene: Any, endpoint: Endpoint | None, clock: Clock | None = None) -> AsyncInvocations:
    def find(name: str) -> Endpoint | None:
        return endpoint if name == "films" else None

    return AsyncInvocations(scene.folder / "queue", scene.locate, find, clock or Clock())


def kept(scene: Any, **changed: Any) -> Invocation:
    """Put an invocation into the queue's folder, as a process before this one would have left it."""
    made = Invocation(
        **{
            "id": "one",
            "endpoint": "films",
            "inference_id": "one",
            "headers": (),
            "input": "",
            "output": "s3://out/one.out",
            "failure": "s3://failed/one-error.out",
            "accepted": 1000.0,
            "ttl": 60,
            "timeout": 60,
            **changed,
        }
    )
    folder = scene.folder / "queue"
    folder.mkdir(exist_ok=True)
    (folder / f"{made.id}.json").write_bytes(msgspec.json.encode(made))
    (folder / f"{made.id}.body").write_bytes(b"{}")
    return made


async def until(check: Callable[[], Any]) -> Any:
    """Give what a check gives once it is something."""
    for _ in range(1000):
        found = check()
        if found:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


async def written(file: Path) -> Any:
    await until(lambda: os.path.exists(file))  # noqa: PTH110 - whatever looks, it is a local file
    return json.loads(await asyncio.to_thread(file.read_bytes))


async def emptied(folder: Path) -> None:
    await until(lambda: not os.listdir(folder))  # noqa: PTH208 - as above


def test_what_waited_longer_than_its_time_to_live_is_not_run(play: Any) -> None:
    # RequestTTLSeconds: "Maximum age in seconds a request can be in the queue before it is marked as expired".
    async def work(scene: Any) -> None:
        endpoint, clock = await films(scene), Clock()
        kept(scene, ttl=60)
        clock.now += 61
        made = queue(scene, endpoint, clock)
        await made.recover()
        failure = await written(scene.folder / "failed" / "one-error.out")
        assert "expired" in failure["Message"]
        assert not scene.models["films"].seen
        await emptied(scene.folder / "queue")
        await made.aclose()

    play(work)


def test_without_more_it_waits_six_hours_and_runs_a_quarter_of_one(play: Any) -> None:
    # InvokeEndpointAsync: RequestTTLSeconds, "The default is 6 hours, or 21,600 seconds"; InvocationTimeoutSeconds,
    # "The default is 15 minutes, or 900 seconds".
    async def work(scene: Any) -> None:
        (scene.folder / "queue").mkdir()
        made = queue(scene, None)
        reply = await made.accept(await films(scene), Call(method="POST", headers=[], body=b"{}"))
        assert reply.status == 202
        (file,) = (scene.folder / "queue").glob("*.json")
        document = json.loads(await asyncio.to_thread(file.read_bytes))
        assert (document["ttl"], document["timeout"]) == (21_600, 900)
        await made.aclose()

    play(work)


def test_what_was_begun_three_times_without_an_end_is_given_up(play: Any) -> None:
    async def work(scene: Any) -> None:
        endpoint = await films(scene)
        kept(scene, attempts=3)
        made = queue(scene, endpoint)
        await made.recover()
        assert "3 times" in (await written(scene.folder / "failed" / "one-error.out"))["Message"]
        assert not scene.models["films"].seen
        await made.aclose()

    play(work)


def test_a_file_that_is_none_of_the_queue_s_stands_in_nobody_s_way(play: Any, caplog: Any) -> None:
    async def work(scene: Any) -> None:
        endpoint = await films(scene)
        kept(scene)
        for name, data in (("torn", b'{"id": "to'), ("other", b"[]")):
            (scene.folder / "queue" / f"{name}.json").write_bytes(data)
        made = queue(scene, endpoint)
        await made.recover()
        assert await written(scene.folder / "out" / "one.out") == {"model": "films"}
        await made.aclose()

    play(work)
    assert len([line for line in caplog.records if "cannot be read" in line.message]) == 2


def test_an_endpoint_that_is_not_served_yet_keeps_its_invocations_waiting(play: Any) -> None:
    async def work(scene: Any) -> None:
        endpoint = await films(scene)
        kept(scene)
        found: list[Endpoint] = []
        made = AsyncInvocations(scene.folder / "queue", scene.locate, lambda _: found[0] if found else None, Clock())
        await made.recover()
        assert made.waiting("films") == (1, 0)
        found.append(endpoint)
        made.resume("films")
        assert await written(scene.folder / "out" / "one.out") == {"model": "films"}
        await made.aclose()

    play(work)


def test_what_is_under_way_when_the_process_ends_stays_in_the_queue(play: Any) -> None:
    async def work(scene: Any) -> None:
        endpoint = await films(scene)
        model = scene.models["films"]

        async def stalls(path: str, headers: dict[str, str], body: bytes) -> Any:
            await asyncio.sleep(60)

        model.answer = stalls
        first = queue(scene, endpoint)
        reply = await first.accept(endpoint, Call(body=b'{"n": 1}'))
        assert (reply.status, list(json.loads(reply.body))) == (202, ["InferenceId"])
        await until(lambda: model.seen)
        await first.aclose()
        (file,) = (scene.folder / "queue").glob("*.json")
        assert msgspec.json.decode(file.read_bytes(), type=Invocation).attempts == 1
        model.answer = model.well
        second = queue(scene, endpoint)
        await second.recover()
        await emptied(scene.folder / "queue")
        assert model.seen[-1][2] == b'{"n": 1}'
        await second.aclose()

    play(work)


def test_a_result_that_cannot_be_written_stays_in_the_queue(play: Any, caplog: Any) -> None:
    async def work(scene: Any) -> None:
        endpoint = await films(scene)
        (scene.folder / "out").write_text("a file where a folder should be")
        made = queue(scene, endpoint)
        await made.accept(endpoint, Call(body=b"{}"))
        await until(lambda: caplog.records)
        assert made.waiting("films") == (0, 0)
        assert len(list((scene.folder / "queue").glob("*.json"))) == 1
        (scene.folder / "out").unlink()
        again = queue(scene, endpoint)
        await again.recover()
        await emptied(scene.folder / "queue")
        assert len(list((scene.folder / "out").glob("*.out"))) == 1
        await made.aclose()
        await again.aclose()

    play(work)
    assert any("cannot be written" in line.message for line in caplog.records)


def test_a_queue_that_cannot_keep_anything_accepts_nothing(play: Any) -> None:
    async def work(scene: Any) -> Reply:
        endpoint = await films(scene)
        (scene.folder / "queue").write_text("a file where a folder should be")
        reply: Reply = await queue(scene, endpoint).accept(endpoint, Call(body=b"{}"))
        assert not scene.models["films"].seen
        return reply

    reply = play(work)
    assert (reply.status, reply.header(b"x-amzn-errortype")) == (500, b"InternalFailure")


def test_an_input_that_is_too_large_is_not_read(play: Any) -> None:
    async def work(scene: Any) -> None:
        endpoint = await films(scene)
        (scene.folder / "in").mkdir()
        with (scene.folder / "in" / "huge").open("wb") as file:
            file.truncate(1024 * 1024 * 1024 + 1)
        made = queue(scene, endpoint)
        headers = [(b"x-amzn-sagemaker-inputlocation", b"s3://in/huge")]
        reply = await made.accept(endpoint, Call(headers=headers))
        place = (reply.header(b"x-amzn-sagemaker-failurelocation") or b"").decode().removeprefix("s3://")
        assert "may have 1073741824" in (await written(scene.folder / place))["Message"]
        assert not scene.models["films"].seen
        await made.aclose()

    play(work)
