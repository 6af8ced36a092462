"""A Pulumi project: which program a path means, what runs it, and the configuration of its stack."""

import contextlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault
from inferway.formats.presence import exists, resolved
from inferway.formats.pulumi.configuration import configure
from inferway.formats.pulumi.settings import Settings, read_settings
from inferway.formats.pulumi.stacks import find_stack
from inferway.formats.resources import Environment

PROJECT_FILE: Final = "Pulumi.yaml"
PROJECT_FILES: Final = (PROJECT_FILE, "Pulumi.yml")
MAIN: Final = "__main__.py"
PYTHON: Final = "python"
NODE: Final = "nodejs"
YAML: Final = "yaml"
RUNTIMES: Final = (PYTHON, NODE, YAML)

_SHOWN: Final = 80
_ENTRIES: Final = ("index.ts", "index.js", "index.mts", "index.mjs", "index.cjs")
_SCRIPTS: Final = frozenset((".ts", ".js", ".mts", ".mjs", ".cts", ".cjs"))
_IMPORTS_SDK: Final = re.compile(r"""(?:\bfrom|\brequire\s*\(|^\s*import)\s*["']@pulumi/[\w-]+["']""", re.MULTILINE)
_IMPORTS: Final = {
    ".py": re.compile(r"^[ \t]*(?:import|from)[ \t]+pulumi(?:_\w+)?\b", re.MULTILINE),
    **dict.fromkeys(_SCRIPTS, _IMPORTS_SDK),
}


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A program and what it runs with.

    `root` is the project's folder, `folder` the one the program runs in; `main` is the program's file, for Node.js the
    folder where that is not known; `program` is what Node.js is told to run. `options` are those of the runtime;
    `configuration` is by `namespace:key`, as text, of which `secret_keys` are secret; `files` are those read for it.
    """

    runtime: str
    root: Path
    folder: Path
    main: Path
    program: str
    name: str
    stack: str
    python: str
    options: Mapping[str, object]
    configuration: Mapping[str, str]
    secret_keys: frozenset[str]
    files: tuple[Path, ...]


def imports_pulumi(path: Path) -> bool:
    """Whether a file is a program in Python, TypeScript or JavaScript that imports Pulumi or one of its SDKs."""
    imports = _IMPORTS.get(path.suffix)
    if imports is None or not path.is_file():
        return False
    try:
        return imports.search(read_text(path)) is not None
    except SyntaxFault:
        return False


def project_file(folder: Path) -> Path | None:
    """Give the project file of a folder; None where there is none."""
    return next((folder / name for name in PROJECT_FILES if (folder / name).is_file()), None)


def find_project(path: Path, environment: Environment) -> tuple[Project | None, Findings]:
    """Find the program of a folder, a Pulumi.yaml or a program's file, with its configuration.

    https://www.pulumi.com/docs/iac/concepts/projects/project-file/ and .../config/. A parameter of the environment wins
    over the stack's file; one without a namespace is the project's.
    """
    path = path.resolve()
    folder = path if path.is_dir() else path.parent
    project, findings = read_settings(project_file(folder))
    if project is None and any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings  # what it would run is not known
    options = _options(project)
    runtime = _runtime(project) or (NODE if path.suffix in _SCRIPTS else PYTHON)
    if runtime not in RUNTIMES:
        text = f"the program is for the runtime {runtime}; those that run here are {', '.join(RUNTIMES)}"
        where = project.place("runtime") if project else Place(file=str(path))
        return None, (*findings, _error("runtime", text, where))
    main = path if path.suffix in _IMPORTS else _MAINS[runtime](folder, project)
    if not exists(main):
        return None, (*findings, _error("no-program", f"there is no program {main.name}", Place(file=str(main))))
    within, program = (main, ".") if main.is_dir() else (main.parent, main.name)
    main = _node_entry(main) if main.is_dir() else main
    name = str(project.get("name") or "") if project else ""
    name = name or (folder.name if main.name == MAIN or main.is_dir() else main.stem)
    stack = find_stack(folder, project, environment.stack)
    configured, more = configure(name, stack, project, environment.parameters)
    return Project(
        runtime=runtime,
        root=folder,
        folder=within,
        main=main,
        program=program,
        name=name,
        stack=stack.name,
        python=environment.python or _python(folder, options),
        options=options,
        configuration={"aws:region": environment.region, **configured.values},
        secret_keys=configured.secrets,
        files=tuple(file for file in (main, project and project.file, stack.file) if file and file.is_file()),
    ), (
        *findings,
        *(_unmade(folder, project, options, environment) if runtime == PYTHON else ()),
        *stack.findings,
        *more,
    )


def _runtime(project: Settings | None) -> str:
    """Give the runtime's name, "" where the project says none; what can be no name comes as JSON."""
    held = project.get("runtime") if project else None
    if isinstance(held, dict):
        held = held.get("name", held)
    if held is None:
        return ""
    return held if isinstance(held, str) and held else json.dumps(held)[:_SHOWN]


def _options(project: Settings | None) -> Mapping[str, object]:
    held = project.get("runtime") if project else None
    options = held.get("options") if isinstance(held, dict) else None
    return options if isinstance(options, dict) else {}


def _python(folder: Path, options: Mapping[str, object]) -> str:
    """Give the virtual environment's interpreter, where there is one."""
    virtualenv = options.get("virtualenv")
    python = folder / str(virtualenv) / "bin" / "python"
    return str(python) if virtualenv and exists(python) else ""


def _unmade(
    folder: Path, project: Settings | None, options: Mapping[str, object], environment: Environment
) -> Iterator[Finding]:
    """Tell of a virtual environment that is named and not there."""
    named = options.get("virtualenv")
    if project is None or not named or environment.python or _python(folder, options):
        return
    text = (
        f"the virtualenv {named} is not there, and the program runs with {sys.executable}; python -m venv {named}, then"
        f" {named}/bin/pip install what it needs"
    )
    place = project.place("runtime")
    yield Finding(severity=Severity.NOTE, code="no-virtualenv", text=text, place=place)


def _within(folder: Path, project: Settings | None) -> Path:
    within = project.get("main") if project else None
    return resolved(folder / within) if isinstance(within, str) else folder


def _python_main(folder: Path, project: Settings | None) -> Path:
    main = _within(folder, project)
    return main if main.suffix == ".py" else main / MAIN


def _yaml_main(folder: Path, project: Settings | None) -> Path:
    # https://github.com/pulumi/pulumi-yaml/blob/main/pkg/pulumiyaml/run.go, LoadDir: Main.yaml first
    main = _within(folder, project)
    found = (main / name for name in ("Main.yaml", *PROJECT_FILES) if (main / name).is_file())
    return main if main.is_file() else next(found, main / PROJECT_FILE)


def _node_entry(folder: Path) -> Path:
    """Give the file that Node.js would run of a folder, as far as its package.json says; else the folder."""
    held: object = None
    with contextlib.suppress(OSError, ValueError):
        held = json.loads((folder / "package.json").read_bytes())
    named = held.get("main") if isinstance(held, dict) else None
    found = (folder / name for name in (*([named] if isinstance(named, str) else []), *_ENTRIES))
    return next((each for each in found if each.is_file()), folder)


_MAINS: Final = {PYTHON: _python_main, NODE: _within, YAML: _yaml_main}


def _error(code: str, text: str, place: Place) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=place)
