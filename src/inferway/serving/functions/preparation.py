"""Makes a function ready to be run: its folder and its layers put together, its dependencies installed."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.processes.private_folder import PrivateFolder
from inferway.processes.running import OnLine
from inferway.serving.functions.check import FunctionError
from inferway.serving.functions.code_parts import code_of, folder_in_place, layer_in_place, layers_of
from inferway.serving.functions.code_tree import CodeError, Room
from inferway.serving.functions.install import InstallError, installed
from inferway.serving.functions.options import FunctionOptions, FunctionSettings

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


class Preparation:
    """What a function has been given besides its own folder; `close` takes it back."""

    def __init__(self, on_line: OnLine) -> None:
        self._on_line = on_line
        self._folder: PrivateFolder | None = None

    async def prepare(self, settings: FunctionSettings) -> FunctionSettings:
        """Give the settings with the folders in which a function can be run; raises FunctionError and OSError."""
        options = settings.options
        try:
            task, opt = await _whole(self._put_together, options)
            ready = msgspec.structs.replace(settings, task=task, opt=opt, dependencies="")
            if options.install:
                ready = msgspec.structs.replace(ready, dependencies=await installed(ready, self._on_line))
        except CodeError as error:
            raise FunctionError(_error(error.code, error.text, error.path)) from None
        except InstallError as error:
            raise FunctionError(_error("dependencies-not-installed", str(error), error.path)) from None
        return ready

    async def close(self) -> None:
        """Remove what was put together; harmless twice."""
        folder, self._folder = self._folder, None
        if folder is not None:
            await _whole(_remove, folder)

    def _put_together(self, options: FunctionOptions) -> tuple[str, str]:
        folder = folder_in_place(options)
        layer = layer_in_place(options)
        if folder is None or (options.layers and layer is None):
            self._folder = PrivateFolder("function")
        task, opt, room = str(folder.resolve()) if folder else "", str(layer.resolve()) if layer else "", Room()
        if self._folder is not None and folder is None:
            code_of(options, room).lay_out(self._folder.path / "task")
            task = str(self._folder.path / "task")
        if self._folder is not None and options.layers and layer is None:
            layers_of(options.layers, room).lay_out(self._folder.path / "opt")
            opt = str(self._folder.path / "opt")
        return task, opt


async def _whole(work: Callable[[_Given], _Made], given: _Given) -> _Made:
    """Run work in a thread to its end, also when the caller is cancelled meanwhile: a thread cannot be ended."""
    task = asyncio.ensure_future(asyncio.to_thread(work, given))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _remove(folder: PrivateFolder) -> None:
    folder.remove()


def _error(code: str, text: str, path: Path) -> Findings:
    return (Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(path))),)
