"""An archive of texts that is the same bytes for the same texts, wherever and whenever it is made."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows ("APPNOTE.TXT", 4.4.6)."""

_UNIX: Final = 3
_MODE: Final = 0o100644 << 16


def archive_of(files: Mapping[str, str]) -> bytes:
    """Give a zip of these files by their names, in the order of these; uncompressed, as no two zlibs press alike."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, files[name].encode())
    return made.getvalue()
