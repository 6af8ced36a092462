"""A Node.js handler that streams, behind a Lambda proxy integration that does, with real clients.

Source: API Gateway, "Configure a Lambda proxy integration with payload response streaming", whose example this follows.
"""

import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

COMMAND: Final = Path(sys.executable).with_name("inferway")
EDGES: Final = ("protocol", "asgi")
URI: Final = (
    "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:talk/response-streaming-invocations"
)
HANDLER: Final = """
import fs from "node:fs"
import { setTimeout } from "node:timers/promises"
const wait = async (file) => { while (!fs.existsSync(file)) await setTimeout(10) }
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const asked = event.queryStringParameters ?? {}
  if (asked.plain) { stream.write("no metadata"); stream.end(); return }
  if (asked.throws) throw new Error("at once")
  stream = awslambda.HttpResponseStream.from(stream, {
    statusCode: 201, headers: { "x-foo": "bar" }, multiValueHeaders: { "Set-Cookie": ["c1=blue", "c2=red"] },
  })
  stream.write("first ")
  if (asked.file) await wait(asked.file)
  if (asked.fails) throw new Error("half way")
  if (asked.megabytes) for (let number = 0; number < asked.megabytes; number++)
    if (!stream.write(Buffer.alloc(1048576))) await new Promise((done) => stream.once("drain", done))
  stream.write("second")
  stream.end()
})
"""


@pytest.fixture(scope="module", params=EDGES)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give host and port of a gateway with the function."""
    if shutil.which("node") is None:
        pytest.fail("Node.js is missing; on Debian: apt-get install nodejs")
    folder = tmp_path_factory.mktemp("talk")
    (folder / "code").mkdir()
    (folder / "code" / "index.mjs").write_text(HANDLER)
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": URI, "responseTransferMode": "STREAM"}
    get = {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": integration}
    document = {"openapi": "3.0.1", "info": {"title": "talk", "version": "1"}, "paths": {"/talk": {"get": get}}}
    (folder / "openapi.json").write_text(json.dumps(document))
    bindings = '[functions.talk]\npath = "./code"\nhandler = "index.handler"\nruntime = "nodejs20.x"\ntimeout = 25.0\n'
    (folder / "inferway.toml").write_text(bindings)
    process = subprocess.Popen(
        [COMMAND, "run", folder, "--edge", request.param, "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    assert process.stdout is not None
    with contextlib.closing(process.stdout):
        line = process.stdout.readline()
        try:
            assert line, "the gateway did not start"
            yield urlsplit(json.loads(line)["url"]).netloc
        finally:
            process.terminate()
            process.wait(45)


Ask = Callable[[str], Any]


@pytest.fixture
def ask(address: str) -> Iterator[Ask]:
    """Send a query to the function; give the response, unread."""
    with contextlib.ExitStack() as stack:

        def one(query: str) -> http.client.HTTPResponse:
            connection = stack.enter_context(contextlib.closing(http.client.HTTPConnection(address, timeout=30)))
            connection.request("GET", f"/talk/prod/talk?{query}")
            return connection.getresponse()

        yield one


def test_what_is_written_first_comes_before_the_rest_is(ask: Ask, tmp_path: Path) -> None:
    """The handler waits for a file that is made when its first words have come."""
    response = ask(f"file={tmp_path}/go")
    assert (response.status, response.headers["x-foo"]) == (201, "bar")
    assert response.headers.get_all("Set-Cookie") == ["c1=blue", "c2=red"]
    assert response.read1(100) == b"first "
    (tmp_path / "go").touch()
    assert response.read() == b"second"


def test_a_payload_may_exceed_what_lambda_gives_at_once(ask: Ask) -> None:
    """Documented: 200 MB streamed, 6 MB whole ("Lambda quotas")."""
    assert len(ask("megabytes=30").read()) == 30 * 1_048_576 + len(b"first second")


@pytest.mark.parametrize("query", ["plain=1", "throws=1"])
def test_a_function_without_metadata_is_a_bad_gateway(ask: Ask, query: str) -> None:
    response = ask(query)
    assert (response.status, response.read()) == (502, b'{"message": "Internal server error"}')


def test_a_function_that_fails_half_way_breaks_the_response_off(ask: Ask) -> None:
    response = ask("fails=1")
    assert response.status == 201
    with pytest.raises(http.client.IncompleteRead) as caught:
        response.read()
    assert caught.value.partial == b"first "


def test_curl_says_what_the_vendor_s_page_says(address: str) -> None:
    """Documented: "curl: (18) transfer closed with outstanding read data remaining" (troubleshooting)."""
    if shutil.which("curl") is None:
        pytest.fail("curl is missing; on Debian: apt-get install curl")
    command = ["curl", "-sS", "--no-buffer", "-i", f"http://{address}/talk/prod/talk?fails=1"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert made.returncode == 18
    assert "curl: (18) transfer closed with outstanding read data remaining" in made.stderr
    assert made.stdout.startswith("HTTP/1.1 201")
    assert made.stdout.endswith("first ")
