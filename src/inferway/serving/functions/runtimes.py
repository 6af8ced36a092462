"""Which runtimes are run here, and what a handler process of each is started with.

Source: Lambda guide, "Lambda runtimes" (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html).
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from inferway.serving.functions.options import FunctionSettings

BOOTSTRAP: Final = "bootstrap"
"""The name of a custom runtime's program, in the function's folder or a layer."""

_HERE: Final = Path(__file__).parent
_PATIENCE: Final = 10.0
_IDENTIFIER: Final = re.compile(r"(python|nodejs)(\d+(?:\.\d+)?)(?:\.x)?")
_CUSTOM: Final = frozenset(("provided", "provided.al2", "provided.al2023"))


class Family(StrEnum):
    """The kinds of handler processes."""

    PYTHON = "python"
    NODE = "node"
    CUSTOM = "custom"


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """A runtime: its family, and the version of its language, "" where none is wanted (`3.12`, `22`)."""

    family: Family
    version: str = ""


def runtime_of(identifier: str) -> Runtime | None:
    """Give the runtime of Lambda's identifier, this Python's for ""; None for one that is not run here."""
    if not identifier:
        return Runtime(family=Family.PYTHON)
    if identifier in _CUSTOM:
        return Runtime(family=Family.CUSTOM)
    match = _IDENTIFIER.fullmatch(identifier)
    if match is None:
        return None
    return Runtime(family=Family.PYTHON if match[1] == "python" else Family.NODE, version=match[2])


def other_version(settings: FunctionSettings) -> str:
    """Say that what runs a function here is of another version than its runtime; "" where it is not, or is bound."""
    runtime = runtime_of(settings.options.runtime)
    if runtime is None or not runtime.version or settings.options.python:
        return ""
    if runtime.family is Family.PYTHON:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        said = f"{settings.options.runtime} is run by this Python, {here}; bind `python` for another"
    else:
        here = _version_of_node()
        said = f"{settings.options.runtime} is run by the Node.js of PATH, {here}"
    return said if here and here.split(".")[: len(runtime.version.split("."))] != runtime.version.split(".") else ""


def _version_of_node() -> str:
    try:
        node = shutil.which("node") or "node"
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=_PATIENCE, check=True)  # noqa: S603 - of PATH is what is asked
    except (OSError, subprocess.SubprocessError):  # its handler process will say so
        return ""
    return done.stdout.strip().removeprefix("v")


def command_of(settings: FunctionSettings) -> tuple[str, ...]:
    """Give what a handler process runs."""
    runtime = runtime_of(settings.options.runtime)
    family = Family.PYTHON if runtime is None else runtime.family
    if family is Family.PYTHON:
        return (settings.options.python or sys.executable, str(_HERE / "bootstrap.py"))
    if family is Family.NODE:
        return (shutil.which("node") or "node", *_heap(settings), str(_HERE / "bootstrap.mjs"))
    return (str(custom_bootstrap(settings)),)


def custom_bootstrap(settings: FunctionSettings) -> Path:
    """Give the program of a custom runtime: the function's own, else the layers'.

    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
    """
    own = settings.root / BOOTSTRAP
    return own if own.is_file() or not settings.opt else Path(settings.opt) / BOOTSTRAP


def module_folders(settings: FunctionSettings) -> tuple[str, ...]:
    """Give the folders of PYTHONPATH or NODE_PATH, in the service's order.

    https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
    """
    runtime = runtime_of(settings.options.runtime)
    if runtime is None or runtime.family is Family.CUSTOM:
        return ()
    below = _python_folders if runtime.family is Family.PYTHON else _node_folders
    found = list(below(Path(settings.opt), runtime.version)) if settings.opt else []
    if settings.dependencies:
        modules = Path(settings.dependencies)
        found.append(modules if runtime.family is Family.PYTHON else modules / "node_modules")
    return tuple(str(folder) for folder in found if folder.is_dir())


def _python_folders(opt: Path, version: str) -> Iterator[Path]:
    yield from sorted((opt / "python" / "lib").glob(f"python{version or '3.*'}/site-packages"))
    yield opt / "python"


def _node_folders(opt: Path, version: str) -> Iterator[Path]:
    yield opt / "nodejs" / f"node{version}" / "node_modules"
    yield opt / "nodejs" / "node_modules"


def _heap(settings: FunctionSettings) -> tuple[str, ...]:
    """Give V8's bounds as the service's bootstrap sets them, a tenth of the memory for what is young (reported)."""
    memory = settings.options.bound
    if not memory:
        return ()
    young = memory // 10
    return (f"--max-semi-space-size={max(1, young // 2)}", f"--max-old-space-size={memory - young}")
