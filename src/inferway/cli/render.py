"""`inferway render`: one mapping template against one event, as the vendors' evaluate calls do it."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from inferway.cli.output import fail, print_json, say
from inferway.cli.parameters import AsJson
from inferway.dialects.apigateway.scope import template_context
from inferway.languages.vtl import VtlError, compile_template

_STDIN: Final = Path("-")


def _file_or_dash(path: Path) -> Path:
    if path != _STDIN and not path.is_file():
        raise typer.BadParameter(f"file '{path}' does not exist.")
    return path


class Profile(StrEnum):
    """The surroundings that a template is written for."""

    API_GATEWAY = "apigateway"
    VELOCITY_17 = "velocity17"
    APPSYNC = "appsync"


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The request's parameters by where they stand."""

    path: dict[str, str] = {}
    querystring: dict[str, str] = {}
    header: dict[str, str] = {}


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What an API Gateway template sees; `body` is a text, or JSON that is taken as it is written."""

    body: msgspec.Raw = msgspec.Raw(b"null")
    params: Parameters = Parameters()
    context: dict[str, Any] = {}
    stage_variables: dict[str, str] = {}


def render(
    template: Annotated[
        Path, typer.Argument(metavar="TEMPLATE", callback=_file_or_dash, help="A file, or - for standard input.")
    ],
    event: Annotated[
        Path, typer.Option("--event", metavar="EVENT.json", exists=True, dir_okay=False, help="What the template sees.")
    ],
    profile: Annotated[
        Profile, typer.Option("--profile", help="The surroundings that the template is written for.")
    ] = Profile.API_GATEWAY,
    as_json: AsJson = False,
) -> None:
    """Evaluate one mapping template against one event.

    What the template gives is printed exactly. For apigateway the event is {"body": text or JSON, "params": {"path":
    {}, "querystring": {}, "header": {}}, "context": {}, "stageVariables": {}}, each part optional; for the others its
    members are the template's variables.

    \b
    Examples:
      inferway render request.vtl --event event.json
      inferway render - --event event.json --profile appsync < resolver.vtl
    """
    source = _read(template)
    variables = _variables(event, profile)
    try:
        text = compile_template(source, profile).render(variables)
    except VtlError as error:
        _refuse(template, error, as_json)
    if as_json:
        print_json({"result": text})
    else:
        typer.echo(text, nl=sys.stdout.isatty())


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: cannot be read: {error}")


def _variables(file: Path, profile: Profile) -> dict[str, Any]:
    text = _read(file)
    try:
        if profile is not Profile.API_GATEWAY:
            return msgspec.json.decode(text, type=dict[str, Any])
        event = msgspec.json.decode(text, type=Event)
        written = bytes(event.body)
        body = msgspec.json.decode(written, type=str) if written.startswith(b'"') else written.decode()
    except msgspec.DecodeError as error:
        fail(f"{file}: not an event for {profile}: {error}")
    return template_context(
        body=None if body == "null" else body,
        params=msgspec.structs.asdict(event.params),
        context=event.context,
        stage_variables=event.stage_variables,
    )


def _refuse(template: Path, error: VtlError, as_json: bool) -> None:
    """Say where a template is wrong, with the line, and exit with status 1."""
    file = "<stdin>" if template == _STDIN else str(template)
    if as_json:
        place = {"file": file, "line": error.line, "column": error.column}
        print_json({"error": {"message": error.message, **place}})
    else:
        place_text = f"{file}:{error.line}:{error.column}" if error.line else file
        shown = str(error).split("\n", 1)[1:]
        say("\n".join([f"{place_text}: {error.message}", *shown]))
    raise typer.Exit(1)
