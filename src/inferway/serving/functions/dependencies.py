"""What a function's requirements.txt or package.json names, and which of it is not there."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from typing import Final

import msgspec

from inferway.faults import Finding, Place, Severity
from inferway.serving.functions.code_tree import Tree
from inferway.serving.functions.code_view import CodeView
from inferway.serving.functions.options import FunctionOptions
from inferway.serving.functions.runtimes import Family

FILES: Final = {Family.PYTHON: "requirements.txt", Family.NODE: "package.json"}
"""The file that names what a function needs."""

_NAME: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(?:[=<>!~@(]|#|$)")
_MOST: Final = 1_048_576  # bytes of such a file
_SHOWN: Final = 8
_PATIENCE: Final = 20.0
_LIST: Final = (
    "import importlib.metadata as m, json; print(json.dumps([d.metadata['Name'] for d in m.distributions()]))"
)


def missing_dependencies(options: FunctionOptions, family: Family, view: CodeView, layers: Tree) -> Finding | None:
    """Give a warning that names what a function says that it needs and that is not there; None when all is.

    A requirement with a condition, an option or a URL alone is not looked for.
    """
    file = FILES.get(family, "")
    if not file or not view.has(file):
        return None
    try:
        text = view.read(file)[:_MOST].decode("utf-8", "replace")
    except OSError:
        return None
    find = _missing_in_python if family is Family.PYTHON else _missing_in_node
    missing = list(find(options, text, view, layers))
    if not missing:
        return None
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    what = f"{', '.join(missing[:_SHOWN])}{more}"
    mend = "pip install -r it" if family is Family.PYTHON else "npm install beside it"
    text = f"names what is not installed: {what}; {mend}, or run with --install"
    return Finding(
        severity=Severity.WARNING, code="dependencies-missing", text=text, place=Place(file=view.place(file))
    )


def requirements(text: str) -> Iterator[str]:
    """Give the names in a requirements file, those without a condition
    (https://pip.pypa.io/en/stable/reference/requirements-file-format/).
    """
    for line in text.splitlines():
        match = None if ";" in line else _NAME.match(line)
        if match:
            yield match[1]


def node_dependencies(text: str) -> Iterator[str]:
    """Give the names of a package's `dependencies` (https://docs.npmjs.com/cli/configuring-npm/package-json)."""
    try:
        package = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return
    named = package.get("dependencies") if isinstance(package, dict) else None
    if isinstance(named, dict):
        yield from named


def _missing_in_python(options: FunctionOptions, text: str, view: CodeView, layers: Tree) -> Iterator[str]:
    named = list(requirements(text))
    if not named:
        return
    there = set(_own(view.beside("")))
    folders = {name.rpartition("/")[0] for name in layers.entries if name.endswith("/METADATA")}
    there |= set(_own(folder.rpartition("/")[2] for folder in folders)) | set(_own(layers.beside("python")))
    installed = _installed(options.python)
    if installed is None:
        return
    there |= {_plain(name) for name in installed}
    yield from (name for name in named if _plain(name) not in there)


def _missing_in_node(options: FunctionOptions, text: str, view: CodeView, layers: Tree) -> Iterator[str]:
    above = [] if options.code or not options.path.is_dir() else list(options.path.resolve().parents)
    for name in node_dependencies(text):
        module = f"node_modules/{name}"
        found = view.has_folder(module) or layers.has_folder(f"nodejs/{module}")
        found = found or any(entry.startswith("nodejs/node") and f"/{module}/" in entry for entry in layers.entries)
        if not found and not any((folder / module).is_dir() for folder in above):
            yield name


def _own(names: Iterable[str]) -> Iterator[str]:
    """Give the distributions, and the modules, that stand in a folder themselves."""
    for name in names:
        stem, dot, ending = name.rpartition(".")
        if dot and ending in ("dist-info", "egg-info"):
            yield _plain(stem.partition("-")[0])
        yield _plain(name.partition(".")[0])


def _installed(python: str) -> list[str] | None:
    """Give the distributions that an interpreter has; None where it does not tell."""
    if not python or python == sys.executable:
        return [each.metadata["Name"] or "" for each in distributions()]
    try:
        # -I: nothing of the working folder is run
        done = subprocess.run(  # noqa: S603 - the interpreter that the user has bound
            [python, "-I", "-c", _LIST], capture_output=True, timeout=_PATIENCE, check=True
        )
        names: list[str] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return names


def _plain(name: str) -> str:
    """Give a name as names are compared (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    return re.sub(r"[-_.]+", "-", name).lower()
