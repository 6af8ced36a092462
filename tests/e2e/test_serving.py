"""A model folder served for real: processes, HTTP, crashes, load, and an orderly end."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from inferway.processes.process import ProcessFailedError, ProcessState
from inferway.serving.folder import ModelFolderError
from inferway.serving.model_server import ModelServer, ServingOptions

PATIENCE = 30.0  # seconds until a condition that never comes fails the test

DOUBLE = """
import json, os
def model_fn(model_dir): return 2
def input_fn(body, content_type): return json.loads(body)
def predict_fn(data, model): return [value * model for value in data]
def output_fn(prediction, accept): return json.dumps(prediction)
"""

Write = Callable[..., Path]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def write_model(tmp_path: Path) -> Write:
    def write(code: str) -> Path:
        folder = tmp_path / "model"
        (folder / "code").mkdir(parents=True, exist_ok=True)
        (folder / "code" / "inference.py").write_text(textwrap.dedent(code), encoding="utf-8")
        return folder

    return write


def ask(url: str, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    with closing(connection):
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


async def invoke(server: ModelServer, body: bytes, **headers: str) -> Answer:
    return await asyncio.to_thread(ask, server.url, "POST", "/invocations", body, **headers)


async def ping(server: ModelServer) -> Answer:
    return await asyncio.to_thread(ask, server.url, "GET", "/ping")


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(
    folder: Path, *, lines: list[tuple[str, str]] | None = None, **options: Any
) -> AsyncIterator[ModelServer]:
    heard: list[tuple[str, str]] = [] if lines is None else lines
    server = ModelServer(
        "double", folder, ServingOptions(**options), on_line=lambda name, line: heard.append((name, line))
    )
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def test_a_model_starts_answers_and_stops(write_model: Write) -> None:
    async def scenario() -> None:
        async with serving(write_model(DOUBLE)) as server:
            assert server.url.startswith("http://127.0.0.1:")
            assert server.processes[0].state is ProcessState.READY
            assert (await ping(server)).status == 200
            answer = await invoke(server, b"[1, 2.5]", Content_Type="application/json")
            assert (answer.status, json.loads(answer.body)) == (200, [2, 5.0])
            assert answer.headers["content-type"] == "application/json"
            url = server.url
        assert server.state is ProcessState.STOPPED
        with pytest.raises(ConnectionRefusedError):
            ask(url, "GET", "/ping")
        with pytest.raises(RuntimeError, match="not started"):
            _ = server.url
        await server.stop()

    asyncio.run(scenario())


def test_the_container_finds_the_vendors_environment(write_model: Write) -> None:
    code = """
        import os
        def model_fn(model_dir): return model_dir
        def predict_fn(data, model):
            names = "SM_MODEL_DIR", "SAGEMAKER_PROGRAM", "SAGEMAKER_BIND_TO_PORT", "EXTRA"
            return [model, *(os.environ.get(name) for name in names)]
        """

    async def scenario() -> None:
        folder = write_model(code)
        async with serving(folder, environment={"EXTRA": "given"}) as server:
            answer = json.loads((await invoke(server, b"1")).body)
            assert answer == [str(folder), str(folder), "inference.py", str(urlsplit(server.url).port), "given"]

    asyncio.run(scenario())


def test_errors_have_their_status_and_a_short_json_text(write_model: Write) -> None:
    code = """
        def model_fn(model_dir): ...
        def predict_fn(data, model): return 1 / data.item()
        """

    async def scenario() -> None:
        lines: list[tuple[str, str]] = []
        async with serving(write_model(code), lines=lines) as server:
            failed = await invoke(server, b"0", Content_Type="application/json")
            assert failed.status == 500
            assert failed.headers["content-type"] == "application/json"
            assert json.loads(failed.body)["error"].startswith("predict_fn: ZeroDivisionError: ")
            await until(lambda: any("ZeroDivisionError" in line for _, line in lines))
            assert ("double", "Traceback (most recent call last):") in lines
            assert (await invoke(server, b"{", Content_Type="application/json")).status == 400
            assert (await invoke(server, b"\xff\xfe\x00", Content_Type="application/json")).status == 400
            assert (await invoke(server, b"<a/>", Content_Type="application/xml")).status == 415
            assert (await invoke(server, b"1", Accept="text/html")).status == 406
            assert (await asyncio.to_thread(ask, server.url, "GET", "/invocations")).status == 405
            assert (await asyncio.to_thread(ask, server.url, "POST", "/ping")).status == 405
            assert (await asyncio.to_thread(ask, server.url, "GET", "/other")).status == 404
            assert (await invoke(server, b"4")).body == b"0.25"

    asyncio.run(scenario())


def test_a_body_may_have_six_mebibytes_and_no_more(write_model: Write) -> None:
    # InvokeEndpoint, Body: "Length Constraints: Maximum length of 6291456."
    code = """
        def model_fn(model_dir): ...
        def input_fn(body, content_type): return len(body)
        def predict_fn(data, model): return data
        """

    async def scenario() -> None:
        async with serving(write_model(code)) as server:
            whole = await invoke(server, b"x" * 6_291_456, Content_Type="application/octet-stream")
            assert whole.body == b"6291456"
            too_long = await invoke(server, b"x" * 6_291_457, Content_Type="application/octet-stream")
            assert too_long.status == 413
            assert await asyncio.to_thread(chunked_status, server.url, 6_291_457) == 413
            with suppress(OSError):  # so long that it is not read to its end: the answer may come too late
                await invoke(server, b"x" * 40_000_000, Content_Type="application/octet-stream")
            assert (await invoke(server, b"x")).body == b"1"

    asyncio.run(scenario())


def chunked_status(url: str, size: int) -> int:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as connection:
        parts = (b"x" * min(65536, size - start) for start in range(0, size, 65536))
        connection.request("POST", "/invocations", parts, encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
        return connection.getresponse().status


def test_ping_answers_while_a_prediction_runs(write_model: Write, tmp_path: Path) -> None:
    code = f"""
        import pathlib, time
        def model_fn(model_dir): return pathlib.Path({str(tmp_path)!r})
        def predict_fn(data, model):
            (model / "began").touch()
            while not (model / "go").exists():
                time.sleep(0.01)
            return "done"
        """

    async def scenario() -> None:
        async with serving(write_model(code)) as server:
            prediction = asyncio.create_task(invoke(server, b"1"))
            await until((tmp_path / "began").exists)
            assert (await ping(server)).status == 200
            assert not prediction.done()
            (tmp_path / "go").touch()
            assert (await prediction).body == b'"done"'

    asyncio.run(scenario())


def test_a_stop_lets_the_request_under_way_finish(write_model: Write, tmp_path: Path) -> None:
    code = f"""
        import pathlib, time
        def model_fn(model_dir): return pathlib.Path({str(tmp_path)!r})
        def predict_fn(data, model):
            (model / "began").touch()
            time.sleep(0.5)
            return "done"
        """

    async def scenario() -> None:
        async with serving(write_model(code)) as server:
            prediction = asyncio.create_task(invoke(server, b"1"))
            await until((tmp_path / "began").exists)
            await server.stop()
            answer = await prediction
            assert (answer.status, answer.body) == (200, b'"done"')

    asyncio.run(scenario())


def test_a_prediction_that_hangs_is_killed_with_its_process(write_model: Write, tmp_path: Path) -> None:
    code = f"""
        import pathlib, time
        def model_fn(model_dir): return pathlib.Path({str(tmp_path)!r})
        def predict_fn(data, model):
            (model / "began").touch()
            time.sleep(600)
        """

    async def scenario() -> None:
        async with serving(write_model(code), grace=0.3) as server:
            prediction = asyncio.create_task(invoke(server, b"1"))
            await until((tmp_path / "began").exists)
            await server.stop()
            assert server.processes[0].last_exit == "was ended by SIGKILL"
            with pytest.raises((http.client.HTTPException, OSError)):
                await prediction

    asyncio.run(scenario())


def test_a_killed_model_is_started_again_at_the_same_address(write_model: Write) -> None:
    async def scenario() -> None:
        async with serving(write_model(DOUBLE)) as server:
            url, first = server.url, server.processes[0].pid
            os.kill(first, signal.SIGKILL)
            await until(lambda: server.processes[0].restarts == 1 and server.state is ProcessState.READY)
            assert server.url == url
            assert (await invoke(server, b"[21]")).body == b"[42]"

    asyncio.run(scenario())


def test_a_model_that_ends_its_own_process_is_started_again(write_model: Write) -> None:
    code = """
        import os
        def model_fn(model_dir): ...
        def predict_fn(data, model): return data.tolist() or os._exit(3)
        """

    async def scenario() -> None:
        async with serving(write_model(code)) as server:
            with pytest.raises((http.client.HTTPException, OSError)):
                await invoke(server, b"[]")
            await until(lambda: server.processes[0].restarts == 1 and server.state is ProcessState.READY)
            assert server.processes[0].last_exit == "exited with code 3"
            assert (await invoke(server, b"[1]")).body == b"[1]"

    asyncio.run(scenario())


def test_fifty_callers_at_once_all_get_their_own_answer(write_model: Write) -> None:
    async def scenario() -> None:
        async with serving(write_model(DOUBLE), replicas=2) as server:
            calls = [invoke(server, json.dumps([n]).encode()) for n in range(50) for _ in range(4)]
            answers = await asyncio.gather(*calls)
            assert [json.loads(answer.body) for answer in answers] == [[2 * n] for n in range(50) for _ in range(4)]

    asyncio.run(scenario())


def test_more_waiting_calls_than_the_queue_holds_get_503(write_model: Write, tmp_path: Path) -> None:
    # Multi Model Server, job_queue_size: 100 by default; "HTTP 503" once it is full
    code = f"""
        import pathlib, time
        def model_fn(model_dir): return pathlib.Path({str(tmp_path)!r})
        def predict_fn(data, model):
            while not (model / "go").exists():
                time.sleep(0.01)
            return "done"
        """

    async def scenario() -> None:
        statuses: list[int] = []

        def call(url: str) -> None:
            statuses.append(ask(url, "POST", "/invocations", b"1").status)

        async with serving(write_model(code)) as server:
            for _ in range(110):
                threading.Thread(target=call, args=(server.url,)).start()
            await until(lambda: len(statuses) == 9)  # 110, less one that runs and 100 that wait
            assert statuses == [503] * 9
            (tmp_path / "go").touch()
            await until(lambda: len(statuses) == 110)
            assert sorted(statuses) == [200] * 101 + [503] * 9

    asyncio.run(scenario())


def test_replicas_share_the_port_and_each_makes_predictions(write_model: Write) -> None:
    code = """
        import os
        def model_fn(model_dir): ...
        def predict_fn(data, model): return os.getpid()
        """

    async def scenario() -> None:
        async with serving(write_model(code), replicas=3) as server:
            assert [status.name for status in server.processes] == ["double#1", "double#2", "double#3"]
            expected = {status.pid for status in server.processes}
            seen: set[int] = set()
            for _ in range(500):
                seen.add(int((await invoke(server, b"1")).body))
                if seen == expected:
                    break
            assert seen == expected

    asyncio.run(scenario())


def test_a_model_that_prints_megabytes_keeps_answering(write_model: Write) -> None:
    code = """
        import sys
        def model_fn(model_dir): print("loading")
        def predict_fn(data, model):
            sys.stdout.write("a line that a model prints\\n" * 100_000)
            sys.stderr.write("x" * 3_000_000 + "\\n")
            return "done"
        """

    async def scenario() -> None:
        lines: list[tuple[str, str]] = []
        async with serving(write_model(code), lines=lines) as server:
            assert ("double", "loading") in lines
            assert (await invoke(server, b"1")).body == b'"done"'
            await until(lambda: len(lines) == 100_002)
            assert ("double", "x" * 8192 + "… (2991808 bytes cut)") in lines

    asyncio.run(scenario())


def test_a_bad_folder_starts_nothing(write_model: Write) -> None:
    async def scenario() -> None:
        server = ModelServer("bad", write_model("def model_fn(d): ...\ndef predict_fn(d, m) return d\n"))
        with pytest.raises(ModelFolderError, match=r"code/inference\.py:2:22: error: ") as error:
            await server.start()
        assert error.value.findings[0].place.line == 2
        assert server.processes == ()

    asyncio.run(scenario())


def test_a_script_that_cannot_be_imported_is_told_with_its_line_and_not_retried(write_model: Write) -> None:
    folder = write_model(DOUBLE + "\nimport no_such_module\n")

    async def scenario() -> None:
        lines: list[tuple[str, str]] = []
        with pytest.raises(ProcessFailedError) as error:
            async with serving(folder, lines=lines):
                pass
        expected = f"{folder}/code/inference.py:8: error: ModuleNotFoundError: No module named 'no_such_module'"
        assert expected in str(error.value)
        assert "exited with code 78" in str(error.value)
        assert sum(line.startswith(expected) for _, line in lines) == 1

    asyncio.run(scenario())


def test_a_model_that_does_not_load_is_tried_three_times_and_told(write_model: Write) -> None:
    async def scenario() -> None:
        lines: list[tuple[str, str]] = []
        with pytest.raises(ProcessFailedError, match="model_fn: FileNotFoundError"):
            async with serving(
                write_model("def model_fn(d): open(d + '/weights')\ndef predict_fn(d, m): ..."), lines=lines
            ):
                pass
        assert sum(line.startswith("model_fn: FileNotFoundError") for name, line in lines if name == "double") == 3

    asyncio.run(scenario())


def test_a_model_that_loads_too_long_is_given_up(write_model: Write) -> None:
    async def scenario() -> None:
        server = ModelServer(
            "slow",
            write_model("import time\ndef model_fn(d): time.sleep(600)\ndef predict_fn(d, m): ..."),
            ServingOptions(startup_timeout=0.3),
        )
        with pytest.raises(ProcessFailedError, match=r"was not ready within 0\.3 s"):
            await server.start()
        assert server.state is not ProcessState.READY

    asyncio.run(scenario())


def test_a_port_can_be_chosen_and_a_taken_one_is_an_error(write_model: Write) -> None:
    async def scenario() -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(OSError, match="in use"):
                await ModelServer("double", write_model(DOUBLE), ServingOptions(port=port)).start()
        async with serving(write_model(DOUBLE), port=port) as server:
            assert server.url == f"http://127.0.0.1:{port}"
            with pytest.raises(OSError, match="in use"):
                await ModelServer("double", write_model(DOUBLE), ServingOptions(port=port)).start()

    asyncio.run(scenario())


def test_a_server_can_be_started_again(write_model: Write) -> None:
    async def scenario() -> None:
        server = ModelServer("double", write_model(DOUBLE))
        for _ in range(2):
            await server.start()
            with pytest.raises(RuntimeError, match="already started"):
                await server.start()
            assert (await invoke(server, b"[1]")).body == b"[2]"
            await server.stop()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff" * 100,
        b"GET /ping\r\n\r\n",
        b"POST /invocations HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"A" * 100_000,
    ],
)
def test_garbage_on_the_socket_does_no_harm(write_model: Write, garbage: bytes) -> None:
    async def scenario() -> None:
        async with serving(write_model(DOUBLE)) as server:
            await asyncio.to_thread(send_garbage, server.url, garbage)
            assert (await invoke(server, b"[1]")).body == b"[2]"
            assert server.processes[0].restarts == 0

    asyncio.run(scenario())


def send_garbage(url: str, garbage: bytes) -> None:
    """Send it whole and read to the end; the server may reset the connection before, what counts is what follows."""
    connection = socket.create_connection(urlsplit(url).netloc.split(":"), timeout=PATIENCE)  # type: ignore[arg-type]
    with connection, contextlib.suppress(ConnectionError):
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


PARENT = """
import asyncio, sys
from pathlib import Path
from inferway.serving.model_server import ModelServer, ServingOptions

async def main():
    server = ModelServer("orphan", Path(sys.argv[1]), ServingOptions(replicas=2))
    await server.start()
    print(server.url, *(status.pid for status in server.processes), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def test_models_go_when_their_servers_process_is_killed(write_model: Write) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, write_model(DOUBLE)], stdout=subprocess.PIPE, text=True
    ) as parent:
        try:
            assert parent.stdout
            url, *pids = parent.stdout.readline().split()
            assert ask(url, "POST", "/invocations", b"[1]").body == b"[2]"
        finally:
            parent.kill()
    asyncio.run(until(lambda: not any(is_alive(int(pid)) for pid in pids)))
    with pytest.raises(ConnectionError):
        ask(url, "GET", "/ping")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
