"""Finds the texts that resources hold or link to, and the places of their lines.

Source: Azure Resource Manager, Microsoft.ApiManagement/service/policies and …/apis: the formats of `value`.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from inferway.dialects.apim.document import LARGEST
from inferway.dialects.apim.policies.site import Within
from inferway.dialects.apim.resources import View
from inferway.dialects.apim.sections import Source
from inferway.faults import Place
from inferway.formats.arm.links import linked_file
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault

_POLICY_FORMATS: Final = ("", "xml", "rawxml")
_LINK: Final = "-link"
_MOST_FILES: Final = 200
_DEPTHS: Final = ("*.xml", "*/*.xml", "*/*/*.xml")


def policy_source(view: View, nearby: "Nearby") -> Source | None:
    """Give the text of a policy or a fragment; None, with an error, for a format that is not served."""
    kind = view["format"].text()
    if kind.removesuffix(_LINK) not in _POLICY_FORMATS:
        view["format"].error("unserved-format", f"a policy of the format {kind} is not served; give its text")
        return None
    value = view["value"]
    if kind.endswith(_LINK):
        return linked_text(view)
    text = value.text()
    within: Within = value.inside
    if within(1, 1) == within(2, 1):
        file = nearby.origin(text, value.place)
        if file is not None:
            return Source(text=text, place=Place(file=str(file), line=1, column=1), within=_inside(file))
    return Source(text=text, place=value.place, within=within)


def linked_text(view: View) -> Source | None:
    """Give the text of the file that `value` links to; None, with an error, where it is not here."""
    value = view["value"]
    named = value.text()
    home = Path(value.place.file)
    is_url = "://" in named
    file = linked_file(home, "" if is_url else named, named if is_url else "") if named else None
    if file is None:
        value.error(
            "unserved-link", f"what {named[:200] or 'nothing'} links to is not here; put it below {home.parent}"
        )
        return None
    try:
        text = read_text(file)
    except SyntaxFault as fault:
        value.error(fault.code, fault.text, Place(file=str(file), line=fault.line))
        return None
    return Source(text=text, place=Place(file=str(file), line=1, column=1), within=_inside(file))


def _inside(file: Path) -> Within:
    return lambda line, column: Place(file=str(file), line=line, column=column)


class Nearby:
    """The policies in files near a definition, by their texts; each folder is looked through once."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, Path]] = {}

    def origin(self, text: str, place: Place) -> Path | None:
        """Give the file that a program read a text from, None where there is none."""
        if "\n" not in text or not place.file:
            return None
        folder = Path(place.file).parent
        if folder not in self._folders:
            self._folders[folder] = {_bare(found): file for file, found in _texts(folder)}
        return self._folders[folder].get(_bare(text))


def _bare(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for pattern in _DEPTHS:
        for file in sorted(islice(folder.glob(pattern), _MOST_FILES)):
            try:
                if file.stat().st_size <= LARGEST:
                    yield file, file.read_text("utf-8-sig", "replace")
            except OSError:
                continue
