"""Signed calls: the signature on the wire is the one that botocore makes of the same request."""

import asyncio
from importlib import import_module
from typing import Any

from inferway.backends.http import HttpBackend, connect
from inferway.backends.link import Link, Unreachable
from inferway.definition.identity import Identity
from inferway.definition.targets import HttpUrl, Signing
from inferway.exchange import Call
from inferway.faults import Fault, FaultKind, Place
from inferway.transport.client import HttpClient

# botocore has no types.
AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

IDENTITY = Identity(
    name="i", access_key="AKIDEXAMPLE", secret="a-secret", arn="arn:aws:iam::0:user/i", policies=()
)  # fmt: skip
TARGET = HttpUrl(
    url="https://service/base path/{id}?fixed=1",
    signing=Signing(service="sagemaker", region="eu-west-1"),
    place=Place(file="f"),
)


def sent(call: Call, identity: Identity) -> tuple[str, dict[str, str], bytes]:
    """Make a call to a server that keeps what it was sent; gives the target, headers and body."""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        got.append(head)
        got.append(await reader.readexactly(len(call.body)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def main() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            client = HttpClient()
            link = Link(
                client=client,
                endpoints={},
                urls={"https://service": f"http://127.0.0.1:{port}"},
                variables={},
                identity=identity,
            )
            backend = connect(TARGET, link, 5.0)
            assert isinstance(backend, HttpBackend)
            assert not isinstance(await backend.invoke(call), Fault)
            await client.aclose()

    asyncio.run(main())
    first, *lines = got[0].decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return first.split(" ")[1], headers, got[1]


def test_the_signature_is_botocore_s() -> None:
    call = Call(
        method="POST",
        parameters={"id": "a/b c"},
        query=[("z", "1 2"), ("a", "é")],
        headers=[(b"content-type", b"application/x-amz-json-1.1"), (b"x-amz-target", b"SageMaker.ListModels")],
        body=b'{"a": 1}',
    )
    target, headers, body = sent(call, IDENTITY)
    signed = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-date", "x-amz-target"} <= set(signed)
    asked = AWSRequest(
        "POST", f"http://{headers['host']}{target}", {name: headers[name] for name in signed if name != "host"}, body
    )
    asked.context["timestamp"] = headers["x-amz-date"]
    signer = AUTH.SigV4Auth(BotoCredentials("AKIDEXAMPLE", "a-secret"), "sagemaker", "eu-west-1")
    text = signer.string_to_sign(asked, signer.canonical_request(asked))
    assert headers["authorization"].rpartition("Signature=")[2] == signer.signature(text, asked)
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-west-1/sagemaker/aws4_request" in headers["authorization"]


def test_a_session_s_token_is_sent_and_signed() -> None:
    """IAM User Guide, "Create a signed AWS API request": temporary credentials need X-Amz-Security-Token."""
    session = Identity(
        name="i", access_key="ASIAEXAMPLE", secret="s", session_token="token", arn="arn:aws:iam::0:user/i", policies=()
    )
    _, headers, _ = sent(Call(method="GET", parameters={"id": "a"}), session)
    assert headers["x-amz-security-token"] == "token"
    assert "x-amz-security-token" in headers["authorization"]


def test_a_call_that_nobody_can_sign_is_not_sent() -> None:
    async def main() -> None:
        link = Link(client=HttpClient(), endpoints={}, urls={}, variables={})
        backend = connect(TARGET, link, 5.0)
        assert isinstance(backend, Unreachable)
        fault = backend.invoke(Call())
        assert fault.kind is FaultKind.MISCONFIGURED
        assert "no identity" in fault.cause

    asyncio.run(main())
