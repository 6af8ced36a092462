"""Functions of the package `std` that read files: programs that were converted from others use them for code's hashes.

https://github.com/pulumi/pulumi-std/blob/master/FUNCTION_LIST.md.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

_LARGEST: Final = 512 * 1024 * 1024
_LARGEST_TEXT: Final = 16 * 1024 * 1024


class NoFileError(Exception):
    """There is no such file, or it is too large; `path` is which. `matters` says whether its content is needed."""

    def __init__(self, path: Path, text: str, *, matters: bool) -> None:
        super().__init__(text)
        self.path = path
        self.text = text
        self.matters = matters


def _text(data: bytes) -> str:
    return data.decode("utf-8")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _hex(name: str) -> Callable[[Path], str]:
    return lambda path: _digest(name, path).hex()


def _encoded(name: str) -> Callable[[Path], str]:
    return lambda path: _base64(_digest(name, path))


def _digest(name: str, path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, name).digest()


_HASHES: Final[Mapping[str, Callable[[Path], str]]] = {
    "filebase64sha256": _encoded("sha256"),
    "filebase64sha512": _encoded("sha512"),
    "filemd5": _hex("md5"),
    "filesha1": _hex("sha1"),
    "filesha256": _hex("sha256"),
    "filesha512": _hex("sha512"),
}
_CONTENTS: Final[Mapping[str, Callable[[bytes], str]]] = {"file": _text, "filebase64": _base64}

TOKENS: Final = frozenset(f"std:index:{name}" for name in (*_HASHES, *_CONTENTS))


def result(token: str, path: Path) -> str:
    """Give what one of the functions makes of a file.

    Raises NoFileError for one that is not there, and ValueError for one that is no text in UTF-8.
    """
    name = token.rpartition(":")[2]
    try:
        if not path.is_file():
            raise NoFileError(path, f"there is no file {path}", matters=name in _CONTENTS)
        if path.stat().st_size > (_LARGEST if name in _HASHES else _LARGEST_TEXT):
            raise NoFileError(path, f"the file {path} is too large", matters=name in _CONTENTS)
        return _HASHES[name](path) if name in _HASHES else _CONTENTS[name](path.read_bytes())
    except OSError as error:
        raise NoFileError(path, f"{path} cannot be read: {error.strerror}", matters=name in _CONTENTS) from None
