"""Installs what a function's requirements.txt or package.json names into an environment that is kept and shared."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from inferway.processes.lines import LONGEST_LINE
from inferway.processes.process import Command
from inferway.processes.running import OnLine, run
from inferway.serving.functions.dependencies import FILES, node_dependencies
from inferway.serving.functions.options import FunctionSettings
from inferway.serving.functions.runtimes import Family, runtime_of

_LIMIT: Final = 900.0  # seconds for an installation
_MEMORY: Final = 2 * 1024**3
"""Bytes that an installer, and each program that it starts, may take: what builds compilers need, and no more."""

_LAST_WORDS: Final = 12
_MOST_TOLD: Final = 2_000
"""Characters of what a failed installation said at last."""

_TAG: Final = "import sys; print(sys.implementation.cache_tag, sys.platform, sys.exec_prefix)"
_LOCKS: Final = ("package-lock.json", "npm-shrinkwrap.json")
_OF_NPM: Final = ("package.json", *_LOCKS, ".npmrc")


class InstallError(Exception):
    """What a function needs cannot be installed; `path` is the file that names it."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__(text)
        self.path = path


def cache_folder() -> Path:
    """Give where environments are kept: below INFERWAY_CACHE, or else the user's cache folder
    (https://specifications.freedesktop.org/basedir-spec/latest/).
    """
    own = os.environ.get("INFERWAY_CACHE")
    if own:
        return Path(own) / "functions"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "inferway" / "functions"


async def installed(settings: FunctionSettings, on_line: OnLine) -> str:
    """Give the folder with what a function needs, installing it when no one has; "" where it needs nothing.

    The folder belongs to the file's content and to the interpreter; functions that want the same one wait for it.
    Raises InstallError and OSError.
    """
    runtime = runtime_of(settings.options.runtime)
    family = Family.PYTHON if runtime is None else runtime.family
    file = settings.root / FILES.get(family, "")
    if family not in FILES or not file.is_file() or not _names_something(family, file):
        return ""
    key = await _key(settings, family)
    folder = cache_folder() / key
    if folder.is_dir():
        return str(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        await _locked(lock)
        if not folder.is_dir():
            on_line(f"installing what {file} names")
            await _install(settings, family, folder, on_line)
    finally:
        os.close(lock)
    return str(folder)


async def _locked(lock: int) -> None:
    """Wait for a lock without holding up the event loop, or a thread that nothing could end."""
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(0.1)
        else:
            return


def _names_something(family: Family, file: Path) -> bool:
    text = file.read_text(encoding="utf-8", errors="replace")
    if family is Family.NODE:
        return next(node_dependencies(text), "") != ""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


async def _key(settings: FunctionSettings, family: Family) -> str:
    """Give what tells environments apart: the file's content, and the interpreter that it is installed for."""
    digest = hashlib.sha256(family.encode())
    if family is Family.PYTHON:
        digest.update((settings.root / FILES[family]).read_bytes())
        tag = await _output((_python(settings), "-I", "-c", _TAG), settings.root / FILES[family])
    else:
        for name in _OF_NPM:
            if (settings.root / name).is_file():
                digest.update(name.encode() + b"\0" + (settings.root / name).read_bytes())
        tag = await _output(
            ("node", "-p", "process.version + process.platform + process.arch"), settings.root / FILES[family]
        )
    digest.update(tag.encode())
    return f"{family}-{digest.hexdigest()[:24]}"


async def _install(settings: FunctionSettings, family: Family, folder: Path, on_line: OnLine) -> None:
    with _new_folder(folder.parent) as fresh:
        if family is Family.PYTHON:
            await _run(_pip(settings, fresh), settings.root, settings.root / FILES[family], on_line)
        else:
            verb = _copy_package(settings.root, fresh)
            npm = ("npm", verb, "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
            await _run(npm, fresh, settings.root / FILES[family], on_line)
        fresh.rename(folder)


def _copy_package(root: Path, fresh: Path) -> str:
    """Copy what npm reads; give its command. What a package names by a relative path is named by its whole path then,
    which its lock file would not know.
    """
    for name in _OF_NPM:
        if (root / name).is_file():
            shutil.copyfile(root / name, fresh / name)
    package = msgspec.json.decode((root / _OF_NPM[0]).read_bytes())
    named = package["dependencies"].items()
    here = {name: each for name, each in named if str(each).startswith(("file:", "./", "../"))}
    locks = [fresh / name for name in _LOCKS if (fresh / name).is_file()]
    if not here:
        return "ci" if locks else "install"
    for lock in locks:
        lock.unlink()
    for name, each in here.items():
        package["dependencies"][name] = f"file:{(root / each.removeprefix('file:')).resolve()}"
    (fresh / _OF_NPM[0]).write_bytes(msgspec.json.encode(package))
    return "install"


def _pip(settings: FunctionSettings, target: Path) -> tuple[str, ...]:
    own = ("install", "--requirement", FILES[Family.PYTHON], "--target", str(target))
    pip = (_python(settings), "-m", "pip", *own, "--disable-pip-version-check", "--no-input", "--quiet")
    uv = shutil.which("uv")
    if uv and not settings.options.python and not _has_pip():
        return (uv, "pip", *own, "--python", sys.executable, "--quiet")
    return pip


def _has_pip() -> bool:
    return any((Path(folder) / "pip").is_dir() for folder in sys.path)


@contextlib.contextmanager
def _new_folder(parent: Path) -> Iterator[Path]:
    """Give a folder that is removed at the end, unless it was renamed."""
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _python(settings: FunctionSettings) -> str:
    return settings.options.python or sys.executable


async def _output(argv: tuple[str, ...], about: Path) -> str:
    lines: list[str] = []
    await _run(argv, about.parent, about, lines.append)
    return "\n".join(lines)


async def _run(argv: tuple[str, ...], folder: Path, about: Path, on_line: OnLine) -> None:
    """Run a program of the user's with the user's own environment; raises InstallError when it fails."""
    words: list[str] = []

    def heard(line: str) -> None:
        words.append(line)
        del words[:-_LAST_WORDS]
        on_line(line)

    command = Command(name=argv[0], argv=argv, environment=dict(os.environ), folder=str(folder))
    process = await run(command, heard, longest_line=LONGEST_LINE)
    _bound(process.pid)
    try:
        await asyncio.wait({process.exited}, timeout=_LIMIT)
        ended = process.exited.done()
    finally:
        await process.end(grace=1.0)
    code = process.exited.result()
    if code or not ended:
        why = f"ended with exit code {code}" if ended else f"did not end within {_LIMIT:g} s"
        told = "".join(f"\n  {line}" for line in words)
        if len(told) > _MOST_TOLD:
            told = f"\n  …{told[-_MOST_TOLD:]}"
        raise InstallError(f"{' '.join(argv[:3])} {why}{told}", about)


def _bound(pid: int) -> None:
    """Bound the memory of a process and of all that it starts, where the system can do so for another process."""
    if hasattr(resource, "prlimit"):  # Linux has it, macOS has not
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
