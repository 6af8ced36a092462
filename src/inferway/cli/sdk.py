"""`inferway sdk`: the client SDK of an API of API Gateway that GetSdk would give."""

from pathlib import Path
from typing import Annotated, Final

import typer

from inferway.cli.chosen_api import Source, chosen_api
from inferway.cli.output import fail, print_json, say, write
from inferway.cli.parameters import (
    GATEWAY_URL,
    ApiName,
    AsJson,
    BindingsFile,
    Definition,
    FormatName,
    Parameters,
    Stack,
    given,
)
from inferway.dialects.apigateway.reader import slug_of
from inferway.dialects.apigateway.sdk.archive import archive_of
from inferway.dialects.apigateway.sdk.calls import sdk_calls
from inferway.dialects.apigateway.sdk.javascript import is_address, javascript_sdk

_JAVASCRIPT: Final = "javascript"
_REFUSED: Final = "of those no SDK is made"


def _type(name: str) -> str:
    if name != _JAVASCRIPT:
        raise typer.BadParameter(
            f"no SDK is made for {name!r}; there is {_JAVASCRIPT}. Generators for other languages take the document "
            "that `inferway export` gives"
        )
    return name


def _address(url: str) -> str:
    if url and not is_address(url):
        raise typer.BadParameter(f"{url!r} is no address of an API: write http:// or https://, a host, and the stage")
    return url


def sdk(
    path: Definition,
    file: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The zip to write.")],
    kind: Annotated[
        str, typer.Option("--type", metavar="TYPE", callback=_type, help="The language; there is javascript.")
    ] = _JAVASCRIPT,
    api: ApiName = "",
    stage: Annotated[
        str, typer.Option("--stage", metavar="NAME", help="The stage that it calls.  [default: the first]")
    ] = "",
    url: Annotated[
        str,
        typer.Option(
            "--url",
            metavar="URL",
            callback=_address,
            help="The address that it calls, with the stage.  "
            f"[default: {GATEWAY_URL}/API/STAGE, where inferway run serves it]",
        ),
    ] = "",
    bindings: BindingsFile = None,
    format_name: FormatName = None,
    parameters: Parameters = None,
    stack: Stack = "",
    as_json: AsJson = False,
) -> None:
    """Make a client SDK for an API of API Gateway.

    It is the SDK in JavaScript that the service's GetSdk would give for the API once it is deployed, from a definition
    in any format, for web pages and for Node.js. The same definition makes the same file, byte for byte.

    \b
    Examples:
      inferway sdk examples/movies -o movies-sdk.zip
      inferway sdk template.yaml --api movies --url https://api.example.com/live -o movies-sdk.zip
    """
    said = given(parameters, stack)
    chosen = chosen_api(Source(path=path, bindings=bindings, format_name=format_name, given=said), api, _REFUSED)
    named = chosen.stage(stage)
    address = url or f"{GATEWAY_URL}/{slug_of(chosen.api.name)}/{named}"
    calls = sdk_calls(chosen.api)
    for note in () if as_json and calls.calls else calls.notes:
        say(f"note: {note}")
    if not calls.calls:
        fail(f"the API {chosen.api.name} has no method that a client could call")
    write(file, archive_of(javascript_sdk(chosen.api, calls, address)))
    if as_json:
        methods = [{"names": call.names, "method": call.method, "path": call.path} for call in calls.calls]
        made = {"api": chosen.api.name, "stage": named, "type": kind, "url": address, "file": file}
        print_json({**made, "methods": methods, "notes": calls.notes})
        return
    say(f"{file}: {chosen.api.name} in JavaScript, for {address}")
