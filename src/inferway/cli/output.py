"""What commands print: results on standard output, everything else on standard error."""

import errno
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

import msgspec
import typer

from inferway.faults import Finding

_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
"""The control characters of ECMA-48, but for those that a text has."""


def say(line: str) -> None:
    """Print one line for the operator; what names of a definition could tell a terminal to do is shown instead."""
    typer.echo(line.translate(_CONTROLS), err=True)


def fail(text: str, status: int = 1) -> NoReturn:
    """Print why a command cannot do what was asked, and exit with a status."""
    say(f"error: {text}")
    raise typer.Exit(status)


def print_json(document: object) -> None:
    """Print one JSON value on one line."""
    typer.echo(msgspec.json.encode(document, enc_hook=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def write(file: Path, content: bytes) -> None:
    """Write a file that the operator asked for; exits where it cannot be written."""
    try:
        file.write_bytes(content)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give each finding once, in order."""
    return tuple(dict.fromkeys(findings))


def address_fault(error: OSError, host: str, port: int) -> str:
    """Say why an address cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken by another program; choose another with --port, 0 for a free one"
    if error.errno == errno.EACCES:
        return f"port {port} of {host} needs rights that this user has not; choose one from 1024 on with --port"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host!r} is no address of this machine; --host takes one, such as 127.0.0.1"
    return f"cannot listen on port {port} of {host}: {error.strerror or error}"
