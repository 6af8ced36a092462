"""Reports what looks like an artifact and was not read, so that nothing is left out silently."""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.formats.apiops.layout import POLICY, SECTIONS, SPECIFICATIONS, WORKSPACES

_DESCRIBES: Final = re.compile(r"[A-Za-z]+Information\.(?:json|ya?ml)", re.IGNORECASE)
_NAMES: Final = frozenset((POLICY, *(name for name, _ in SPECIFICATIONS), "apis.json", "groups.json", "tags.json"))
_MOST: Final = 20
_MOST_FILES: Final = 5_000
_MOST_FOLDERS: Final = 20_000


def leftovers(folder: Path, read: Iterable[Path]) -> Iterator[Finding]:
    """Give a warning for each artifact below a folder of which a file is not among those read."""
    known = {os.path.normpath(path) for path in read}
    told: dict[tuple[str, str], tuple[Path, str, int]] = {}
    for path in islice(_unread(folder, known), _MOST_FILES):
        whose, text = _why(path, folder, known)
        first, said, count = told.get(whose, (path, text, 0))
        told[whose] = (first, said, count + 1)
    for first, said, count in islice(told.values(), _MOST):
        yield _warning(first, said if count == 1 else f"{said}; so are {count - 1} more")
    if len(told) > _MOST:
        yield _warning(folder, f"files of {len(told) - _MOST} more artifacts are not read")


def _warning(path: Path, text: str) -> Finding:
    return Finding(severity=Severity.WARNING, code="unread-artifact", text=text, place=Place(file=str(path)))


def _unread(folder: Path, known: set[str]) -> Iterator[Path]:
    """Find the files; links are not followed, so that none leads round."""
    for here, inner, files in islice(os.walk(folder), _MOST_FOLDERS):
        inner.sort()
        if Path(here) == folder:
            inner[:] = [name for name in inner if name not in WORKSPACES.folders and not name.startswith(".")]
        for name in sorted(files):
            path = Path(here) / name
            if (name in _NAMES or _DESCRIBES.fullmatch(name)) and os.path.normpath(path) not in known:
                yield path


def _why(path: Path, folder: Path, known: set[str]) -> tuple[tuple[str, str], str]:
    """Give what a file belongs to, as far as one warning is enough for it, and why it is not read."""
    parts = path.relative_to(folder).parts
    sections = {name: section for section in SECTIONS for name in section.folders}
    section = sections.get(parts[0])
    if section is None:
        near = ", ".join(sorted(sections))
        if len(parts) == 1:
            return (parts[0], ""), f"{path.name} is not read: it describes something in one of {near}"
        return (parts[0], ""), f"{path.name} is not read: {parts[0]} is none of {near}"
    beside = [name for name, _ in SPECIFICATIONS if os.path.normpath(path.with_name(name)) in known]
    if beside and path.name in _NAMES:
        return (str(path), ""), f"{path.name} is not read: {beside[0]} stands beside it"
    described = section.files[0]
    if len(parts) > 2 and not any((folder / parts[0] / parts[1] / file).is_file() for file in section.files):
        text = f"{path.name} is not read: {parts[0]}/{parts[1]} has no {described}"
        if any(folder.joinpath(*parts[:end], described).is_file() for end in range(3, len(parts))):
            text += " itself, only deeper, as versions of APIOps before 3.0 wrote it"
        return (parts[0], parts[1]), text
    return (str(path), ""), f"{path.name} is not read: nothing of this name belongs here"
