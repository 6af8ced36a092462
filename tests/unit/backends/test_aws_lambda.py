"""Tests of the Lambda backend against a server that answers as Invoke does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from inferway.backends.aws_lambda import LambdaBackend, bound_function, connect, error_message
from inferway.backends.link import Link, Unreachable
from inferway.definition.targets import LambdaFunction
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.transport.client import HttpClient

ARN = "arn:aws:lambda:us-east-1:123456789012:function:classify"
NOWHERE = Place(file="program.py")


@asynccontextmanager
async def answering(reply: bytes) -> Any:
    """Serve one fixed reply; gives its URL and the requests it got."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        requests.append(head + await reader.readexactly(length))
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests
    finally:
        server.close()
        await server.wait_closed()


def invoke(reply: bytes, name: str, bound: Callable[[str], Mapping[str, str]], **call: Any) -> tuple[Any, list[bytes]]:
    async def scenario() -> tuple[Any, list[bytes]]:
        async with answering(reply) as (url, requests):
            client = HttpClient()
            link = Link(client=client, endpoints={}, urls={}, variables={"alias": "live"}, functions=bound(url))
            answer = connect(LambdaFunction(name=name, place=NOWHERE), link, 5.0).invoke(Call(**call))
            result = await answer if isinstance(answer, Awaitable) else answer
            await client.aclose(0)
            return result, requests

    return asyncio.run(scenario())


def http_reply(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_the_event_goes_to_the_invoke_path_and_the_result_comes_back() -> None:
    reply = http_reply("200 OK", b'{"label":"7"}', "X-Amz-Executed-Version: $LATEST")
    result, requests = invoke(reply, ARN, lambda url: {"classify": url}, body=b'{"image":"x"}')
    assert isinstance(result, Reply)
    assert (result.status, result.body, result.error) == (200, b'{"label":"7"}', None)
    assert requests[0].startswith(b"POST /2015-03-31/functions/classify/invocations HTTP/1.1\r\n")
    assert requests[0].endswith(b'\r\n\r\n{"image":"x"}')


def test_a_qualifier_and_a_stage_variable_are_settled() -> None:
    result, requests = invoke(
        http_reply("200 OK", b"1"), f"{ARN}:${{stageVariables.alias}}", lambda url: {ARN: f"{url}/local/"}, body=b"{}"
    )
    assert isinstance(result, Reply)
    assert requests[0].startswith(b"POST /local/2015-03-31/functions/classify/invocations?Qualifier=live HTTP/1.1\r\n")


def test_a_failed_function_gives_its_message_and_its_document() -> None:
    # Invoke: "If an error occurs [in the function], the response has the X-Amz-Function-Error header", status 200
    document = b'{"errorMessage":"no such movie","errorType":"KeyError","stackTrace":[]}'
    result, _ = invoke(
        http_reply("200 OK", document, "X-Amz-Function-Error: Unhandled"), ARN, lambda url: {ARN: url}, body=b"{}"
    )
    assert isinstance(result, Reply)
    assert (result.status, result.body, result.error) == (200, document, "no such movie")


def test_the_services_own_exception_keeps_its_status_and_name() -> None:
    result, _ = invoke(
        http_reply("429 Too Many Requests", b"{}", "x-amzn-ErrorType: TooManyRequestsException"),
        ARN,
        lambda url: {ARN: url},
        body=b"{}",
    )
    assert isinstance(result, Reply)
    assert (result.status, result.header(b"x-amzn-errortype"), result.error) == (429, b"TooManyRequestsException", None)


@pytest.mark.parametrize(
    ("functions", "kind", "text"),
    [
        ({}, FaultKind.BACKEND_UNBOUND, 'is not bound: add [functions."classify"] to inferway.toml'),
        ({"classify": ""}, FaultKind.BACKEND_UNREACHABLE, "bound to a handler that did not start"),
        ({"classify": "ftp://x"}, FaultKind.MISCONFIGURED, "ftp://x"),
        ({"classify": "http://127.0.0.1:1"}, FaultKind.BACKEND_UNREACHABLE, ""),
    ],
)
def test_a_function_that_cannot_be_called_is_a_fault(functions: dict[str, str], kind: FaultKind, text: str) -> None:
    result, _ = invoke(http_reply("200 OK", b"1"), ARN, lambda _: functions, body=b"{}")
    assert isinstance(result, Fault)
    assert result.kind is kind
    assert text in result.cause


def test_the_key_that_binds_a_function_is_the_nearest() -> None:
    other = "arn:aws:lambda:us-east-1:999999999999:function:classify"
    assert bound_function({ARN: "1", "classify": "2", other: "3"}, ARN) == ARN
    assert bound_function({other: "3", "classify": "2"}, ARN) == "classify"
    assert bound_function({other: "3"}, f"{ARN}:live") == other
    assert bound_function({"other": "3"}, ARN) == ""


def test_an_error_document_may_be_anything() -> None:
    assert error_message(b'{"errorMessage":"it"}') == "it"
    assert error_message(b'{"errorMessage":{"a":1}}') == '{"a":1}'
    assert error_message(b"no json") == "no json"
    assert error_message(b"[]") == "[]"
    assert error_message(b"{}") == ""


def test_the_backends_have_the_names_that_the_table_of_parts_gives() -> None:
    assert isinstance(connect(LambdaFunction(name="x", place=NOWHERE), _no_link(), 1.0), Unreachable)
    assert LambdaBackend.__doc__


def _no_link() -> Link:
    async def make() -> Link:
        return Link(client=HttpClient(), endpoints={}, urls={}, variables={})

    return asyncio.run(make())
