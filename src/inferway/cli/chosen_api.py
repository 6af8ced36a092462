"""The one API of API Gateway that a command takes out of a definition."""

from pathlib import Path
from typing import Final, NoReturn

import msgspec
import typer

from inferway.app.options import Given
from inferway.app.project_reader import read_definitions
from inferway.cli.output import fail, once, say
from inferway.cli.progress import Progress
from inferway.convert import Conversion
from inferway.definition.bindings import Bindings
from inferway.dialects.apigateway.export.exportable import Exportable, exportables
from inferway.dialects.apigateway.reader import slug_of
from inferway.faults import Severity

_DIALECT: Final = "apigateway"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a definition is, and what it is read with, as the command line gives it."""

    path: Path
    bindings: Path | None = None
    format_name: str | None = None
    given: Given = Given()


class ChosenApi(msgspec.Struct, frozen=True, kw_only=True):
    """An API, and the bindings that it is served with."""

    api: Exportable
    bindings: Bindings

    def stage(self, name: str) -> str:
        """Give the stage that is named, or the first; exits for one that there is not."""
        stages = self.bindings.stages
        bound = [stage.name for stage in stages.get(self.api.name) or stages.get(slug_of(self.api.name)) or ()]
        there = list(dict.fromkeys((*self.api.stages, *bound)))
        if name and there and name not in there:
            fail(f"the API {self.api.name} has no stage {name!r}; there are {', '.join(there)}")
        return name or next(iter(there), "prod")


def chosen_api(source: Source, name: str, refused: str) -> ChosenApi:
    """Read a definition and give the API of this name or identifier, "" where there is one alone.

    Exits where the definition has errors, and where there is no such API, or several. `refused` says what is not done
    with the APIs of other vendors.
    """
    path, progress = source.path, Progress()
    with progress.during(f"reading {path}"):
        conversion, bound = read_definitions(path, source.bindings, source.format_name, source.given)
    if bound.projects and not conversion.definitions:
        fail(f"{path} joins projects; name one of them: {', '.join(bound.projects)}")
    _refuse_errors(conversion)
    return ChosenApi(api=_chosen(conversion, path, name, refused), bindings=bound)


def _refuse_errors(conversion: Conversion) -> None:
    errors = [finding for finding in once(conversion.findings) if finding.severity is Severity.ERROR]
    for finding in errors:
        say(str(finding))
    if errors:
        raise typer.Exit(conversion.exit_status or 1)


def _chosen(conversion: Conversion, path: Path, name: str, refused: str) -> Exportable:
    found = exportables(conversion.graph)
    if not found:
        _fail_without(conversion, path, refused)
    fitting = [api for api in found if not name or name in (api.name, api.id, slug_of(api.name))]
    names = ", ".join(api.name for api in found)
    if not fitting:
        fail(f"{path} defines no API {name!r}; there are {names}")
    if len(fitting) > 1:
        names = ", ".join(f"{api.name} ({api.id})" for api in fitting)
        fail(f"{path} defines several APIs: {names}; name one with --api")
    return fitting[0]


def _fail_without(conversion: Conversion, path: Path, refused: str) -> NoReturn:
    others = sorted({api.dialect for api in conversion.definitions if api.dialect != _DIALECT})
    if others:
        fail(f"{path} defines no API of API Gateway, but of {', '.join(others)}; {refused}")
    fail(f"{path} defines no API")
