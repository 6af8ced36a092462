"""Finds the file of a linked template.

Source: Azure Resource Manager, "Use linked and nested templates" (https://learn.microsoft.com/azure/
azure-resource-manager/templates/linked-templates).
"""

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from inferway.formats.presence import is_file

_MOST_PARTS: Final = 12


def linked_file(template: Path, relative: str, uri: str) -> Path | None:
    """Give the file that a link means: by its relative path, else the one whose path ends as the URI's does.

    A template that links to others by URI stands in one repository with them: the longest end of the path counts that
    is a file below the template's folder.
    """
    folder = template.parent
    if relative:
        found = folder / relative
        return found if is_file(found) else None
    try:
        parts = unquote(urlsplit(uri).path).split("/")
    except ValueError:
        return None
    if urlsplit(uri).scheme == "file":
        found = Path("/".join(parts))
        return found if is_file(found) and found.resolve().is_relative_to(folder.resolve()) else None
    wanted = [part for part in parts if part not in ("", ".", "..")][-_MOST_PARTS:]
    for start in range(len(wanted)):
        found = folder.joinpath(*wanted[start:])
        if is_file(found):
            return found
    return None
