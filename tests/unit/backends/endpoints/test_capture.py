"""Data capture, in the vendor's form: the record of the guide, and one that users published."""

import asyncio
import base64
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from inferway.backends.endpoints.capture import DataCapture, Side, record
from inferway.backends.endpoints.headers import NOTHING, Wanted
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.definition.endpoints import Capture, ServedEndpoint, ServedShadow, ServedVariant

CSV = Capture(destination="s3://captures", csv=("text/csv",), json=("application/json",))
AT = ("a9d22bac-094a-4610-8dde-689c6aa8189b", 1641920439.0)  # 2022-01-11T17:00:39Z


def test_a_record_is_the_vendor_s() -> None:
    # As published by a reader of the vendor's notebooks (B17447, chapter 10), members and values.
    asked = Side(content_type="text/csv", body=b"1.0,0.54,0.42,0.14,0.805,0.369,0.1725,0.21")
    answered = Side(content_type="text/csv; charset=utf-8", body=b"9.223058700561523")
    line = record(CSV, asked, answered, Wanted(inference_id="846-01234f26730011ecbb8b139195a02686"), AT)
    assert json.loads(line) == {
        "captureData": {
            "endpointInput": {
                "observedContentType": "text/csv",
                "mode": "INPUT",
                "data": "1.0,0.54,0.42,0.14,0.805,0.369,0.1725,0.21",
                "encoding": "CSV",
            },
            "endpointOutput": {
                "observedContentType": "text/csv; charset=utf-8",
                "mode": "OUTPUT",
                "data": "9.223058700561523",
                "encoding": "CSV",
            },
        },
        "eventMetadata": {
            "eventId": "a9d22bac-094a-4610-8dde-689c6aa8189b",
            "inferenceId": "846-01234f26730011ecbb8b139195a02686",
            "inferenceTime": "2022-01-11T17:00:39Z",
        },
        "eventVersion": "0",
    }
    assert b"\n" not in line


@pytest.mark.parametrize(
    ("kind", "body", "encoding"),
    [
        ("application/json", b'{"a": 1}', "JSON"),
        ("Application/JSON; charset=utf-8", b"[1]", "JSON"),
        ("text/csv", b"1,2", "CSV"),
        ("text/csv", b"\xff", "BASE64"),  # no text
        ("application/x-npy", b"\x93NUMPY", "BASE64"),
        ("", b"x", "BASE64"),
    ],
)
def test_bodies_are_texts_for_the_types_that_are_named_and_base64_for_others(
    kind: str, body: bytes, encoding: str
) -> None:
    # CaptureContentTypeHeader: "If no headers are specified SageMaker will by default base64 encode".
    line = json.loads(record(CSV, Side(content_type=kind, body=body), Side(content_type="", body=b""), NOTHING, AT))
    side = line["captureData"]["endpointInput"]
    assert side["encoding"] == encoding
    assert (base64.b64decode(side["data"]) if encoding == "BASE64" else side["data"].encode()) == body
    bare = Capture(destination="s3://captures")
    line = json.loads(record(bare, Side(content_type=kind, body=body), Side(content_type="", body=b""), NOTHING, AT))
    assert line["captureData"]["endpointInput"]["encoding"] == "BASE64"


def test_only_the_modes_that_are_asked_for() -> None:
    side = Side(content_type="", body=b"")
    one = Capture(destination="s3://c", output=False)
    other = Capture(destination="s3://c", input=False)
    assert list(json.loads(record(one, side, side, NOTHING, AT))["captureData"]) == ["endpointInput"]
    assert list(json.loads(record(other, side, side, NOTHING, AT))["captureData"]) == ["endpointOutput"]


def files_below(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def test_calls_are_captured_below_endpoint_variant_and_hour(play: Any, ask: Any, tmp_path: Path) -> None:
    async def work(scene: Any) -> None:
        main, shadow = await scene.model("main"), await scene.model("shadow")
        settings = ServedEndpoint(
            name="movies",
            variants=(ServedVariant(name="AllTraffic", urls=(main.url,)),),
            shadows=(ServedShadow(name="next", urls=(shadow.url,)),),
            capture=CSV,
        )
        endpoint = scene.endpoint(settings)
        for number in range(5):
            await ask(endpoint, str(number).encode(), inference_id=f"id-{number}", custom_attributes="a=1")
            for _ in range(1000):
                if not endpoint.shadows[0].under_way:
                    break
                await asyncio.sleep(0.01)
        scene.writer.close()

    play(work)
    written = files_below(tmp_path / "captures")
    lines: dict[str, list[Any]] = {}
    for file in written:
        variant = file.relative_to(tmp_path / "captures" / "movies").parts[0]
        assert re.fullmatch(
            rf"{variant}/\d{{4}}/\d\d/\d\d/\d\d/\d\d-\d\d-\d{{3}}-[0-9a-f-]{{36}}\.jsonl",
            str(file.relative_to(tmp_path / "captures" / "movies")),
        )
        lines.setdefault(variant, []).extend(map(json.loads, file.read_text().splitlines()))
    assert [line["eventMetadata"]["inferenceId"] for line in lines["AllTraffic"]] == [f"id-{n}" for n in range(5)]
    first = lines["AllTraffic"][0]
    assert first["captureData"]["endpointInput"]["data"] == "0"
    assert json.loads(first["captureData"]["endpointOutput"]["data"]) == {"model": "main"}
    assert first["eventMetadata"]["customAttributes"] == ["a=1"]
    assert json.loads(lines["next"][0]["captureData"]["endpointOutput"]["data"]) == {"model": "shadow"}


def test_a_destination_that_cannot_be_written_is_not_felt(play: Any, ask: Any, tmp_path: Path, caplog: Any) -> None:
    (tmp_path / "captures").write_text("a file where a folder should be")

    async def work(scene: Any) -> None:
        main = await scene.model("main")
        variant = ServedVariant(name="AllTraffic", urls=(main.url,))
        endpoint = scene.endpoint(ServedEndpoint(name="movies", variants=(variant,), capture=CSV))
        for _ in range(5):
            assert (await ask(endpoint)).status == 200
        scene.writer.close()
        assert (scene.writer.written, scene.writer.failed) == (0, 5)
        assert scene.writer.problem

    play(work)
    assert len([line for line in caplog.records if "cannot be written" in line.message]) == 1


def test_what_waits_to_be_written_is_bounded(tmp_path: Path) -> None:
    writer = JsonLines(most_waiting=10_000)
    blocked = tmp_path / "slow"

    def slow(_: str) -> Path:
        time.sleep(0.05)
        return blocked

    capture = DataCapture("movies", CSV, slow, writer)
    side = Side(content_type="", body=b"x" * 1000)
    for _ in range(100):
        capture.take("AllTraffic", side, side, NOTHING)
    assert writer.dropped >= 90
    writer.close()
    assert writer.written + writer.dropped == 100


def test_a_sample_is_taken(tmp_path: Path) -> None:
    draws = iter([0.0, 0.0999, 0.1, 0.99])
    settings = Capture(destination="s3://c", sampling=10)
    capture = DataCapture("movies", settings, lambda _: tmp_path, JsonLines(), lambda: next(draws))
    assert [capture.is_due() for _ in range(4)] == [True, True, False, False]
