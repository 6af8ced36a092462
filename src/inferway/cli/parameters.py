"""The arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

from inferway.app.options import Given
from inferway.cli.output import fail
from inferway.convert import FORMATS


def _known_format(name: str | None) -> str | None:
    if name is not None and name not in FORMATS:
        raise typer.BadParameter(f"no format has the name {name!r}; there are {', '.join(FORMATS)}")
    return name


Definition = Annotated[
    Path, typer.Argument(metavar="PATH", exists=True, help="A definition, or the folder that holds one.")
]
ApiName = Annotated[
    str, typer.Option("--api", metavar="NAME", help="Which API, by its name or identifier, where there are several.")
]
BindingsFile = Annotated[
    Path | None,
    typer.Option(
        "--bindings",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        envvar="INFERWAY_BINDINGS",
        help="Where the named endpoints, URLs and keys live here.  [default: inferway.toml beside PATH]",
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        callback=_known_format,
        help=f"Read PATH as this format ({', '.join(FORMATS)}) whatever it looks like.",
    ),
]


def _named(given: list[str] | None) -> list[str] | None:
    for pair in given or ():
        name, equals, _ = pair.partition("=")
        if not name or not equals:
            raise typer.BadParameter(f"{pair!r} is no parameter: write NAME=VALUE")
    return given


Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        metavar="NAME=VALUE",
        callback=_named,
        help="A parameter of the template, or configuration of the program; may be repeated.",
    ),
]
Stack = Annotated[
    str,
    typer.Option(
        "--stack", metavar="NAME", help="The stack's name, by which Pulumi.NAME.yaml is chosen.  [default: dev]"
    ),
]


Install = Annotated[
    bool,
    typer.Option(
        "--install",
        envvar="INFERWAY_INSTALL",
        help="Install what functions name in requirements.txt or package.json, once, into a cache.",
    ),
]


def given(parameters: list[str] | None, stack: str, install: bool = False) -> Given:
    """Give what `--param`, `--stack` and `--install` say; of a parameter that is given twice, the last counts."""
    pairs = (pair.partition("=") for pair in parameters or ())
    return Given(parameters={name: value for name, _, value in pairs}, stack=stack, install=install)


Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", envvar="INFERWAY_HOST", help="The address to listen on.")
]
Port = Annotated[
    int,
    typer.Option(
        "--port", metavar="N", min=0, max=65535, envvar="INFERWAY_PORT", help="The port to listen on; 0: a free one."
    ),
]
AccessLog = Annotated[
    bool, typer.Option("--access-log/--no-access-log", help="Write a line per request to standard error.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ModelFolder = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL_FOLDER", exists=True, file_okay=False, help="A folder with code/inference.py, as SageMaker's."
    ),
]


Method = Annotated[str, typer.Argument(metavar="METHOD", help="GET, POST, …")]
RequestPath = Annotated[str, typer.Argument(metavar="PATH", help="The path with its query, as in a URL.")]
Body = Annotated[str, typer.Option("-d", "--data", metavar="BODY", help="The body; @FILE reads it from a file.")]
Headers = Annotated[
    list[str] | None, typer.Option("-H", "--header", metavar="NAME: VALUE", help="A header; may be repeated.")
]
GatewayUrl = Annotated[str, typer.Option("--url", envvar="INFERWAY_URL", help="The running gateway.")]
GATEWAY_URL: Final = "http://127.0.0.1:8080"


def headers_of(given: list[str]) -> list[tuple[str, str]]:
    """Give headers written as `NAME: VALUE` as pairs."""
    pairs = []
    for line in given:
        name, colon, value = line.partition(":")
        if not colon:
            raise typer.BadParameter(f"{line!r} is no header: write NAME: VALUE", param_hint="-H")
        pairs.append((name.strip(), value.strip()))
    return pairs


def body_of(given: str) -> str:
    """Give a body, or with `@FILE` what the file holds."""
    if not given.startswith("@"):
        return given
    try:
        with open(given[1:], encoding="utf-8") as file:  # noqa: PTH123 - "@-" must reach no Path; the name is as typed
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{given[1:]} cannot be read: {error}")
