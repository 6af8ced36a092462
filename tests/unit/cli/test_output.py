import errno
import socket
from pathlib import Path

import pytest
import typer

from inferway.cli.output import address_fault, fail, once, print_json, say
from inferway.faults import Finding, Place, Severity


def test_fail_is_one_line_on_standard_error_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        fail("no")
    assert ended.value.exit_code == 1
    assert capsys.readouterr() == ("", "error: no\n")


def test_a_terminal_is_told_nothing_by_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    """ECMA-48, 5.3 and 8.3.89: `ESC ]` or U+009D begins a command to the terminal, such as to set its title."""
    say("a\x1b]0;b\x07\r\x9d0;c\x9c é\n\td")
    assert capsys.readouterr() == ("", "a\\x1b]0;b\\x07\\x0d\\x9d0;c\\x9c é\n\td\n")


def test_json_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"path": Path("a/b"), "text": "two\nlines"})
    assert capsys.readouterr().out == '{"path":"a/b","text":"two\\nlines"}\n'


def test_a_finding_is_given_once() -> None:
    first, second = (
        Finding(severity=Severity.NOTE, code="c", text=text, place=Place(file="f", line=1)) for text in ("a", "b")
    )
    assert once([first, second, first]) == (first, second)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(errno.EADDRINUSE, "in use"), "port 80 of host is taken by another program"),
        (OSError(errno.EACCES, "denied"), "port 80 of host needs rights"),
        (OSError(errno.EADDRNOTAVAIL, "not here"), "'host' is no address of this machine"),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "'host' is no address of this machine"),
        (OSError(errno.EMFILE, "too many files"), "cannot listen on port 80 of host: too many files"),
    ],
)
def test_why_an_address_cannot_be_had(error: OSError, text: str) -> None:
    assert address_fault(error, "host", 80).startswith(text)
