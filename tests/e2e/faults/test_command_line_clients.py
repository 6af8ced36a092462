"""Streams read by curl and h2load, many at once and one after the other on a connection."""

import re
import shutil
import subprocess
from typing import Any, Final

import pytest

MEGABYTE: Final = 1_048_576


def run(*command: str, package: str) -> str:
    """Give what a command prints."""
    if shutil.which(command[0]) is None:
        pytest.fail(f"{command[0]} is missing; on Debian: apt-get install {package}")
    made = subprocess.run(command, capture_output=True, timeout=90, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")
    return made.stdout.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("path", "clients", "requests"),
    [("events/20", 100, 300), ("slivers/5000", 10, 40), ("bytes/3", 5, 20)],
)
def test_h2load_gets_every_stream_whole(
    gateway: Any, upstream: Any, wait_until: Any, path: str, clients: int, requests: int
) -> None:
    command = ("h2load", "--h1", f"-n{requests}", f"-c{clients}", f"{gateway.url}/s/{path}")
    printed = run(*command, package="nghttp2-client")
    counts = re.search(
        r"requests: (\d+) total, .* (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", printed
    )
    assert counts is not None, printed
    assert counts.groups() == (str(requests), str(requests), "0", "0", "0")
    name, _, number = path.partition("/")
    one = {
        "events": sum(len(b"data: %d\n\n" % event) for event in range(int(number))),
        "slivers": int(number),
        "bytes": int(number) * MEGABYTE,
    }[name]
    received = re.search(r"traffic: .*\((\d+)\) total, .*\((\d+)\) headers .*\((\d+)\) data", printed)
    assert received is not None, printed
    assert int(received[3]) == requests * one
    assert f"status codes: {requests} 2xx" in printed
    wait_until(lambda: upstream.busy == 0)
    assert gateway.serves()


def test_curl_shows_events_as_they_come(gateway: Any, upstream: Any, wait_until: Any) -> None:
    """With `--no-buffer`, and no end of the stream: what came is shown when curl's own time is over."""
    command = ["curl", "-sS", "--no-buffer", "--max-time", "1", f"{gateway.url}/s/stall"]
    if shutil.which("curl") is None:
        pytest.fail("curl is missing; on Debian: apt-get install curl")
    made = subprocess.run(command, capture_output=True, timeout=30, check=False)
    assert (made.returncode, made.stdout) == (28, b"half")
    wait_until(lambda: upstream.busy == 0)


def test_curl_reads_a_long_stream_whole(gateway: Any) -> None:
    printed = run(
        "curl",
        "-sS",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code} %{size_download}",
        f"{gateway.url}/s/bytes/30",
        package="curl",
    )
    assert printed == f"200 {30 * MEGABYTE}"
