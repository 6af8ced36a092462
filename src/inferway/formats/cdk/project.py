"""A CDK project: what `cdk.json` and the files beside it say of how its app is run.

Sources: "AWS CDK CLI configuration" and "Context values and the AWS CDK" (https://docs.aws.amazon.com/cdk/v2/guide/
cli.html, https://docs.aws.amazon.com/cdk/v2/guide/context.html): of a context value that several files have,
`cdk.json`'s counts before `cdk.context.json`'s, and that before `~/.cdk.json`'s.
"""

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Place, Severity
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault
from inferway.formats.presence import is_folder

FILE: Final = "cdk.json"
CONTEXT_FILE: Final = "cdk.context.json"
_USER_FILE: Final = ".cdk.json"
OUT: Final = "cdk.out"
"""The folder into which the CDK's command line synthesizes, and a file in it that says of which version it is."""
_LOOKED_UP: Final = re.compile(r":account=([0-9]{12}):(?:.*:)?region=([a-z0-9-]+)")

_PATHS: Final = "aws:cdk:enable-path-metadata"
"""What `pathMetadata` of `cdk.json` is to an app, true where nothing is said (the command line's source,
packages/@aws-cdk/toolkit-lib/lib/api/cloud-assembly/environment.ts)."""


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project's folder, the commands that build and run its app, "" for none, its context, and where it puts it.

    `files` are those of the settings that were read, `mains` the programs that are known to be run.
    """

    folder: Path
    app: str = ""
    build: str = ""
    out: Path
    context: Mapping[str, object] = {}
    files: tuple[Path, ...] = ()
    mains: tuple[Path, ...] = ()

    @property
    def assembly(self) -> Path | None:
        """The folder of an assembly that `cdk.json` names as its app, in place of a command."""
        named = self.folder / self.app
        return named if self.app and is_folder(named) else None

    @property
    def looked_up(self) -> tuple[str, str]:
        """The account and Region that `cdk.context.json` has values of, ("", "") where it has several or none."""
        pairs = {found.groups() for key in self.context if (found := _LOOKED_UP.search(key))}
        account, region = next(iter(pairs)) if len(pairs) == 1 else ("", "")
        return account, region


def python_app(path: Path) -> Project:
    """Give the project of a Python program that stands for itself."""
    return Project(folder=path.parent, app=f"python3 {shlex.quote(path.name)}", out=path.parent / OUT, mains=(path,))


def read_project(path: Path, findings: list[Finding]) -> Project:
    """Read a `cdk.json` and the context files; what cannot be read is reported, and counts for nothing."""
    folder = path.parent
    settings = _settings(path, findings)
    user, kept = Path.home() / _USER_FILE, folder / CONTEXT_FILE
    said = {name: settings.get(name) for name in ("app", "build")}
    context: dict[str, object] = {_PATHS: settings.get("pathMetadata", True)}
    if isinstance(settings.get("bundlingStacks"), list):
        context["aws:cdk:bundling-stacks"] = settings["bundlingStacks"]
    context |= _mapping(_settings(user, findings), "context") if user.is_file() else {}
    context |= _settings(kept, findings) if kept.is_file() else {}
    context |= _mapping(settings, "context")
    return Project(
        folder=folder,
        app=_command(said["app"]),
        build=_command(said["build"]),
        out=folder / str(settings.get("output") or OUT),
        context=context,
        files=tuple(file for file in (path, kept) if file.is_file()),
    )


def _command(given: object) -> str:
    return " ".join(map(str, given)) if isinstance(given, list) else str(given or "")


def _mapping(settings: Mapping[str, object], name: str) -> Mapping[str, object]:
    given = settings.get(name)
    return given if isinstance(given, dict) else {}


def _settings(path: Path, findings: list[Finding]) -> Mapping[str, object]:
    place = Place(file=str(path))
    try:
        made = json.loads(read_text(path))
    except SyntaxFault as fault:
        findings.append(fault.finding(str(path)))
        return {}
    except (ValueError, RecursionError) as error:
        findings.append(Finding(severity=Severity.ERROR, code="json-syntax", text=str(error), place=place))
        return {}
    return made if isinstance(made, dict) else {}
