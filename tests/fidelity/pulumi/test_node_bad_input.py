"""Programs in TypeScript and JavaScript that raise, hang, exit, flood, fork or want the network."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.faults import Finding, Findings, Severity
from inferway.formats.pulumi.messages import Limits
from inferway.formats.resources import Environment, ResourceGraph

Run = Callable[..., tuple[ResourceGraph, Findings]]

AWS = 'import * as pulumi from "@pulumi/pulumi";\nimport * as aws from "@pulumi/aws";\n'


def only(findings: Findings) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def error(findings: Findings) -> tuple[str, int]:
    found = only(findings)
    assert found.severity is Severity.ERROR
    return found.code, found.place.line


def test_an_exception_is_told_with_its_line_and_traceback(node: Run, capfd: pytest.CaptureFixture[str]) -> None:
    text = "interface A { b: string }\nfunction f(): number {\n    return (undefined as any).length;\n}\nf();\n"
    _, findings = node(text)
    assert error(findings) == ("program-failed", 3)
    assert "TypeError: Cannot read properties of undefined" in only(findings).text
    shown = capfd.readouterr().err
    assert "TypeError: Cannot read properties of undefined" in shown
    assert "index.ts:3:" in shown
    assert "index.ts:5:" in shown
    assert "\x1b" not in shown


def test_an_exception_within_apply_is_told_with_its_line(node: Run) -> None:
    text = 'const u = new aws.iam.User("u");\nu.name.apply(name => {\n    throw new RangeError(name);\n});\n'
    _, findings = node(AWS + text)
    assert error(findings) == ("program-failed", 5)


def test_what_is_no_javascript_is_told_with_its_line(node: Run) -> None:
    _, findings = node("const a = 1;\nconst x = (;\n", main="index.js")
    assert error(findings) == ("javascript-syntax", 2)


def test_an_endless_program_is_stopped_and_its_line_told(node: Run) -> None:
    text = "interface A { b: string }\nlet i = 0;\nwhile (true) {\n    i++;\n}\n"
    _, findings = node(text, limits=Limits(seconds=8))
    code, line = error(findings)
    assert code == "program-timeout"
    assert line in {3, 4}


def test_a_waiting_program_is_stopped(node: Run) -> None:
    _, findings = node("setTimeout(() => 0, 600000);\n", limits=Limits(seconds=5), main="index.js")
    assert error(findings)[0] == "program-timeout"


@pytest.mark.parametrize(("code", "severity"), [("3", Severity.ERROR), ("0", Severity.WARNING)])
def test_a_program_that_calls_exit(node: Run, code: str, severity: Severity) -> None:
    _, findings = node(f"const a = 1;\nprocess.exit({code});\n")
    found = only(findings)
    assert (found.code, found.place.line, found.severity) == ("program-exit", 2, severity)
    assert f"process.exit({code})" in found.text


def test_a_program_that_is_killed(node: Run) -> None:
    _, findings = node('console.log("good bye");\nprocess.kill(process.pid, "SIGKILL");\n', main="index.js")
    assert error(findings)[0] == "program-exit"
    assert "SIGKILL" in only(findings).text
    assert "good bye" in only(findings).text


def test_megabytes_of_output_do_no_harm(node: Run, capfd: pytest.CaptureFixture[str]) -> None:
    text = 'for (let i = 0; i < 100; i++) console.log("x".repeat(1000).concat("\\n").repeat(1000));\n'
    graph, findings = node(f"{text}exports.a = 1;\n", main="index.js")
    assert findings == ()
    assert graph.outputs[0].value == 1
    shown = capfd.readouterr().err
    assert len(shown) < 2_000_000
    assert "not shown" in shown


@pytest.mark.parametrize(
    "line",
    [
        'require("https").get("https://example.com/");',
        'require("net").connect(80, "192.0.2.1");',
        'exports.a = fetch("https://example.com/").then(r => r.status);',
        'require("dns").lookup("example.com", e => { throw e; });',
        'exports.a = require("dns").promises.resolve4("example.com");',
        'require("dgram").createSocket("udp4").send("x", 53, "192.0.2.1");',
        'require("http2").connect("https://example.com");',
    ],
)
def test_a_program_that_wants_the_network(node: Run, line: str) -> None:
    _, findings = node(f"const a = 1;\n{line}\n", main="index.js")
    assert error(findings)[0] == "no-network"
    assert "is not reached" in only(findings).text


def test_a_child_process_has_no_network_either(node: Run) -> None:
    child = 'fetch("https://example.com/").catch(e => console.log(e.cause.name))'
    text = f"const out = require('child_process').execFileSync(process.execPath, ['-e', {child!r}]);\n"
    graph, findings = node(f"{text}exports.a = String(out).trim();\n", main="index.js")
    assert findings == ()
    assert graph.outputs[0].value == "NetworkDeniedError"


def test_loopback_is_no_network(node: Run) -> None:
    text = """\
exports.a = new Promise((resolve, reject) => {
    const server = require("http").createServer((request, response) => response.end("here"));
    server.listen(0, "127.0.0.1", () =>
        fetch(`http://localhost:${server.address().port}/`).then(r => r.text()).then(resolve, reject)
            .finally(() => { server.close(); server.closeAllConnections(); }));
});
"""
    graph, findings = node(text, main="index.js")
    assert findings == ()
    assert graph.outputs[0].value == "here"


@pytest.mark.parametrize("held", ["Buffer.alloc(10000000, 1)", "new Array(1000000).fill(0).map((_, i) => ({ i }))"])
def test_a_program_that_takes_all_memory(node: Run, held: str) -> None:
    text = f"const held = [];\nwhile (true) held.push({held});\n"
    _, findings = node(text, limits=Limits(memory=300_000_000), main="index.js")
    assert error(findings)[0] == "program-memory"


def test_children_do_not_outlive_the_program(node: Run, tmp_path: Path) -> None:
    text = (
        "const { spawn } = require('child_process');\n"
        "const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });\n"
        "child.unref();\nexports.pid = child.pid;\n"
    )
    graph, findings = node(text, main="index.js")
    assert findings == ()
    assert not Path(f"/proc/{graph.outputs[0].value}").exists()


def test_two_resources_of_one_name(node: Run) -> None:
    _, findings = node(AWS + 'new aws.iam.User("twin");\nnew aws.iam.User("twin");\n')
    code, line = error(findings)
    assert code == "duplicate-resource"
    assert line == 4


def test_a_graph_past_its_limits(node: Run) -> None:
    graph, findings = node(
        AWS + "for (let n = 0; n < 30; n++) {\n    new aws.iam.User(`u${n}`);\n}\n", limits=Limits(resources=20)
    )
    assert error(findings) == ("graph-too-large", 4)
    assert len(graph.resources) < 20


@pytest.mark.parametrize(("name", "code"), [("@pulumi/nosuch", "missing-sdk"), ("./nosuch", "missing-module")])
def test_a_missing_package_is_named(node: Run, name: str, code: str) -> None:
    _, findings = node(f'const a = 1;\nconst x = require("{name}");\n', main="index.js")
    assert error(findings) == (code, 2)
    assert name in only(findings).text


def test_missing_configuration_is_named(node: Run) -> None:
    text = AWS + 'export const a = new pulumi.Config().require("arn");\n'
    _, findings = node(text)
    assert error(findings) == ("missing-configuration", 3)


def test_a_required_property_that_vanishes_is_told(node: Run) -> None:
    text = AWS + 'new aws.appsync.ApiKey("k", { apiId: pulumi.output(undefined as any) });\n'
    _, findings = node(text)
    assert error(findings) == ("missing-property", 3)


def test_a_function_without_an_answer_does_not_stop_the_program(node: Run) -> None:
    graph, findings = node(AWS + 'aws.ec2.getVpc({ default: true });\nnew aws.iam.User("u");\n')
    assert [(each.code, each.place.line) for each in findings] == [("unknown-invoke", 3)]
    assert len(graph.resources) == 1


def test_a_transform_that_fails_is_told(node: Run) -> None:
    text = 'pulumi.runtime.registerResourceTransform(() => { throw new Error("not this one"); });\n'
    _, findings = node(f'{AWS}{text}new aws.iam.User("u");\n', Environment())
    assert error(findings) == ("transform-failed", 4)


def test_nothing_is_left_of_a_reader_that_is_killed(node: Run, tmp_path: Path) -> None:
    node("exports.a = 1;\n", main="index.js")
    (tmp_path / "index.js").write_text(
        f"require('fs').writeFileSync({str(tmp_path / 'up')!r}, '');\nsetTimeout(() => 0, 600000);\n"
    )
    reading = (
        "from pathlib import Path\n"
        "from inferway.formats.pulumi.reader import read\n"
        "from inferway.formats.resources import Environment\n"
        f"read(Path({str(tmp_path)!r}), Environment(), lambda resource, environment: None)\n"
    )
    reader = subprocess.Popen([sys.executable, "-c", reading])
    wait_for(lambda: (tmp_path / "up").exists())
    assert running(tmp_path) != []
    reader.send_signal(signal.SIGKILL)
    reader.wait()
    wait_for(lambda: running(tmp_path) == [])


def running(folder: Path) -> list[str]:
    """Give the commands of all Node.js processes that name a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = entry.joinpath("cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if f"--pwd={folder}\0" in command:
                found.append(command)
    return found


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)
