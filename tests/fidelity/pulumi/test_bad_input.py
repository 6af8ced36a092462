"""Programs that raise, hang, exit, flood, fork or want the network: a clear error, and nothing left running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.faults import Finding, Findings, Severity
from inferway.formats.pulumi.messages import Limits
from inferway.formats.pulumi.reader import read
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

Run = Callable[..., tuple[ResourceGraph, Findings]]

AWS = "import pulumi\nimport pulumi_aws as aws\n"


def only(findings: Findings) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def error(findings: Findings) -> tuple[str, int]:
    found = only(findings)
    assert found.severity is Severity.ERROR
    return found.code, found.place.line


def test_an_exception_is_told_with_the_programs_own_line(run: Run) -> None:
    text = "import json, pulumi\ndef load():\n    return json.loads('{')\nload()\n"
    _, findings = run(text)
    assert error(findings) == ("program-failed", 3)
    assert "JSONDecodeError: Expecting property name" in only(findings).text


def test_an_exception_within_apply_is_told_with_its_line(run: Run) -> None:
    text = AWS + "user = aws.iam.User('u')\ndef lengthen(name):\n    return name + 1\nuser.name.apply(lengthen)\n"
    _, findings = run(text)
    assert error(findings) == ("program-failed", 5)


def test_what_is_no_python_is_told_with_its_line(run: Run) -> None:
    _, findings = run("import pulumi\nx = (\n")
    assert error(findings) == ("python-syntax", 2)


def test_an_endless_program_is_stopped_and_its_line_told(run: Run) -> None:
    _, findings = run("import pulumi\nx = 1\nwhile x:\n    x += 1\n", limits=Limits(seconds=2))
    code, line = error(findings)
    assert code == "program-timeout"
    assert line in {3, 4}


def test_a_sleeping_program_is_stopped(run: Run) -> None:
    _, findings = run("import pulumi, time\ntime.sleep(600)\n", limits=Limits(seconds=1.5))
    assert error(findings) == ("program-timeout", 2)


def test_a_program_that_stops_its_own_process(run: Run) -> None:
    _, findings = run("import os, pulumi\nprint('good bye')\nos._exit(7)\n")
    assert error(findings)[0] == "program-exit"
    assert "exit code 7" in only(findings).text
    assert "good bye" in only(findings).text


def test_a_program_that_is_killed(run: Run) -> None:
    _, findings = run("import os, signal, pulumi\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    assert error(findings)[0] == "program-exit"
    assert "SIGSEGV" in only(findings).text


@pytest.mark.parametrize(("code", "severity"), [("3", Severity.ERROR), ("0", Severity.WARNING), ("", Severity.WARNING)])
def test_a_program_that_calls_exit(run: Run, code: str, severity: Severity) -> None:
    _, findings = run(f"import sys, pulumi\nsys.exit({code})\n")
    found = only(findings)
    assert (found.code, found.place.line, found.severity) == ("program-exit", 2, severity)


def test_megabytes_of_output_do_no_harm(run: Run) -> None:
    graph, findings = run("import pulumi\nfor _ in range(100):\n    print('x' * 1_000_000)\npulumi.export('a', 1)\n")
    assert findings == ()
    assert graph.outputs[0].value == 1


@pytest.mark.parametrize(
    "line",
    [
        "import urllib.request as r; r.urlopen('https://example.com/')",
        "import socket; socket.create_connection(('192.0.2.1', 80))",
        "import socket; socket.getaddrinfo('example.com', 80)",
    ],
)
def test_a_program_that_wants_the_network(run: Run, line: str) -> None:
    _, findings = run(f"import pulumi\n{line}\n")
    assert error(findings) == ("no-network", 2)


def test_loopback_is_no_network(run: Run) -> None:
    text = "import pulumi, socket\ns = socket.create_server(('127.0.0.1', 0))\n"
    _, findings = run(text + "socket.create_connection(s.getsockname())\npulumi.export('a', 1)\n")
    assert findings == ()


def test_a_program_that_takes_all_memory(run: Run) -> None:
    text = "import pulumi\nheld = []\nwhile True:\n    held.append(bytes(10_000_000))\n"
    _, findings = run(text, limits=Limits(memory=400_000_000))
    assert error(findings) == ("program-memory", 4)


def test_children_do_not_outlive_the_program(run: Run, tmp_path: Path) -> None:
    text = (
        "import os, pulumi, subprocess, time\n"
        f"told = open({str(tmp_path / 'pids')!r}, 'w')\n"
        "child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "print(child.pid, file=told, flush=True)\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        print(os.getpid(), file=told, flush=True)\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "while len(open(told.name).readlines()) < 2: time.sleep(0.01)\n"
        "pulumi.export('a', 1)\n"
    )
    graph, findings = run(text)
    assert findings == ()
    assert graph.outputs[0].value == 1
    pids = [int(line) for line in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_two_resources_of_one_name(run: Run) -> None:
    _, findings = run(AWS + "aws.iam.User('twin')\naws.iam.User('twin')\n")
    assert error(findings) == ("duplicate-resource", 4)
    assert ":3" in only(findings).text


def test_a_graph_past_its_limits(run: Run) -> None:
    text = AWS + "for n in range(30):\n    aws.iam.User(f'u{n}')\n"
    graph, findings = run(text, limits=Limits(resources=20))
    assert error(findings) == ("graph-too-large", 4)
    assert len(graph.resources) < 20
    _, findings = run(AWS + "aws.iam.User('u', path='x' * 100_000)\n", limits=Limits(size=50_000))
    assert error(findings) == ("graph-too-large", 3)


def test_a_missing_sdk_names_its_package(run: Run) -> None:
    _, findings = run("import pulumi\nimport pulumi_nosuch as nosuch\nnosuch.Thing('t')\n")
    assert error(findings) == ("missing-sdk", 2)
    assert "pip install pulumi-nosuch" in only(findings).text


def test_a_missing_module_is_named(run: Run) -> None:
    _, findings = run("import pulumi\nimport nosuchmodule\n")
    assert error(findings) == ("missing-module", 2)
    assert "nosuchmodule" in only(findings).text


def test_an_interpreter_that_is_not_there(run: Run) -> None:
    _, findings = run("import pulumi\n", Environment(python="/nowhere/python"))
    assert error(findings)[0] == "no-interpreter"
    assert "/nowhere/python" in only(findings).text


def test_an_interpreter_without_pulumi(run: Run, tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    _, findings = run("import pulumi\n", Environment(python=str(bare)))
    assert error(findings)[0] == "missing-extra"
    assert f"{bare} -m pip install pulumi" in only(findings).text


def test_missing_configuration_is_named(run: Run) -> None:
    text = "import pulumi\npulumi.export('a', pulumi.Config().require('arn'))\n"
    _, findings = run(text)
    assert error(findings) == ("missing-configuration", 2)
    graph, findings = run(text, Environment(parameters={"arn": "here"}))
    assert findings == ()
    assert graph.outputs[0].value == "here"


def test_an_error_of_a_dialect_comes_through_and_nothing_stays(tmp_path: Path) -> None:
    def broken(resource: Resource, environment: Environment) -> Provisioned | None:
        raise LookupError(resource.name)

    file = tmp_path / "program.py"
    file.write_text(AWS + "aws.iam.User('u')\n")
    with pytest.raises(LookupError, match="u"):
        read(file, Environment(), broken)
    assert running(tmp_path) == []


def test_nothing_is_left_of_a_reader_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(f"import pulumi, time\nopen({str(tmp_path / 'up')!r}, 'w').close()\ntime.sleep(600)\n")
    reading = (
        "from pathlib import Path\n"
        "from inferway.formats.pulumi.reader import read\n"
        "from inferway.formats.resources import Environment\n"
        f"read(Path({str(file)!r}), Environment(), lambda resource, environment: None)\n"
    )
    reader = subprocess.Popen([sys.executable, "-c", reading])
    wait_for(lambda: (tmp_path / "up").exists())
    assert running(tmp_path) != []
    reader.send_signal(signal.SIGKILL)
    reader.wait()
    wait_for(lambda: running(tmp_path) == [])


def running(folder: Path) -> list[str]:
    """Give the commands of all processes that name a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = entry.joinpath("cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in command and b"execute.py" in command:
                found.append(command.decode())
    return found


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)
