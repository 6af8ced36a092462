"""Dialer: servers that cannot be reached, other kinds of address, and TLS."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.options import CallOptions, TlsOptions

Run = Callable[[Any], Any]
Serve = Callable[..., Any]
Answer = Callable[..., Any]

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATIENT = CallOptions()


async def call(url: str, tls: TlsOptions | None = None, options: CallOptions = PATIENT) -> Reply:
    client = HttpClient()
    origin = client.origin(url, tls)
    try:
        return await origin.request(b"GET", b"/", options=options)
    finally:
        await client.aclose()
        assert origin.open_connections == 0


def fault_of(run: Run, url: str, options: CallOptions = PATIENT) -> TransportError:
    async def main() -> TransportError:
        with pytest.raises(TransportError) as caught:
            await call(url, None, options)
        return caught.value

    error = run(main())
    assert isinstance(error, TransportError)
    assert not error.request_sent
    return error


def test_a_port_where_nobody_listens(run: Run) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = fault_of(run, f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert error.kind is TransportErrorKind.CONNECT_FAILED


def test_a_name_that_does_not_exist(run: Run) -> None:
    # RFC 6761, section 6.4: names below "invalid" never exist.
    assert fault_of(run, "http://model.invalid").kind is TransportErrorKind.CONNECT_FAILED


def test_a_unix_socket_that_does_not_exist(run: Run, tmp_path: Path) -> None:
    assert fault_of(run, f"unix://{tmp_path}/none").kind is TransportErrorKind.CONNECT_FAILED


@pytest.mark.parametrize(
    ("options", "wait"),
    [
        (CallOptions(connect_timeout=0.05), Wait.CONNECT),
        (CallOptions(total_timeout=0.05), Wait.TOTAL),
    ],
)
def test_a_server_that_never_accepts(run: Run, blackhole: str, options: CallOptions, wait: Wait) -> None:
    error = fault_of(run, blackhole, options)
    assert (error.kind, error.wait) == (TransportErrorKind.TIMED_OUT, wait)


def test_cancelling_while_connecting_frees_the_place(run: Run, blackhole: str) -> None:
    async def main() -> None:
        client = HttpClient()
        origin = client.origin(blackhole)

        async def request() -> None:
            await origin.request(b"GET", b"/")

        task = asyncio.get_running_loop().create_task(request())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (origin.open_connections, origin.waiting_calls) == (0, 0)
        # Closing would wait for a place still taken.
        async with asyncio.timeout(5):
            await client.aclose(grace=60)

    run(main())


def test_a_unix_socket(run: Run, serve: Serve, answer: Answer, tmp_path: Path) -> None:
    async def main() -> None:
        async with serve(answer(WHOLE), path=str(tmp_path / "s")) as server:
            assert (await call(server.url)).body == b"ok"

    run(main())


def test_an_ipv6_address(run: Run, serve: Serve, answer: Answer) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.fail("IPv6 loopback is off: sysctl net.ipv6.conf.lo.disable_ipv6=0")

    async def main() -> None:
        async with serve(answer(WHOLE), host="::1") as server:
            assert (await call(server.url)).body == b"ok"

    run(main())


def test_a_host_name(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(WHOLE)) as server:
            assert (await call(server.url.replace("127.0.0.1", "localhost"))).body == b"ok"

    run(main())


def server_context(certificate: Path, client_ca: Path | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def call_over_tls(run: Run, serve: Serve, answer: Answer, context: ssl.SSLContext, tls: TlsOptions) -> Reply:
    async def main() -> Reply:
        async with serve(answer(WHOLE), tls=context) as server:
            return await call(server.url, tls)

    reply = run(main())
    assert isinstance(reply, Reply)
    return reply


def test_tls_with_a_custom_authority(run: Run, serve: Serve, answer: Answer, certificates: SimpleNamespace) -> None:
    context = server_context(certificates.good)
    assert call_over_tls(run, serve, answer, context, TlsOptions(ca_file=certificates.ca)).body == b"ok"


# RFC 9110, section 4.3.4: the certificate must be the host's, valid and from a trusted authority.
@pytest.mark.parametrize(
    ("certificate", "trusts_ca", "text"),
    [
        ("wrong_host", True, "127.0.0.1"),
        ("expired", True, "expired"),
        ("self_signed", True, "self.signed"),
        ("good", False, "certificate"),
    ],
)
def test_a_certificate_that_does_not_hold(
    run: Run, serve: Serve, answer: Answer, certificates: SimpleNamespace, certificate: str, trusts_ca: bool, text: str
) -> None:
    context = server_context(getattr(certificates, certificate))
    tls = TlsOptions(ca_file=certificates.ca) if trusts_ca else TlsOptions()
    with pytest.raises(TransportError, match=text) as caught:
        call_over_tls(run, serve, answer, context, tls)
    assert caught.value.kind is TransportErrorKind.TLS_FAILED
    assert not caught.value.request_sent
    assert call_over_tls(run, serve, answer, context, TlsOptions(insecure=True)).body == b"ok"


def test_another_name_may_be_verified(run: Run, serve: Serve, answer: Answer, certificates: SimpleNamespace) -> None:
    context = server_context(certificates.good)
    tls = TlsOptions(ca_file=certificates.ca, server_name="model.test")
    assert call_over_tls(run, serve, answer, context, tls).body == b"ok"
    with pytest.raises(TransportError, match=r"other\.test"):
        call_over_tls(run, serve, answer, context, TlsOptions(ca_file=certificates.ca, server_name="other.test"))


def test_a_client_certificate(run: Run, serve: Serve, answer: Answer, certificates: SimpleNamespace) -> None:
    context = server_context(certificates.good, client_ca=certificates.ca)
    tls = TlsOptions(ca_file=certificates.ca, client_certificate=certificates.client)
    assert call_over_tls(run, serve, answer, context, tls).body == b"ok"


def test_a_missing_client_certificate(run: Run, serve: Serve, answer: Answer, certificates: SimpleNamespace) -> None:
    # In TLS 1.3 the refusal comes after the client's end of the handshake (RFC 8446, section 4.4.2.4), and this
    # server only hangs up then.
    closed = {TransportErrorKind.TLS_FAILED, TransportErrorKind.CLOSED_EARLY}
    for version, kinds in (
        (ssl.TLSVersion.TLSv1_2, {TransportErrorKind.TLS_FAILED}),
        (ssl.TLSVersion.TLSv1_3, closed),
    ):
        context = server_context(certificates.good, client_ca=certificates.ca)
        context.maximum_version = version
        with pytest.raises(TransportError) as caught:
            call_over_tls(run, serve, answer, context, TlsOptions(ca_file=certificates.ca))
        assert caught.value.kind in kinds


@pytest.mark.parametrize(
    ("name", "server_name", "refused"),
    [
        ("self_signed", None, ""),
        ("good", None, ""),
        ("good", "model.test", ""),
        ("good", "MODEL.test.", ""),
        ("wild", "one.model.test", ""),
        ("nameless", "nameless", ""),
        ("expired", None, "certificate has expired"),
        ("wrong_host", None, "the certificate is not for '127.0.0.1'"),
        ("good", "other.test", "the certificate is not for 'other.test'"),
        ("wild", "model.test", "is not for"),
        ("wild", "two.one.model.test", "is not for"),
    ],
)
def test_a_certificate_of_any_authority_has_its_time_and_names_all_the_same(
    run: Run,
    serve: Serve,
    answer: Answer,
    certificates: SimpleNamespace,
    name: str,
    server_name: str | None,
    refused: str,
) -> None:
    context = server_context(getattr(certificates, name))
    tls = TlsOptions(any_authority=True, server_name=server_name)
    if not refused:
        assert call_over_tls(run, serve, answer, context, tls).body == b"ok"
        return
    with pytest.raises(TransportError, match=refused) as caught:
        call_over_tls(run, serve, answer, context, tls)
    assert caught.value.kind is TransportErrorKind.TLS_FAILED


def test_a_server_without_tls(run: Run, serve: Serve, certificates: SimpleNamespace) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def main() -> None:
        async with serve(script) as server:
            with pytest.raises(TransportError) as caught:
                await call(server.url.replace("http:", "https:"), TlsOptions(ca_file=certificates.ca))
            assert caught.value.kind is TransportErrorKind.TLS_FAILED

    run(main())


def test_a_tls_handshake_that_is_broken_off(run: Run, serve: Serve) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    async def main() -> None:
        async with serve(script) as server:
            with pytest.raises(TransportError) as caught:
                await call(server.url.replace("http:", "https:"))
            assert caught.value.kind is TransportErrorKind.TLS_FAILED

    run(main())


def test_a_tls_handshake_that_stalls(run: Run, serve: Serve) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def main() -> None:
        async with serve(script) as server:
            with pytest.raises(TransportError) as caught:
                await call(server.url.replace("http:", "https:"), None, CallOptions(connect_timeout=0.1))
            assert (caught.value.kind, caught.value.wait) == (TransportErrorKind.TIMED_OUT, Wait.CONNECT)
            await server.until_idle()

    run(main())


def test_large_bodies_over_tls(run: Run, serve: Serve, read_request: Any, certificates: SimpleNamespace) -> None:
    body = b"0123456789abcdef" * 200_000

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            _, received = await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(received), received))
            await writer.drain()
        await reader.read()

    async def main() -> None:
        async with serve(script, tls=server_context(certificates.good)) as server:
            client = HttpClient()
            origin = client.origin(server.url, TlsOptions(ca_file=certificates.ca))
            for _ in range(2):
                assert (await origin.request(b"POST", b"/", body=body)).body == body
            assert server.accepted == 1
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


# RFC 9112, section 9.8: an end without TLS's closing alert may be an attacker's; such a body is incomplete.
def test_a_body_that_ends_with_a_tls_connection_needs_the_closing_alert(
    run: Run, serve: Serve, read_request: Any, certificates: SimpleNamespace
) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, _ = await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nabc")
        await asyncio.sleep(0.05)
        if b"/truncated" in head:
            writer.transport.abort()

    async def main() -> None:
        async with serve(script, tls=server_context(certificates.good)) as server:
            client = HttpClient()
            origin = client.origin(server.url, TlsOptions(ca_file=certificates.ca))
            assert (await origin.request(b"GET", b"/whole")).body == b"abc"
            with pytest.raises(TransportError) as caught:
                await origin.request(b"GET", b"/truncated")
            assert caught.value.kind is TransportErrorKind.CLOSED_EARLY
            await client.aclose()

    run(main())
