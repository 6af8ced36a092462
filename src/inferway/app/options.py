"""What to serve, where, and how it is said."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.app.tls_options import TlsOptions
from inferway.faults import Findings

Say = Callable[[str], None]
"""Takes one line for the operator."""

SERVED = "the edit is served"
NOT_SERVED = "the edit is not served: what was served before goes on"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line gives a definition: parameters by name, and the stack's name, "" for the usual one.

    They come before what the bindings say. With `install`, what its functions need is installed where it is not.
    """

    parameters: Mapping[str, str] = {}
    stack: str = ""
    install: bool = False


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to serve and where.

    Port 0 is a free one, and `base_url` is set once the address is held; with `tls` it speaks HTTPS, and `inner_port`
    HTTP on loopback, for the project's own parts. `asgi` takes the ASGI edge instead of the protocol edge. A model that
    does not come up ends the run with status 1, but not with `reload`, where an edit can mend it. `trace` serves the
    trace's pages, on a loopback address and with one worker only.
    """

    path: Path
    bindings: Path | None = None
    format: str | None = None
    given: Given = Given()
    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = ""
    tls: TlsOptions | None = None
    inner_port: int = 0
    workers: int = 1
    reload: bool = False
    asgi: bool = False
    access_log: bool = True
    trace: bool = True

    @property
    def inner_url(self) -> str:
        """The base URL under which parts of the project reach it."""
        return url_of(INNER_HOST, self.inner_port) if self.tls is not None else self.base_url


INNER_HOST: Final = "127.0.0.1"


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """Give the base URL of an address."""
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def first_line(text: str) -> str:
    """Give the first line of a text that may quote a traceback."""
    return text.partition("\n")[0]


def report(findings: Findings, say: Say) -> None:
    """Say each finding on a line of its own."""
    for finding in findings:
        say(str(finding))
