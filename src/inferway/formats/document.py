"""A YAML or JSON file read into a tree with places."""

from pathlib import Path
from stat import S_ISREG
from typing import Final

from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import Node, SyntaxFault
from inferway.formats.yaml_tree import Tagged, parse_yaml

LARGEST_FILE: Final = 6 * 1024 * 1024
"""Bytes; the largest definition that Amazon API Gateway imports, far above what the others take."""


def read_document(path: Path, tagged: Tagged | None = None) -> Node:
    """Read a file as JSON where it is JSON, else as YAML; raises SyntaxFault, also for a file that cannot be read.

    A `.json` file is JSON only. Another that starts as JSON is tried as JSON first, since YAML refuses tabs. `tagged`
    gives a meaning to YAML's local tags, which are faults without it.
    """
    return parse_document(read_text(path), is_json=path.suffix.lower() == ".json", tagged=tagged)


def read_text(path: Path) -> str:
    """Read a file's text, with or without a byte-order mark; raises SyntaxFault."""
    try:
        data = _bytes(path)
    except OSError as error:
        raise SyntaxFault("unreadable", f"the file cannot be read: {error.strerror}") from None
    except ValueError as error:  # a path with a null character
        raise SyntaxFault("unreadable", f"the file cannot be read: {error}") from None
    if len(data) > LARGEST_FILE:
        raise SyntaxFault("file-too-large", f"the file is larger than {LARGEST_FILE // 1024 // 1024} MB")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SyntaxFault("bad-encoding", f"not {error.encoding}: {error.reason}", line) from None


def _bytes(path: Path) -> bytes:
    """Read a regular file, one byte more than the largest at most; devices and pipes may never end."""
    if not S_ISREG(path.stat().st_mode):
        raise SyntaxFault("unreadable", "the file cannot be read: it is no regular file")
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def parse_document(text: str, is_json: bool = False, tagged: Tagged | None = None) -> Node:
    """Parse a text as JSON where it is JSON, else as YAML; raises SyntaxFault."""
    return parse_json(text) if is_json else _json_or_none(text) or parse_yaml(text, tagged)


def _json_or_none(text: str) -> Node | None:
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return parse_json(text)
    except SyntaxFault as fault:
        if fault.code == "json-syntax":
            return None
        raise
