"""Programs of any language that speak the Lambda Runtime API."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from inferway.serving.functions.check import FunctionError

Serving = Callable[..., Any]

CUSTOM = {"runtime": "provided.al2023", "handler": "anything"}

# As in the guide's tutorial "Building a custom runtime": a shell and curl, a connection for each request.
SHELL = """\
#!/bin/sh
while true; do
  event=$(curl -sS -D headers "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(grep -i Lambda-Runtime-Aws-Request-Id headers | tr -d '[:space:]' | cut -d: -f2)
  echo "shell got $event"
  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" \
    -d "{\\"got\\": $event}" -o answer
done
"""

# Each event is a list of requests to make of the API; the last answers the event, and tells what the others met.
ASKING = """\
#!/usr/bin/env python3
import http.client, json, os
BASE = "/2018-06-01/runtime"
def ask(method, path, body=None, headers={}, chunked=False):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, BASE + path, body, headers, encode_chunked=chunked)
    response = connection.getresponse()
    return response.status, response.read().decode(), dict(response.getheaders())
while True:
    status, event, headers = ask("GET", "/invocation/next")
    id = headers["Lambda-Runtime-Aws-Request-Id"]
    met = []
    for method, path, body, more in json.loads(event):
        status, text, _ = ask(method, path.replace("ID", id), body, more)
        met.append([status, text])
    ask("POST", f"/invocation/{id}/response", json.dumps([met, headers]))
"""


def test_a_shell_script_with_curl_is_a_runtime(serving: Serving) -> None:
    async def scenario() -> None:
        async with serving({"bootstrap": SHELL}, **CUSTOM, timeout=30.0) as function:
            for number in range(3):
                answer = await function.invoke(number, X_Amz_Log_Type="Tail")
                assert (answer.json, answer.failed) == ({"got": number}, False)
                assert f"shell got {number}" in answer.log
            # curl asks for leave to send a body of this size (RFC 9110, 10.1.1)
            assert len((await function.invoke("x" * 100_000)).json["got"]) == 100_000

    asyncio.run(scenario())


def test_the_next_event_comes_with_its_headers(serving: Serving) -> None:
    # runtimes-api, "Next invocation", Response headers
    async def scenario() -> None:
        async with serving({"bootstrap": ASKING}, **CUSTOM, timeout=9.0) as function:
            answer = await function.invoke([], X_Amzn_Trace_Id="Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
            _, headers = answer.json
            assert headers["Lambda-Runtime-Aws-Request-Id"] == answer.headers["x-amzn-requestid"]
            assert re.fullmatch(r"\d{13}", headers["Lambda-Runtime-Deadline-Ms"])
            arn = "arn:aws:lambda:us-east-1:000000000000:function:greeter"
            assert headers["Lambda-Runtime-Invoked-Function-Arn"] == arn
            assert headers["Lambda-Runtime-Trace-Id"] == "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"
            assert "Lambda-Runtime-Client-Context" not in headers
            made = (await function.invoke([])).json[1]["Lambda-Runtime-Trace-Id"]
            assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0", made)

    asyncio.run(scenario())


def test_what_the_api_does_not_take_is_refused(serving: Serving) -> None:
    # runtimes-api: 202 Accepted, 400 Bad Request, 403 Forbidden, 413
    async def scenario() -> None:
        async with serving({"bootstrap": ASKING}, **CUSTOM, timeout=30.0) as function:
            asked: list[tuple[str, str, Any, dict[str, str]]] = [
                ("POST", "/invocation/other/response", "1", {}),
                ("POST", "/init/error", "{}", {}),
                ("GET", "/invocation/next", None, {}),
                ("GET", "/invocation/next", None, {"Origin": "http://example.com"}),
                ("GET", "/elsewhere", None, {}),
            ]
            met, _ = (await function.invoke(asked)).json
            assert [status for status, _ in met] == [400, 403, 403, 403, 404]
            assert json.loads(met[0][1]) == {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}

    asyncio.run(scenario())


def test_a_process_that_opens_connections_without_end_is_still_answered(serving: Serving) -> None:
    code = """
        import os, socket
        opened = []
        def handler(event, context):
            host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
            for _ in range(event):
                opened.append(socket.create_connection((host, int(port))))
            return len(opened)
        """

    async def scenario() -> None:
        async with serving(code, timeout=30.0) as function:
            assert [(await function.invoke(100)).json for _ in range(3)] == [100, 200, 300]

    asyncio.run(scenario())


def test_an_error_is_the_functions_and_needs_no_body(serving: Serving) -> None:
    # runtimes-api, "Invocation error": Lambda-Runtime-Function-Error-Type and a body with errorMessage, errorType
    async def scenario() -> None:
        async with serving({"bootstrap": ASKING}, **CUSTOM) as function:
            document = {"errorMessage": "odd", "errorType": "Own.Error", "stackTrace": []}
            answer = await function.invoke([("POST", "/invocation/ID/error", json.dumps(document), {})])
            assert (answer.failed, answer.json) == (True, document)
            kind = {"Lambda-Runtime-Function-Error-Type": "Own.Kind"}
            answer = await function.invoke([("POST", "/invocation/ID/error", None, kind)])
            assert answer.json == {"errorType": "Own.Kind", "errorMessage": ""}

    asyncio.run(scenario())


def test_a_streamed_response_is_given_whole_and_may_fail_in_its_trailer(serving: Serving) -> None:
    # runtimes-api, "Response streaming"; runtimes-custom, "Response streaming requirements for custom runtimes"
    code = """\
        #!/usr/bin/env python3
        import base64, json, os, socket
        BASE = "/2018-06-01/runtime/invocation/"
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        stream = socket.create_connection((host, int(port))).makefile("rwb")
        def head():
            stream.readline()
            return dict(line.decode().strip().split(": ", 1) for line in iter(stream.readline, b"\\r\\n"))
        while True:
            stream.write(f"GET {BASE}next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n".encode()); stream.flush()
            headers = head()
            event = json.loads(stream.read(int(headers["Content-Length"])))
            id = headers["Lambda-Runtime-Aws-Request-Id"]
            stream.write(f"POST {BASE}{id}/response HTTP/1.1\\r\\nHost: x\\r\\n".encode())
            stream.write(b"Transfer-Encoding: chunked\\r\\n")
            stream.write(b"Lambda-Runtime-Function-Response-Mode: streaming\\r\\n"
                         b"Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\\r\\n\\r\\n")
            stream.write(b"3\\r\\n[1,\\r\\n2\\r\\n2]\\r\\n0\\r\\n")
            if event:
                body = base64.b64encode(b'{"errorType": "Half", "errorMessage": "way"}').decode()
                stream.write(f"Lambda-Runtime-Function-Error-Type: Half\\r\\n"
                             f"Lambda-Runtime-Function-Error-Body: {body}\\r\\n".encode())
            stream.write(b"\\r\\n"); stream.flush()
            stream.read(int(head()["Content-Length"]))
        """

    async def scenario() -> None:
        async with serving({"bootstrap": code}, **CUSTOM) as function:
            assert (await function.invoke(0)).body == b"[1,2]"
            answer = await function.invoke(1)
            assert (answer.failed, answer.json) == (True, {"errorType": "Half", "errorMessage": "way"})
            assert (await function.invoke(0)).body == b"[1,2]"

    asyncio.run(scenario())


def test_a_start_that_fails_says_why(serving: Serving) -> None:
    # runtimes-api, "Initialization error"
    post = 'curl -sS "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error"'
    code = f"""#!/bin/sh\n{post} -d '{{"errorType": "Runtime.NoModel", "errorMessage": "no model here"}}'; exit 1\n"""

    async def scenario() -> None:
        async with serving({"bootstrap": code}, **CUSTOM) as function:
            answer = await function.invoke()
            assert answer.failed
            assert answer.json == {"errorType": "Runtime.NoModel", "errorMessage": "no model here"}
        async with serving({"bootstrap": "#!/bin/sh\nexit 7\n"}, **CUSTOM) as function:
            assert (await function.invoke()).json["errorMessage"].endswith("exited with error: exit status 7")

    asyncio.run(scenario())


@pytest.mark.parametrize("runtime", ["java21", "dotnet8", "ruby3.3", "go1.x"])
def test_another_runtime_is_a_finding_that_says_what_to_do(serving: Serving, runtime: str) -> None:
    async def scenario() -> None:
        with pytest.raises(FunctionError, match=rf"the runtime '{runtime}' is not run here: bind it to a URL"):
            async with serving("", runtime=runtime):
                pass

    asyncio.run(scenario())


def test_an_event_that_a_process_ended_without_taking_goes_to_another(serving: Serving) -> None:
    # It answers one event and ends without asking for the next, which was given to it already.
    code = ASKING.replace("import http.client", "import time, http.client").replace("while True:", "if True:")
    code += "    time.sleep(0.5); raise SystemExit(1)\n"

    async def scenario() -> None:
        async with serving({"bootstrap": code}, **CUSTOM, timeout=30.0) as function:
            for _ in range(3):
                assert not (await function.invoke([])).failed

    asyncio.run(scenario())
