"""Files of access logs: rotated, full, gone."""

import io
import os
import threading
from pathlib import Path

import pytest

from inferway.exchange import Exchange, Request, Response
from inferway.gateway.access_log import AccessLog
from inferway.gateway.access_log_file import LineFile


def written(file: LineFile, *lines: str) -> None:
    for line in lines:
        file.append(line)
    file.flush()


def test_lines_are_appended_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("before\n")
    file = LineFile(str(path))
    written(file, "one", "two")
    written(file)
    written(file, "half \ud800 a pair")
    file.close()
    assert path.read_text() == "before\none\ntwo\nhalf \\ud800 a pair\n"


def test_a_file_that_was_renamed_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    file = LineFile(str(path))
    written(file, "one")
    path.rename(tmp_path / "a.log.1")
    written(file, "two")
    path.unlink()
    written(file, "three")
    file.close()
    assert (tmp_path / "a.log.1").read_text() == "one\n"
    assert path.read_text() == "three\n"


def test_a_file_that_was_cut_is_written_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    file = LineFile(str(path))
    written(file, "one")
    os.truncate(path, 0)
    written(file, "two")
    file.close()
    assert path.read_text() == "two\n"


@pytest.mark.parametrize("path", ["/dev/full", "/nowhere/a.log"])
def test_what_cannot_be_written_is_counted_and_stops_nobody(path: str) -> None:
    file = LineFile(path)
    written(file, "one", "two")
    written(file, "three")
    assert file.lost == 3
    file.close()


def test_a_pipe_that_nobody_reads_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    file = LineFile(str(path))
    written(file, "one")
    assert file.lost == 1
    file.close()


def test_a_folder_that_comes_back_takes_lines_again(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    file = LineFile(str(folder / "a.log"))
    written(file, "one")
    folder.mkdir()
    written(file, "two")
    file.close()
    assert (folder / "a.log").read_text() == "two\n"
    assert file.lost == 1


def test_standard_output_takes_lines(capfd: pytest.CaptureFixture[str]) -> None:
    file = LineFile("-")
    written(file, "one")
    file.close()
    assert capfd.readouterr().out == "one\n"


def record(log: AccessLog, line: str, stage: str) -> None:
    exchange = Exchange(request=Request(method="GET", path="/"), parameters={}, route="", id="1", started=0.0)
    exchange.line = line
    log.record(exchange, Response(status=200, headers=[]), "api", stage, 1.0)


def test_stages_lead_their_lines_apart_without_the_gateway_s_own_log(tmp_path: Path) -> None:
    log = AccessLog(None)
    one, two = tmp_path / "one", tmp_path / "two"
    log.lead({("api", "a"): str(one), ("api", "b"): str(two), ("api", "c"): str(one)})
    for stage in "abcd":
        record(log, f"of {stage}", stage)
    log.lead({("api", "a"): str(one)})
    record(log, "of b again", "b")
    record(log, "of a again", "a")
    log.close()
    assert one.read_text() == "of a\nof c\nof a again\n"
    assert two.read_text() == "of b\n"


def test_long_lines_that_wait_are_bounded_by_their_size(tmp_path: Path) -> None:
    """Ten thousand lines of a megabyte, each the same text: counted, they would be 10 GB."""
    file, line = LineFile(str(tmp_path / "a.log")), "x" * 1_048_576
    for _ in range(10_000):
        file.append(line)
    assert file.lost >= 10_000 - 65


def test_long_paths_that_wait_are_bounded_by_their_size() -> None:
    taken = threading.Event()

    class Stuck(io.BytesIO):
        def write(self, data: object) -> int:
            taken.set()
            release.wait(30)
            return super().write(data)  # type: ignore[arg-type]  # bytes, from the log alone

    release, sink = threading.Event(), Stuck()
    log = AccessLog(sink)
    request = Request(method="GET", path="/" + "x" * 1_048_576)
    exchange = Exchange(request=request, parameters={}, route="", id="1", started=0.0)
    response = Response(status=200, headers=[])
    log.record(exchange, response, "api", "a", 1.0)
    assert taken.wait(30)
    for _ in range(10_000):
        log.record(exchange, response, "api", "a", 1.0)
    release.set()
    log.close()
    lines = sink.getvalue().splitlines()
    assert len(lines) < 70
    assert b'"lost":99' in lines[-1]
