"""HttpClient: one pool for each server and its TLS settings."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError, TransportErrorKind
from inferway.transport.options import TlsOptions

Run = Callable[[Any], Any]


def test_a_server_has_one_pool(run: Run) -> None:
    async def main() -> None:
        client = HttpClient()
        origin = client.origin("https://model.test")
        assert client.origin("https://MODEL.test:443/") is origin
        assert client.origin("https://model.test", TlsOptions()) is origin
        assert client.origin("http://model.test") is not origin
        assert client.origin("https://model.test:8443") is not origin
        assert client.origin("https://model.test", TlsOptions(insecure=True)) is not origin
        await client.aclose()

    run(main())


def test_a_certificate_that_is_written_anew_has_a_pool_of_its_own(run: Run, certificates: SimpleNamespace) -> None:
    """What is served again shows what the file has now, not what it had before."""

    async def main() -> None:
        client = HttpClient()
        tls = TlsOptions(client_certificate=certificates.client)
        origin = client.origin("https://model.test", tls)
        assert client.origin("https://model.test", tls) is origin
        assert client.origin("https://model.test", TlsOptions(client_certificate=certificates.good)) is not origin
        assert client.origin("https://model.test", TlsOptions(any_authority=True)) is not origin
        written = certificates.client.stat().st_mtime
        os.utime(certificates.client, (written, written + 1))
        assert client.origin("https://model.test", tls) is not origin
        await client.aclose()

    run(main())


def test_an_origin_that_cannot_be_is_refused(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        client = HttpClient()
        with pytest.raises(ValueError, match="http"):
            client.origin("model.test")
        with pytest.raises(ValueError, match=r"none\.pem"):
            client.origin("https://model.test", TlsOptions(ca_file=tmp_path / "none.pem"))
        await client.aclose()

    run(main())


def test_a_closed_client_calls_nobody(run: Run) -> None:
    async def main() -> None:
        client = HttpClient()
        await client.aclose()
        await client.aclose()
        with pytest.raises(TransportError) as caught:
            await client.origin("http://127.0.0.1:9").request(b"GET", b"/")
        assert caught.value.kind is TransportErrorKind.CLIENT_CLOSED
        assert not caught.value.request_sent

    run(main())


def test_a_client_needs_a_running_loop() -> None:
    with pytest.raises(RuntimeError, match="loop"):
        HttpClient()


def test_a_call_that_was_not_prepared_is_checked_too(run: Run) -> None:
    async def main() -> None:
        client = HttpClient()
        origin = client.origin("http://127.0.0.1:9")
        with pytest.raises(TransportError, match="target") as caught:
            await origin.request(b"GET", b"/a\r\nx: y")
        assert caught.value.kind is TransportErrorKind.BAD_REQUEST
        await client.aclose()

    run(main())
