"""Functions whose folder is put together, and layers."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.definition.bindings import CodePart
from inferway.serving.functions.check import FunctionError

Serving = Callable[..., Any]

NODE = {"runtime": "nodejs20.x"}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of temporary files, of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o100755 << 16
            archive.writestr(info, text)
    return path


def test_an_archive_is_a_function_and_leaves_nothing(serving: Serving, tmp_path: Path, temporary: Path) -> None:
    # Lambda guide, "Working with .zip file archives for Python Lambda functions"
    code = (
        "import os, data\ndef handler(event, context): return [data.value, os.environ['LAMBDA_TASK_ROOT'], os.getcwd()]"
    )
    file = zipped(tmp_path / "code.zip", {"index.py": code, "data.py": "value = 7"})

    async def scenario() -> None:
        async with serving("", path=file) as function:
            value, root, folder = (await function.invoke()).json
            assert (value, root) == (7, folder)
            assert Path(root).is_relative_to(temporary)

    asyncio.run(scenario())
    assert list(temporary.iterdir()) == []


def test_parts_are_a_function(serving: Serving, tmp_path: Path) -> None:
    # the shape of Pulumi's archives, of CDK's inline code and of a template's ZipFile
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/names.js").write_text("exports.name = 'Ada'")
    code = "exports.handler = async () => [require('./lib/names').name, require('./packed/data.json').value]"
    packed = zipped(tmp_path / "data.zip", {"data.json": '{"value": 7}'})
    parts = (
        CodePart(text=code, at="index.js"),
        CodePart(path=str(tmp_path / "shared"), at="lib"),
        CodePart(path=str(packed), at="packed"),
    )

    async def scenario() -> None:
        async with serving("", path=Path(), code=parts, **NODE) as function:
            assert (await function.invoke()).json == ["Ada", 7]

    asyncio.run(scenario())


def test_a_long_text_is_a_part(serving: Serving) -> None:
    text = "def handler(event, context): return len(__doc__)\n"
    parts = (CodePart(text=f'"""{"x" * 3_000_000}"""\n{text}', at="index.py"),)

    async def scenario() -> None:
        async with serving("", path=Path(), code=parts) as function:
            assert (await function.invoke()).json == 3_000_000

    asyncio.run(scenario())


def test_an_archive_holds_a_custom_runtime(serving: Serving, tmp_path: Path) -> None:
    code = """#!/bin/sh
base="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  id=$(curl -sS -D - -o event "$base/next" | tr -d '\\r' | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p')
  curl -sS "$base/$id/response" --data-binary @event -o answer
done
"""
    file = zipped(tmp_path / "code.zip", {"bootstrap": code})

    async def scenario() -> None:
        async with serving("", path=file, runtime="provided.al2023", timeout=30.0) as function:
            assert (await function.invoke({"a": [1]})).json == {"a": [1]}

    asyncio.run(scenario())


def test_an_archive_that_leads_outside_is_refused_and_writes_nothing(serving: Serving, tmp_path: Path) -> None:
    file = zipped(tmp_path / "code.zip", {"index.py": "handler = 1", "../outside": "harm"})

    async def scenario() -> None:
        with pytest.raises(FunctionError, match=r"'\.\./outside' would be outside the function's folder"):
            async with serving("", path=file):
                pass

    asyncio.run(scenario())
    assert not list(tmp_path.rglob("outside"))


def test_layers_are_found_by_python(serving: Serving, tmp_path: Path) -> None:
    # packaging-layers: python/, python/lib/python3.x/site-packages/, bin/, lib/; later layers over earlier ones
    version = f"python3.{sys.version_info.minor}"
    first = zipped(
        tmp_path / "first.zip",
        {
            "python/one.py": "value = 'first'",
            f"python/lib/{version}/site-packages/two.py": "value = 2",
            "bin/tool": "#!/bin/sh\necho tool",
        },
    )
    second = tmp_path / "second"
    (second / "python").mkdir(parents=True)
    (second / "python/one.py").write_text("value = 'second'")
    code = """
        import os, subprocess, one, two
        def handler(event, context):
            here = os.path.exists(os.path.join(os.environ["INFERWAY_OPT"], "python", "one.py"))
            return [one.value, two.value, subprocess.check_output(["tool"], text=True), here]
        """

    async def scenario() -> None:
        async with serving(
            code, runtime=version, layers=(CodePart(path=str(first)), CodePart(path=str(second)))
        ) as function:
            assert (await function.invoke()).json == ["second", 2, "tool\n", True]
        async with serving(
            "import one\ndef handler(e, c): return one.value",
            layers=(CodePart(path=str(second / "python"), at="python"),),
        ) as function:
            assert (await function.invoke()).json == "second"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("index.js", "const thing = require('thing'); exports.handler = async () => thing.value"),
        ("index.mjs", "import thing from 'thing'; export const handler = async () => thing.value"),
    ],
)
@pytest.mark.parametrize("folder", ["nodejs/node_modules", "nodejs/node20/node_modules"])
def test_layers_are_found_by_node(serving: Serving, tmp_path: Path, file: str, code: str, folder: str) -> None:
    layer = zipped(tmp_path / "layer.zip", {f"{folder}/thing/index.js": "module.exports = { value: 7 }"})

    async def scenario() -> None:
        async with serving({file: code}, layers=(CodePart(path=str(layer)),), **NODE) as function:
            assert (await function.invoke()).json == 7

    asyncio.run(scenario())


def test_a_custom_runtime_may_be_a_layer(serving: Serving, tmp_path: Path) -> None:
    code = """#!/usr/bin/env python3
import http.client, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    response = api.getresponse()
    id, _ = response.headers["Lambda-Runtime-Aws-Request-Id"], response.read()
    text = open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], os.environ["_HANDLER"])).read()
    api.request("POST", f"/2018-06-01/runtime/invocation/{id}/response", text)
    api.getresponse().read()
"""
    layer = zipped(tmp_path / "layer.zip", {"bootstrap": code})

    async def scenario() -> None:
        files = {"answer.json": '{"from": "a layer"}'}
        options = {"handler": "answer.json", "runtime": "provided.al2023", "layers": (CodePart(path=str(layer)),)}
        async with serving(files, **options) as function:
            assert (await function.invoke()).json == {"from": "a layer"}

    asyncio.run(scenario())


def test_what_a_killed_process_left_is_removed_by_the_next(temporary: Path) -> None:
    code = (
        "import tempfile, sys, time; tempfile.tempdir = sys.argv[1]\n"
        "from inferway.processes.private_folder import PrivateFolder\n"
        "folder = PrivateFolder(); print(folder.path, flush=True); {then}"
    )

    def start(then: str) -> "subprocess.Popen[str]":
        argv = [sys.executable, "-c", code.format(then=then), str(temporary)]
        return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)

    with start("time.sleep(600)") as killed, start("time.sleep(600)") as living:
        assert killed.stdout is not None
        assert living.stdout is not None
        left, kept = Path(killed.stdout.readline().strip()), Path(living.stdout.readline().strip())
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        assert left.is_dir()
        with start("folder.remove()") as third:
            assert third.wait() == 0
        assert not left.exists()
        assert kept.is_dir()
        living.kill()


def test_an_archive_of_many_files_starts_in_bounded_time(serving: Serving, tmp_path: Path) -> None:
    files = {f"package/module_{number}.py": f"value = {number}" for number in range(3000)}
    file = zipped(tmp_path / "code.zip", {"index.py": "def handler(event, context): return 1", **files})
    began = time.monotonic()

    async def scenario() -> None:
        async with serving("", path=file) as function:
            assert (await function.invoke()).json == 1

    asyncio.run(scenario())
    assert time.monotonic() - began < 60
