"""Watches a project's files for `--reload`."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch

from inferway.app.project import Project

_DEBOUNCE_MS: Final = 100


async def watch(project: Project, changed: Callable[[], Awaitable[Project]]) -> None:
    """Call `changed` after every change of a file that was read; what it reads is watched from then on.

    Folders are watched, not files, since editors replace a file instead of writing to it.
    """
    files = {file.resolve() for file in project.files}
    while True:
        folders = {file.parent for file in files if file.parent.is_dir()}

        def concerns(change: Change, path: str, files: set[Path] = files) -> bool:  # noqa: ARG001 - a filter takes both
            return Path(path).resolve() in files

        async for _ in awatch(*folders, watch_filter=concerns, debounce=_DEBOUNCE_MS, step=20, recursive=False):
            project = await changed()
            read = {file.resolve() for file in project.files}
            if read and not read <= files:
                files |= read
                break
        else:
            return
