"""The key that `inferway up` gives a model's API: made once, and the same after a restart."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_KEY_BYTES: Final = 20  # 40 characters, as the vendor's own keys have; it takes 20 to 128


def key_file(folder: Path, name: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Give where the key of a folder's API is kept: the user's state folder, not beside the model.

    A model folder may be read-only, shared, or in a repository, to which a secret must not be added by running a
    command. `XDG_STATE_HOME`: https://specifications.freedesktop.org/basedir-spec/latest/
    """
    given = environment.get("XDG_STATE_HOME", "")
    state = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "state"
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return state / "inferway" / "keys" / f"{name}-{digest}.key"


def stored_key(file: Path) -> str:
    """Give the key in a file, which is made with a new one where there is none; only the user may read it.

    Raises OSError where the file can be neither read nor made, ValueError where it holds no key.
    """
    with contextlib.suppress(FileNotFoundError):
        return _read(file)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A file appears under its name with all that is in it, and the first of several wins.
    handle, made = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".key")  # mkstemp's files have mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"{secrets.token_hex(_KEY_BYTES)}\n")
        with contextlib.suppress(FileExistsError):
            os.link(made, file)
    finally:
        Path(made).unlink()
    return _read(file)


def _read(file: Path) -> str:
    text = file.read_text(encoding="ascii").strip()
    if not (text.isprintable() and 20 <= len(text) <= 128):
        raise ValueError(f"{file} holds no API key of 20 to 128 characters; delete it for a new one")
    return text
