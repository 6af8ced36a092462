"""`inferway export`: an API of API Gateway as the OpenAPI document that GetExport would give."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from inferway.app.project_reader import read_definitions
from inferway.cli.output import fail, once, print_json, say
from inferway.cli.parameters import AsJson, BindingsFile, Definition, FormatName, Parameters, Stack, given
from inferway.cli.progress import Progress
from inferway.convert import Conversion
from inferway.definition.bindings import Bindings
from inferway.dialects.apigateway.export.document import Export
from inferway.dialects.apigateway.export.document import export as export_api
from inferway.dialects.apigateway.export.exportable import Exportable, exportables
from inferway.dialects.apigateway.export.options import DEFAULT, ExportOptions, ExportType, Extension
from inferway.dialects.apigateway.reader import slug_of
from inferway.faults import Severity
from inferway.formats.written import json_text, yaml_text

_DIALECT = "apigateway"
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
    api: Annotated[
        str,
        typer.Option("--api", metavar="NAME", help="Which API, by its name or identifier, where there are several."),
    ] = "",
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
    progress = Progress()
    with progress.during(f"reading {path}"):
        conversion, bound = read_definitions(path, bindings, format_name, given(parameters, stack))
    if bound.projects and not conversion.definitions:
        fail(f"{path} joins projects; export one of them: {', '.join(bound.projects)}")
    _refuse_errors(conversion)
    chosen = _chosen(conversion, path, api)
    asked = frozenset(Extension(name.strip()) for name in extensions.split(",") if name.strip())
    options = ExportOptions(type=kind, extensions=asked, stage=_stage(chosen, bound, stage))
    made = export_api(chosen, options)
    if as_json:
        print_json({"api": chosen.name, "stage": options.stage, "document": made.document, "notes": made.notes})
    else:
        for note in made.notes:
            say(f"note: {note}")
    if file is not None:
        _write(file, made, syntax or (Syntax.YAML if file.suffix.lower() in _YAML else Syntax.JSON))
    elif not as_json:
        typer.echo(_text(made, syntax or Syntax.JSON), nl=False)


def _refuse_errors(conversion: Conversion) -> None:
    errors = [finding for finding in once(conversion.findings) if finding.severity is Severity.ERROR]
    for finding in errors:
        say(str(finding))
    if errors:
        raise typer.Exit(conversion.exit_status or 1)


def _chosen(conversion: Conversion, path: Path, name: str) -> Exportable:
    """Give the API that is meant; exits where there is none, or several."""
    found = exportables(conversion.graph)
    if not found:
        _fail_without(conversion, path)
    fitting = [api for api in found if not name or name in (api.name, api.id, slug_of(api.name))]
    names = ", ".join(api.name for api in found)
    if not fitting:
        fail(f"{path} defines no API {name!r}; there are {names}")
    if len(fitting) > 1:
        names = ", ".join(f"{api.name} ({api.id})" for api in fitting)
        fail(f"{path} defines several APIs: {names}; name one with --api")
    return fitting[0]


def _fail_without(conversion: Conversion, path: Path) -> NoReturn:
    others = sorted({api.dialect for api in conversion.definitions if api.dialect != _DIALECT})
    if others:
        fail(f"{path} defines no API of API Gateway, but of {', '.join(others)}; those are not exported as OpenAPI")
    fail(f"{path} defines no API")


def _stage(api: Exportable, bindings: Bindings, name: str) -> str:
    """Give the stage that is named, or the first; exits for one that there is not."""
    bound = [stage.name for stage in bindings.stages.get(api.name) or bindings.stages.get(slug_of(api.name)) or ()]
    stages = list(dict.fromkeys((*api.stages, *bound)))
    if name and stages and name not in stages:
        fail(f"the API {api.name} has no stage {name!r}; there are {', '.join(stages)}")
    return name or next(iter(stages), "prod")


def _text(made: Export, syntax: Syntax) -> str:
    return yaml_text(made.document) if syntax is Syntax.YAML else json_text(made.document)


def _write(file: Path, made: Export, syntax: Syntax) -> None:
    try:
        file.write_text(_text(made, syntax), encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")
