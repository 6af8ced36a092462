"""`inferway export`: an API of API Gateway as the OpenAPI document that GetExport would give."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from inferway.cli.chosen_api import Source, chosen_api
from inferway.cli.output import print_json, say, write
from inferway.cli.parameters import ApiName, AsJson, BindingsFile, Definition, FormatName, Parameters, Stack, given
from inferway.dialects.apigateway.export.document import Export
from inferway.dialects.apigateway.export.document import export as export_api
from inferway.dialects.apigateway.export.options import DEFAULT, ExportOptions, ExportType, Extension
from inferway.formats.written import json_text, yaml_text

_REFUSED: Final = "those are not exported as OpenAPI"
_YAML = frozenset((".yaml", ".yml"))


class Syntax(StrEnum):
    """How a document is written."""

    JSON = "json"
    YAML = "yaml"


def _extensions(text: str) -> str:
    for name in filter(None, text.split(",")):
        if name.strip() not in set(Extension):
            raise typer.BadParameter(f"no extension has the name {name.strip()!r}; there are {', '.join(Extension)}")
    return text


def export(
    path: Definition,
    kind: Annotated[ExportType, typer.Option("--type", help="OpenAPI 3.0, or Swagger 2.0.")] = ExportType.OAS30,
    extensions: Annotated[
        str,
        typer.Option(
            "--extensions",
            metavar="NAME,...",
            callback=_extensions,
            help=f"What of the service's own the document has besides: {', '.join(Extension)} (all of it).",
        ),
    ] = ",".join(sorted(DEFAULT)),
    syntax: Annotated[
        Syntax | None,
        typer.Option("--as", help="How it is written.  [default: as the ending of FILE says, else json]"),
    ] = None,
    api: ApiName = "",
    stage: Annotated[
        str, typer.Option("--stage", metavar="NAME", help="The stage in its address.  [default: the first]")
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write it.  [default: standard output]"),
    ] = None,
    bindings: BindingsFile = None,
    format_name: FormatName = None,
    parameters: Parameters = None,
    stack: Stack = "",
    as_json: AsJson = False,
) -> None:
    """Give an API of API Gateway as an OpenAPI document.

    It is the document that the service's GetExport would give for the API once it is deployed, from a definition in any
    format. With --extensions apigateway it can be imported, here and there, as the same API; what no document can
    carry is said on standard error.

    \b
    Examples:
      inferway export examples/movies --extensions apigateway -o movies.yaml
      inferway export template.yaml --type swagger --api movies --stage live
    """
    said = given(parameters, stack)
    chosen = chosen_api(Source(path=path, bindings=bindings, format_name=format_name, given=said), api, _REFUSED)
    asked = frozenset(Extension(name.strip()) for name in extensions.split(",") if name.strip())
    options = ExportOptions(type=kind, extensions=asked, stage=chosen.stage(stage))
    made = export_api(chosen.api, options)
    if as_json:
        print_json({"api": chosen.api.name, "stage": options.stage, "document": made.document, "notes": made.notes})
    else:
        for note in made.notes:
            say(f"note: {note}")
    if file is not None:
        written = syntax or (Syntax.YAML if file.suffix.lower() in _YAML else Syntax.JSON)
        write(file, _text(made, written).encode("utf-8"))
    elif not as_json:
        typer.echo(_text(made, syntax or Syntax.JSON), nl=False)


def _text(made: Export, syntax: Syntax) -> str:
    return yaml_text(made.document) if syntax is Syntax.YAML else json_text(made.document)
