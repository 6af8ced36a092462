"""A Pulumi project: which program a path means, and the configuration of its stack."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.document import read_document, read_text
from inferway.formats.nodes import Entry, Node, NodePlaces, SyntaxFault, Table, plain
from inferway.formats.resources import Environment

PROJECT_FILE: Final = "Pulumi.yaml"
MAIN: Final = "__main__.py"

_IMPORTS_PULUMI: Final = re.compile(r"^[ \t]*(?:import|from)[ \t]+pulumi(?:_\w+)?\b", re.MULTILINE)


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A program and what it runs with: `configuration` by `namespace:key`, as text; `files` are those read for it."""

    main: Path
    name: str
    python: str
    configuration: Mapping[str, str]
    files: tuple[Path, ...]


def imports_pulumi(path: Path) -> bool:
    """Whether a file is a Python program that imports Pulumi or one of its SDKs."""
    if path.suffix != ".py" or not path.is_file():
        return False
    try:
        return _IMPORTS_PULUMI.search(read_text(path)) is not None
    except SyntaxFault:
        return False


def find_project(path: Path, environment: Environment) -> tuple[Project | None, Findings]:
    """Find the program of a folder, a Pulumi.yaml or a Python file, with its configuration.

    https://www.pulumi.com/docs/iac/concepts/projects/project-file/ and .../config/. A parameter of the environment wins
    over the stack's file; one without a namespace is the project's.
    """
    path = path.resolve()
    folder = path if path.is_dir() else path.parent
    project, findings = _document(folder / PROJECT_FILE)
    files = [folder / PROJECT_FILE] if project else []
    runtime = _Runtime.of(project)
    if runtime.name not in {"", "python"}:
        text = f"the program is for the runtime {runtime.name}; Python's are run"
        return None, (
            *findings,
            _error("runtime", text, project.place("runtime") if project else Place(file=str(path))),
        )
    main = path if path.suffix == ".py" else _main(folder, project)
    if not main.is_file():
        return None, (*findings, _error("no-program", f"there is no program {main.name}", Place(file=str(main))))
    name = str(project.get("name") or "") if project else ""
    name = name or (folder.name if main.name == MAIN else main.stem)
    stack, more = _document(folder / f"Pulumi.{environment.stack}.yaml")
    files += [folder / f"Pulumi.{environment.stack}.yaml"] if stack else []
    configuration, unread = _configuration(name, project, stack)
    given = {_qualified(name, key): value for key, value in environment.parameters.items()}
    missing = tuple(finding for key, finding in unread.items() if key not in given)
    return Project(
        main=main,
        name=name,
        python=environment.python or runtime.python(folder),
        configuration={"aws:region": environment.region, **configuration, **given},
        files=(main, *files),
    ), (*findings, *more, *missing)


class _Document:
    """A YAML file whose top is a mapping."""

    def __init__(self, file: Path, root: Table) -> None:
        self._places = NodePlaces(str(file), root)
        self._root = root

    def get(self, key: str) -> object:
        entry = self._root.entries.get(key)
        return plain(entry.value) if entry else None

    def entries(self, key: str) -> Mapping[str, Entry]:
        entry = self._root.entries.get(key)
        node: Node | None = entry.value if entry else None
        return node.entries if isinstance(node, Table) else {}

    def place(self, *path: str) -> Place:
        return self._places.find(*path)


class _Runtime(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    virtualenv: str = ""

    @classmethod
    def of(cls, project: _Document | None) -> "_Runtime":
        held = project.get("runtime") if project else None
        if isinstance(held, str):
            return cls(name=held)
        if not isinstance(held, dict):
            return cls()
        options = held.get("options")
        virtualenv = options.get("virtualenv") if isinstance(options, dict) else None
        return cls(name=str(held.get("name") or ""), virtualenv=str(virtualenv or ""))

    def python(self, folder: Path) -> str:
        """Give the virtual environment's interpreter, where there is one."""
        python = folder / self.virtualenv / "bin" / "python"
        return str(python) if self.virtualenv and python.exists() else ""


def _document(file: Path) -> tuple[_Document | None, Findings]:
    if not file.is_file():
        return None, ()
    try:
        root = read_document(file)
    except SyntaxFault as fault:
        return None, (fault.finding(str(file)),)
    if not isinstance(root, Table):
        return None, (_error("not-a-mapping", f"{file.name} is a mapping", Place(file=str(file))),)
    return _Document(file, root), ()


def _main(folder: Path, project: _Document | None) -> Path:
    within = project.get("main") if project else None
    main = folder / within if isinstance(within, str) else folder
    return main if main.suffix == ".py" else main / MAIN


def _configuration(
    name: str, project: _Document | None, stack: _Document | None
) -> tuple[dict[str, str], dict[str, Finding]]:
    """Give the configuration, defaults of the project first, and findings for what cannot be read, by key."""
    values: dict[str, str] = {}
    unread: dict[str, Finding] = {}
    for document, key_of_value in ((project, ("default", "value")), (stack, ())):
        for key, entry in document.entries("config").items() if document else ():
            held = plain(entry.value)
            qualified = _qualified(name, key)
            if isinstance(held, dict) and "secure" in held:
                text = f"{key} is encrypted, and its passphrase is not asked for; give it as a parameter"
                place = document.place("config", key) if document else Place(file="")
                unread[qualified] = _error("encrypted-configuration", text, place)
                continue
            if isinstance(held, dict) and key_of_value:
                held = next((held[each] for each in key_of_value if each in held), None)
            if held is not None:
                values[qualified] = held if isinstance(held, str) else json.dumps(held)
    return values, unread


def _qualified(project: str, key: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _error(code: str, text: str, place: Place) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=place)
