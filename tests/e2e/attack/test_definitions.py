"""Definitions and bindings that are broken in every way: exit status 1, findings with their place, no traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
SOUND = '{"openapi":"3.0.1","info":{"title":"t","version":"1"},"paths":{}}'


def call(command: str, path: Path, seconds: float = 30) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, command, path, *(["--port", "0", "--json"] if command == "run" else [])],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        errors="replace",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "1000"},
    )


def broken(content: bytes, name: str = "openapi.yaml") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def paths(text: str) -> bytes:
    return b'openapi: "3.0.1"\ninfo: {title: t, version: "1"}\n' + text.encode()


def a_folder(folder: Path) -> Path:
    (folder / "openapi.yaml").mkdir()
    return folder / "openapi.yaml"


def an_unreadable_file(folder: Path) -> Path:
    (folder / "openapi.yaml").symlink_to("/proc/self/mem")
    return folder / "openapi.yaml"


def a_loop(folder: Path) -> Path:
    (folder / "openapi.yaml").symlink_to(folder / "openapi.yaml")
    return folder / "openapi.yaml"


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "openapi.yaml")
    return folder / "openapi.yaml"


INTEGRATION = (
    "paths:\n  /a:\n    get:\n      x-amazon-apigateway-integration:\n        type: aws\n        httpMethod: POST\n"
    "        uri: arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/m/invocations\n"
)

DEFINITIONS: dict[str, Callable[[Path], Path]] = {
    "empty": broken(b""),
    "blank": broken(b"\n\n  \n"),
    "binary": broken(bytes(range(256)) * 100),
    "NULs": broken(b"\x00" * 1000),
    "20 MB": broken(b"# " + b"x" * 20_000_000),
    "not UTF-8": broken(b"openapi: 3.0.1\ninfo:\n  title: \xff\xfe\xfd\n"),
    "deep JSON": broken(b'{"openapi":' + b"[" * 100_000, "openapi.json"),
    "deep YAML": broken(b"openapi: " + b"[" * 50_000),
    "deep blocks": broken("\n".join(" " * n + "a:" for n in range(2000)).encode()),
    "laughs": broken(b'openapi: "3.0.1"\n' + LAUGHS.encode()),
    "itself": broken(b'openapi: "3.0.1"\npaths: &p\n  /a: *p\n'),
    "tag": broken(b"openapi: !!python/object/apply:os.system [id]\n"),
    "two documents": broken(b"openapi: 3.0.1\n---\nopenapi: 3.0.1\n"),
    "tabs": broken(b"openapi:\n\t3.0.1\n"),
    "twice": broken(b'openapi: "3.0.1"\nopenapi: "3.0.1"\n'),
    "half": broken(b'{"openapi": "3.0.1", "paths": {', "openapi.json"),
    "list": broken(b"[]", "openapi.json"),
    "number": broken(b"42", "openapi.json"),
    "wrong version": broken(b'{"openapi": "7.0"}', "openapi.json"),
    "folder": a_folder,
    "unreadable": an_unreadable_file,
    "pipe": a_pipe,
    "paths is a list": broken(paths("paths: []\n")),
    "paths is text": broken(paths("paths: yes please\n")),
    "path is a number": broken(paths("paths: {/a: 3}\n")),
    "method is text": broken(paths("paths: {/a: {get: hello}}\n")),
    "integration is a list": broken(paths("paths: {/a: {get: {x-amazon-apigateway-integration: [1]}}}\n")),
    "type is a table": broken(paths("paths: {/a: {get: {x-amazon-apigateway-integration: {type: {}}}}}\n")),
    "uri is a list": broken(paths(INTEGRATION.replace("uri: arn", "uri: [arn").replace("invocations", "invocations]"))),
    "timeout is text": broken(paths(INTEGRATION + "        timeoutInMillis: soon\n")),
    "timeout is too long": broken(paths(INTEGRATION + "        timeoutInMillis: 1.0e+300\n")),
    "templates are text": broken(paths(INTEGRATION + "        requestTemplates: x\n")),
    "template is a list": broken(paths(INTEGRATION + "        requestTemplates: {application/json: [1]}\n")),
    "responses are a list": broken(paths(INTEGRATION + "        responses: [200]\n")),
    "pattern": broken(paths(INTEGRATION + '        responses: {"(": {statusCode: 200}}\n')),
    "status is text": broken(paths(INTEGRATION + "        responses: {default: {statusCode: fine}}\n")),
    "status is no status": broken(paths(INTEGRATION + '        responses: {default: {statusCode: "99999"}}\n')),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_broken_definition_is_refused_with_its_place(tmp_path: Path, name: str, command: str) -> None:
    path = DEFINITIONS[name](tmp_path)
    done = call(command, path)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert done.returncode == 1, said
    assert path.name in said
    assert len(said) < 20_000


BINDINGS: dict[str, tuple[bytes, int]] = {
    "syntax": (b"[keys\n", 1),
    "not UTF-8": (b"[keys]\na = '\xff'\n", 0),
    "binary": (bytes(range(256)), 0),
    "deep": (b"a = " + b"[" * 100_000, 0),
    "deep table": (b"[" + b".".join(b"a" for _ in range(5000)) + b"]\n", 0),
    "unknown table": (b"\n[endpoint.x]\nurl = 'http://a'\n", 2),
    "keys is a list": (b"keys = [1]\n", 1),
    "key is a number": (b"[keys]\na = 7\n", 2),
    "key has a line break": (b'[keys]\na = "aaaaaaaaaaaaaaaaaaaaaaaaa\\r\\nb"\n', 2),
    "url is a number": (b"[endpoints.m]\nurl = 7\n", 2),
    "url is no URL": (b"[endpoints.m]\nurl = 'ftp://a'\n", 2),
    "url has no host": (b"[endpoints.m]\nurl = 'http://'\n", 2),
    "url has a wrong port": (b"[endpoints.m]\nurl = 'http://a:99999'\n", 2),
    "url has a letter port": (b"[endpoints.m]\nurl = 'http://a:b'\n", 2),
    "url has a space": (b"[endpoints.m]\nurl = 'http://a b/'\n", 2),
    "url has a line break": (b'[endpoints.m]\nurl = "http://a/\\r\\nX: y"\n', 2),
    "url has an open bracket": (b"[endpoints.m]\nurl = 'http://[::1'\n", 2),
    "url is not ASCII": ("[endpoints.m]\nurl = 'http://a/é'\n".encode(), 2),
    "no such variable": (b"[endpoints.m]\nurl = 'env:NO_SUCH_VARIABLE_HERE'\n", 2),
    "no such file": (b"[keys]\na = 'file:/no/such/file'\n", 2),
    "a folder for a file": (b"[keys]\na = 'file:.'\n", 2),
    "plan is text": (b"[usage_plans]\nx = 'y'\n", 2),
    "negative rate": (b"[usage_plans.x]\nstages = ['t:prod']\nthrottle = { rate = -1, burst = 1 }\n", 3),
    "endless rate": (b"[usage_plans.x]\nstages = ['t:prod']\nthrottle = { rate = inf, burst = 1 }\n", 3),
    "no rate": (b"[usage_plans.x]\nstages = ['t:prod']\nthrottle = { rate = nan, burst = 1 }\n", 3),
    "huge burst": (b"[usage_plans.x]\nstages = ['t:prod']\nthrottle = { rate = 1, burst = %b }\n" % (b"9" * 30), 3),
    "stage name": (b"[apis.t.stages.'a/b']\n", 1),
    "stages is a number": (b"[apis.t]\nstages = 7\n", 2),
    "account is a list": (b"account = []\n", 1),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("name", BINDINGS)
def test_broken_bindings_are_refused_with_their_place(tmp_path: Path, name: str, command: str) -> None:
    content, line = BINDINGS[name]
    (tmp_path / "openapi.json").write_text(SOUND)
    (tmp_path / "inferway.toml").write_bytes(content)
    done = call(command, tmp_path)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert done.returncode == 1, said
    assert f"inferway.toml:{line}" in said if line else "inferway.toml" in said
    assert len(said) < 20_000


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("make", [lambda folder: folder / "no.yaml", a_loop])
def test_a_path_to_nothing_is_a_usage_error(tmp_path: Path, command: str, make: Callable[[Path], Path]) -> None:
    done = call(command, make(tmp_path))
    assert (done.returncode, "does not exist" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
