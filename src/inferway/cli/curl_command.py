"""A request as curl's arguments say it, with the headers that curl sends by itself."""

import base64
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec
import typer

from inferway.cli.output import fail

_AGENT: Final = "curl/8"
_FORM: Final = "application/x-www-form-urlencoded"
_HEADERS: Final = {"-A": "user-agent", "--user-agent": "user-agent", "-e": "referer", "--referer": "referer"}
_DATA: Final = frozenset(("-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json"))
_UNSENT: Final = frozenset(
    (
        *("-o", "--output", "-w", "--write-out", "-m", "--max-time", "--connect-timeout", "--cacert", "--capath"),
        *("-E", "--cert", "--key", "--resolve", "--connect-to", "-x", "--proxy", "-c", "--cookie-jar", "--retry"),
        *("--interface", "--tls-max", "--ciphers", "-K", "--config", "-D", "--dump-header", "--limit-rate"),
        *("--aws-sigv4", "--max-redirs", "-y", "-Y", "-z", "--stderr", "--trace", "--trace-ascii"),
    )
)
"""Options whose value changes nothing of what a web ACL looks at."""

_TAKEN: Final = frozenset(
    ("-X", "--request", "-H", "--header", "-b", "--cookie", "-u", "--user", "--url", *_HEADERS, *_DATA, *_UNSENT)
)
_UPLOADS: Final = frozenset(("-F", "--form", "--form-string", "-T", "--upload-file"))
_FLAGS: Final = {"--get": "-G", "--head": "-I"}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it is given on the command line."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def read_header(line: str) -> tuple[str, str]:
    """Read `NAME: VALUE`; ends the command with a usage error where it is none."""
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise typer.BadParameter(f"{line!r} is no header: write NAME: VALUE", param_hint="-H")
    return name.strip(), value.strip()


def read_body(given: str) -> bytes:
    """Give a body, or the content of the file that `@FILE` names; ends the command where it cannot be read."""
    if not given.startswith("@"):
        return given.encode("utf-8", "surrogateescape")
    try:
        return Path(given[1:]).read_bytes()
    except OSError as error:
        fail(f"{given[1:]} cannot be read: {error}")


def read_curl(command: str) -> Asked:
    """Read a curl command, as far as it says what is sent.

    Host, User-Agent, Accept, and a body's Content-Type are there as curl sends them by itself; `-H 'NAME:'` and `-A ''`
    take them away (curl's manual, https://curl.se/docs/manpage.html). Uploads (`-F`, `-T`) end the command: their body
    is not built here.
    """
    options = list(_options(shlex.split(command)[1:]))
    flags = {_FLAGS.get(name, name) for name, _ in options}
    urls = [value for name, value in options if name in {"", "--url"}]
    if not urls:
        raise typer.BadParameter("the curl command has no URL")
    parts = urlsplit(urls[-1] if "//" in urls[-1] or urls[-1].startswith("/") else f"http://{urls[-1]}")
    body = _body_of(options)
    query = "&".join(part for part in (parts.query, body.decode("latin-1") if "-G" in flags else "") if part)
    methods = [value.upper() for name, value in options if name in {"-X", "--request"}]
    method = methods[-1] if methods else "HEAD" if "-I" in flags else "POST" if body and "-G" not in flags else "GET"
    return Asked(
        method=method,
        path=(parts.path or "/") + (f"?{query}" if query else ""),
        headers=_headers_of(options, parts.netloc.rpartition("@")[2], posts=bool(body) and "-G" not in flags),
        body=b"" if "-G" in flags else body,
    )


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Give each option with its value, short ones that are written together as several; what stands alone has ""."""
    left = iter(words)
    for word in left:
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            yield _known(name), value if equals else next(left, "") if name in _TAKEN else ""
            continue
        if not word.startswith("-") or word == "-":
            yield "", word
            continue
        for at, letter in enumerate(word[1:], 2):
            name = _known(f"-{letter}")
            if name in _TAKEN:
                yield name, word[at:] or next(left, "")
                break
            yield name, ""


def _known(name: str) -> str:
    if name in _UPLOADS:
        raise typer.BadParameter(f"what curl's {name} sends is not put together here: write the request to a file")
    return name


def _body_of(options: list[tuple[str, str]]) -> bytes:
    pieces = []
    for name, value in options:
        if name == "--data-urlencode":
            key, equals, text = value.rpartition("=")
            pieces.append(f"{key}{equals if key else ''}{quote(text, safe='')}".encode())
        elif name == "--data-raw":
            pieces.append(value.encode("utf-8", "surrogateescape"))
        elif name in _DATA:
            pieces.append(read_body(value))
    return b"&".join(pieces)


def _headers_of(options: list[tuple[str, str]], host: str, *, posts: bool) -> tuple[tuple[str, str], ...]:
    """Give what is sent: curl's own headers, each where no option says it otherwise or takes it away."""
    named = [(_HEADERS[name], value) for name, value in options if name in _HEADERS]
    named += [("cookie", value) for name, value in options if name in {"-b", "--cookie"}]
    named += [
        ("authorization", "Basic " + base64.b64encode(value.encode()).decode())
        for name, value in options
        if name in {"-u", "--user"} and not any(other == "--aws-sigv4" for other, _ in options)
    ]
    if any(name == "--json" for name, _ in options):
        named += [("content-type", "application/json"), ("accept", "application/json")]
    given = [read_header(value) for name, value in options if name in {"-H", "--header"} and ":" in value]
    said = {name.lower() for name, _ in given}
    named = [(name, value) for name, value in named if name not in said]
    said |= {name for name, _ in named}
    own = [("host", host)] if host else []
    own += [("user-agent", _AGENT), ("accept", "*/*"), *([("content-type", _FORM)] if posts else [])]
    sent = [*((name, value) for name, value in own if name not in said), *named, *given]
    return tuple((name, value) for name, value in sent if value)
