"""A bindings file being read: its tables and values with their places."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import msgspec.inspect

from inferway.app.toml_lines import lines_of
from inferway.faults import Finding, Place, Severity

T = TypeVar("T", bound=msgspec.Struct)
_NAME: Final = re.compile(r"\w+")

_LARGEST_VALUE: Final = 1024 * 1024
"""Bytes of a file that holds one value, such as a secret or a policy."""


class Unreadable(Exception):  # noqa: N818 - it carries a finding to the one place that collects them
    """A value that cannot mean anything, with the path of its key."""

    def __init__(self, text: str, path: tuple[str, ...]) -> None:
        super().__init__(text)
        self.path = path


class TomlReader:
    """One file being read: where things stand in it, what was found, and what its values refer to."""

    def __init__(self, file: Path, text: str, environment: Mapping[str, str]) -> None:
        self.file = file
        self._lines = lines_of(text)
        self.environment = environment
        self.findings: list[Finding] = []

    def find(self, path: tuple[str, ...]) -> Place:
        """Give the line of a key's own table header or assignment, of its nearest parent's where there is none."""
        depth = next((depth for depth in range(len(path), 0, -1) if path[:depth] in self._lines), 0)
        return Place(file=str(self.file), line=self._lines.get(path[:depth], 1))

    def say(self, severity: Severity, code: str, text: str, path: tuple[str, ...]) -> None:
        """Keep a finding at the place of a key."""
        self.findings.append(Finding(severity=severity, code=code, text=text, place=self.find(path)))

    def value(self, value: object, path: tuple[str, ...]) -> str:
        """Give a value as text: `env:NAME` and `file:PATH` are looked up, the path relative to the file."""
        if not isinstance(value, str):
            raise Unreadable(f"{'.'.join(path)} must be text, not {type(value).__name__}", path)
        kind, colon, name = value.partition(":")
        if colon and kind == "env":
            if name not in self.environment:
                raise Unreadable(f"{'.'.join(path)} needs the environment variable {name}, which is not set", path)
            return self.environment[name]
        if colon and kind == "file":
            try:
                return _content(self.file.parent / name)
            except (OSError, UnicodeDecodeError) as error:
                raise Unreadable(f"{'.'.join(path)}: {name} cannot be read: {error}", path) from error
        return value

    def resolve(self, value: object, path: tuple[str, ...]) -> object:
        """Look up every text in a value."""
        if isinstance(value, str):
            return self.value(value, path)
        if isinstance(value, dict):
            return {key: self.resolve(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, path) for item in value]
        return value

    def table(self, value: object, path: tuple[str, ...], keys: tuple[str, ...]) -> dict[str, object]:
        """Give a table that has these keys only."""
        if not isinstance(value, dict):
            raise Unreadable(f"{'.'.join(path)} must be a table", path)
        for key in value:
            if key not in keys:
                raise Unreadable(f"unknown key {key!r} in [{'.'.join(path)}]{nearest(key, keys)}", (*path, key))
        try:
            resolved = self.resolve(value, path)
        except RecursionError as error:
            raise Unreadable(f"{'.'.join(path)} is nested too deeply", path) from error
        assert isinstance(resolved, dict)  # noqa: S101 - resolve keeps the type
        return resolved


def _content(file: Path) -> str:
    """Give a small file's text; a device or a pipe may never end. Raises OSError, UnicodeDecodeError."""
    if not file.is_file() and file.exists():
        raise OSError("it is no regular file")
    with file.open("rb") as opened:
        data = opened.read(_LARGEST_VALUE + 1)
    if len(data) > _LARGEST_VALUE:
        raise OSError(f"it has more than {_LARGEST_VALUE} bytes")
    return data.decode("utf-8").strip()


def nearest(name: str, names: tuple[str, ...] | list[str]) -> str:
    """Give `; did you mean X?` for the nearest of some names, else what there is, "" where there is nothing."""
    close = difflib.get_close_matches(name, names, 1)
    if close or not names:
        return f"; did you mean {close[0]!r}?" if close else ""
    return f"; there are {', '.join(sorted(names))}"


def convert(reader: TomlReader, value: object, kind: type[T], path: tuple[str, ...]) -> T:
    """Give a table as a struct. Raises Unreadable for unknown keys and for values that the struct refuses."""
    keys = tuple(field.name for field in msgspec.structs.fields(kind))
    return as_struct(reader.table(value, path, keys), kind, path)


def as_struct(table: dict[str, object], kind: type[T], path: tuple[str, ...]) -> T:
    """Give what was read as a struct. Raises Unreadable, at the value that the struct refuses."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        # The reason may quote a value, with whatever that holds.
        reason, mark, at = str(error).rpartition(" - at `$")
        reason, at = (reason, at) if mark else (at, "")
        names = tuple(_NAME.findall(at.partition("[")[0]))
        choices = _choices(msgspec.inspect.type_info(kind), names)
        there_are = f"; there are {', '.join(choices)}" if choices and reason.startswith("Invalid enum value") else ""
        raise Unreadable(f"[{'.'.join((*path, *names))}]: {reason}{there_are}", (*path, *names)) from error


def _choices(kind: msgspec.inspect.Type, names: tuple[str, ...]) -> list[str]:
    """Give what the field of a struct may be where only some values are allowed, else nothing."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return [choice for part in kind.types for choice in _choices(part, names)]
    if isinstance(kind, msgspec.inspect.EnumType):
        return [str(member.value) for member in kind.cls]
    if isinstance(kind, msgspec.inspect.LiteralType):
        return [str(value) for value in kind.values]
    if isinstance(kind, msgspec.inspect.StructType) and names:
        return [
            choice
            for field in kind.fields
            if field.encode_name == names[0]
            for choice in _choices(field.type, names[1:])
        ]
    return []
