"""Watches a project's files for `--reload`."""

from collections.abc import Awaitable, Callable
from typing import Final

from watchfiles import awatch

from inferway.app.project import Project
from inferway.app.project_files import stamp

_DEBOUNCE_MS: Final = 50
_LOOK_EVERY_MS: Final = 1000


async def watch(project: Project, changed: Callable[[], Awaitable[Project]]) -> None:
    """Call `changed` after every change of a file that was read; what it reads is watched from then on.

    Notifications only wake: what counts is whether a file's stamp differs from the one it had when it was read, so that
    an edit made before the watching began is seen too. Folders are watched, since editors replace files.
    """
    while True:
        seen = project.stamps
        folders = {file.parent for file in seen if file.parent.is_dir()}
        waking = awatch(
            *folders,
            watch_filter=None,
            debounce=_DEBOUNCE_MS,
            step=20,
            rust_timeout=_LOOK_EVERY_MS,
            yield_on_timeout=True,
            recursive=False,
        )
        async for _ in waking:
            if any(stamp(file) != then for file, then in seen.items()):
                break
        await waking.aclose()
        project = await changed()
