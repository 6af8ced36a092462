"""Dependencies that are installed on request, from files here: nothing is fetched."""

import asyncio
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.serving.functions import install
from inferway.serving.functions.check import FunctionError

Serving = Callable[..., Any]

PYTHON = "import thing\ndef handler(event, context): return thing.value"
NODE = "import thing from 'thing'; export const handler = async () => thing.value"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of installed environments, of this test alone."""
    monkeypatch.setenv("INFERWAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    return tmp_path / "cache" / "functions"


def wheel(folder: Path, name: str = "thing", value: str = "7") -> str:
    """Write a wheel (https://packaging.python.org/en/latest/specifications/binary-distribution-format/)."""
    folder.mkdir(exist_ok=True)
    file = f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / file, "w") as archive:
        archive.writestr(f"{name}.py", f"value = {value}")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return file


def test_requirements_are_installed_once_for_all(serving: Serving, tmp_path: Path, cache: Path) -> None:
    file = wheel(tmp_path / "function")
    files = {"index.py": PYTHON, "requirements.txt": f"./{file}\n"}

    async def scenario() -> None:
        async with serving(files, install=True) as one, serving(files, "other", install=True) as two:
            assert (await one.invoke()).json == (await two.invoke()).json == 7
            assert await one.logged("installing what")
            assert not any("installing" in line for _, line in two.lines)

    asyncio.run(scenario())
    kept = [each for each in cache.iterdir() if each.is_dir()]
    assert len(kept) == 1
    assert (kept[0] / "thing.py").is_file()


def test_functions_that_want_the_same_at_once_install_it_once(serving: Serving, tmp_path: Path) -> None:
    file = wheel(tmp_path / "function")
    files = {"index.py": PYTHON, "requirements.txt": f"./{file}\n"}

    async def served(name: str) -> tuple[Any, int]:
        async with serving(files, name, install=True) as function:
            lines = sum("installing" in line for _, line in function.lines)
            return (await function.invoke()).json, lines

    async def scenario() -> None:
        answers = await asyncio.gather(*(served(f"f{number}") for number in range(3)))
        assert [value for value, _ in answers] == [7, 7, 7]
        assert sum(lines for _, lines in answers) == 1

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_requirements_without_end_are_given_up(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_MEMORY", 256 * 1024**2)
    files = {"index.py": PYTHON, "requirements.txt": "-r /dev/zero\n"}

    async def scenario() -> None:
        with pytest.raises(FunctionError, match="MemoryError"):
            async with serving(files, install=True):
                pass

    asyncio.run(scenario())


def test_of_a_failed_installation_the_end_is_told(serving: Serving) -> None:
    files = {"index.py": PYTHON, "requirements.txt": f"./{'x' * 6_000}.whl\n" * 8}

    async def scenario() -> None:
        with pytest.raises(FunctionError, match="ended with exit code") as error:
            async with serving(files, install=True):
                pass
        assert len(str(error.value)) < 3_000

    asyncio.run(scenario())


def test_requirements_that_cannot_be_installed_are_said_and_leave_nothing(serving: Serving, cache: Path) -> None:
    files = {"index.py": PYTHON, "requirements.txt": "./no-such-file-1.0-py3-none-any.whl\n"}

    async def scenario() -> None:
        with pytest.raises(FunctionError, match=r"ended with exit code 1(.|\n)*no-such-file") as error:
            async with serving(files, install=True):
                pass
        assert error.value.findings[0].code == "dependencies-not-installed"

    asyncio.run(scenario())
    assert not [each for each in cache.iterdir() if each.is_dir()]


def test_what_is_not_installed_is_said_at_the_start(serving: Serving) -> None:
    files = {"index.py": "def handler(event, context): return 1", "requirements.txt": "no-such-thing\n"}

    async def scenario() -> None:
        async with serving(files) as function:
            assert (await function.invoke()).json == 1
            said = await function.logged("not installed")
            assert "no-such-thing" in said
            assert "--install" in said

    asyncio.run(scenario())


def test_a_package_is_installed_and_its_scripts_are_not_run(serving: Serving, tmp_path: Path, cache: Path) -> None:
    thing = {"name": "thing", "version": "1.0.0", "scripts": {"install": "touch ran"}}
    files = {
        "index.mjs": NODE,
        "package.json": json.dumps({"dependencies": {"thing": "file:./things/one"}, "devDependencies": {"none": "1"}}),
        "things/one/package.json": json.dumps(thing),
        "things/one/index.js": "module.exports = { value: 7 }",
    }

    async def scenario() -> None:
        async with serving(files, install=True, runtime="nodejs20.x") as function:
            assert (await function.invoke()).json == 7

    asyncio.run(scenario())
    assert not (tmp_path / "function/node_modules").exists()
    assert not list(tmp_path.rglob("ran"))
    assert len([each for each in cache.iterdir() if each.is_dir()]) == 1
