"""Reads `inferway.toml` into Bindings, with findings for what it cannot mean."""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from inferway.definition.bindings import Bindings, BoundEndpoint, BoundKey, BoundPlan
from inferway.definition.stage import Quota, RouteSettings, StageSettings, Throttle
from inferway.definition.usage import UsagePlan
from inferway.faults import Finding, Findings, Place, Severity
from inferway.transport.address import parse_address

NAME: Final = "inferway.toml"

_LATER: Final = frozenset(("functions", "tables", "identities", "issuers", "stack_references"))
_MIN_KEY, _MAX_KEY = 20, 128

T = TypeVar("T", bound=msgspec.Struct)


class _Unreadable(Exception):  # noqa: N818 - it carries a finding to the one place that collects them
    def __init__(self, text: str, path: tuple[str, ...]) -> None:
        super().__init__(text)
        self.path = path


class _Reader:
    """One file being read: where things stand in it, what was found, and what its values refer to."""

    def __init__(self, file: Path, text: str, environment: Mapping[str, str]) -> None:
        self.file = file
        self.lines = text.splitlines()
        self.environment = environment
        self.findings: list[Finding] = []

    def find(self, path: tuple[str, ...]) -> Place:
        """Give the line of a key's own table header or assignment, of its nearest parent's where there is none."""
        for depth in range(len(path), 0, -1):
            header = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(_key(part) for part in path[:depth]) + r"\s*[\].]")
            assignment = re.compile(rf"\s*{_key(path[depth - 1])}\s*[=.]")
            within = depth == 1
            for number, line in enumerate(self.lines, 1):
                if header.match(line):
                    return Place(file=str(self.file), line=number)
                parents = path[: depth - 1]
                if re.match(r"\s*\[", line):
                    parent = r"\s*\[\s*" + r"\s*\.\s*".join(_key(part) for part in parents) + r"\s*\]"
                    within = bool(parents) and re.match(parent, line) is not None
                elif within and assignment.match(line):
                    return Place(file=str(self.file), line=number)
        return Place(file=str(self.file), line=1)

    def say(self, severity: Severity, code: str, text: str, path: tuple[str, ...]) -> None:
        """Keep a finding at the place of a key."""
        self.findings.append(Finding(severity=severity, code=code, text=text, place=self.find(path)))

    def value(self, value: object, path: tuple[str, ...]) -> str:
        """Give a value as text: `env:NAME` and `file:PATH` are looked up, the path relative to the file."""
        if not isinstance(value, str):
            raise _Unreadable(f"{'.'.join(path)} must be text, not {type(value).__name__}", path)
        kind, colon, name = value.partition(":")
        if colon and kind == "env":
            if name not in self.environment:
                raise _Unreadable(f"{'.'.join(path)} needs the environment variable {name}, which is not set", path)
            return self.environment[name]
        if colon and kind == "file":
            try:
                return (self.file.parent / name).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise _Unreadable(f"{'.'.join(path)}: {name} cannot be read: {error}", path) from error
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
            raise _Unreadable(f"{'.'.join(path)} must be a table", path)
        for key in value:
            if key not in keys:
                raise _Unreadable(f"unknown key {key!r} in [{'.'.join(path)}]{nearest(key, keys)}", (*path, key))
        resolved = self.resolve(value, path)
        assert isinstance(resolved, dict)  # noqa: S101 - resolve keeps the type
        return resolved


def _key(part: str) -> str:
    escaped = re.escape(part)
    return rf"(?:\"{escaped}\"|'{escaped}'|{escaped})"


def nearest(name: str, names: tuple[str, ...] | list[str]) -> str:
    """Give `; did you mean X?` for the nearest of some names, else what there is."""
    close = difflib.get_close_matches(name, names, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(sorted(names)) or 'none'}"


def _convert(reader: _Reader, value: object, kind: type[T], path: tuple[str, ...]) -> T:
    keys = tuple(field.name for field in msgspec.structs.fields(kind))
    try:
        return msgspec.convert(reader.table(value, path, keys), kind)
    except msgspec.ValidationError as error:
        raise _Unreadable(f"[{'.'.join(path)}]: {error}", path) from error


def _endpoint(reader: _Reader, name: str, value: object, path: tuple[str, ...]) -> BoundEndpoint:
    named = {"name": name, **value} if isinstance(value, dict) else value
    endpoint = _convert(reader, named, BoundEndpoint, path)
    if endpoint.serve:
        folder = (reader.file.parent / endpoint.serve).resolve()
        endpoint = msgspec.structs.replace(endpoint, serve=str(folder))
    else:
        _check_url(endpoint.url, f"the url of endpoint {name!r}", (*path, "url"))
    return endpoint


def _check_url(url: str, what: str, path: tuple[str, ...]) -> None:
    """Refuse a URL that no call could be sent to."""
    if not url.startswith(("http://", "https://")):
        raise _Unreadable(f"{what} must start with http:// or https://", path)
    if not url.isascii() or not url.isprintable() or " " in url:
        raise _Unreadable(f"{what} holds a character that no URL has: write it percent-encoded", path)
    try:
        parts = urlsplit(url)
        parse_address(f"{parts.scheme}://{parts.netloc}")
    except ValueError as error:
        raise _Unreadable(f"{what} cannot be called: {error}", path) from error


def _key_value(reader: _Reader, name: str, value: object, path: tuple[str, ...]) -> BoundKey:
    if isinstance(value, dict):
        key = _convert(reader, {"name": name, **value}, BoundKey, path)
    else:
        key = BoundKey(name=name, value=reader.value(value, path))
    if not _MIN_KEY <= len(key.value) <= _MAX_KEY:
        text = f"the value of key {name!r} has {len(key.value)} characters; the vendor takes {_MIN_KEY} to {_MAX_KEY}"
        reader.say(Severity.WARNING, "key-length", text, path)
    if not key.value.isascii() or not key.value.isprintable() or key.value != key.value.strip() or not key.value:
        raise _Unreadable(f"the value of key {name!r} cannot stand in a header", path)
    return key


def _url(reader: _Reader, name: str, value: object, path: tuple[str, ...]) -> str:
    target = reader.value(value, path)
    _check_url(target, f"the URL that {name!r} is bound to", path)
    return target


def _stages(reader: _Reader, name: str, value: object, path: tuple[str, ...]) -> tuple[StageSettings, ...]:
    del name
    api = value if isinstance(value, dict) else {}
    unknown = [key for key in api if key != "stages"]
    if not isinstance(value, dict) or unknown:
        raise _Unreadable(f"[{'.'.join(path)}] holds stages only", (*path, *unknown[:1]))
    if not isinstance(api.get("stages", {}), dict):
        raise _Unreadable(f"[{'.'.join(path)}.stages] must be a table", (*path, "stages"))
    return tuple(
        _stage(reader, stage, given, (*path, "stages", stage)) for stage, given in api.get("stages", {}).items()
    )


def _stage(reader: _Reader, name: str, value: object, path: tuple[str, ...]) -> StageSettings:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,128}", name) is None:
        raise _Unreadable(f"{name!r} cannot be a stage's name: letters, digits, '-' and '_' only", path)
    table = reader.table(value, path, ("variables", "cache", "throttle", "routes"))
    routes = table.pop("routes", {})
    if not isinstance(routes, dict):
        raise _Unreadable(f"[{'.'.join(path)}.routes] must be a table", path)
    settings = {
        route: _convert(reader, given, RouteSettings, (*path, "routes", route)) for route, given in routes.items()
    }
    throttle = table.pop("throttle", None)
    if throttle is not None:
        every = settings.get("*/*", RouteSettings())
        made = _convert(reader, throttle, Throttle, (*path, "throttle"))
        settings["*/*"] = msgspec.structs.replace(every, throttle=made)
    return _convert(reader, {"name": name, **table, "routes": settings}, StageSettings, path)


def _plan(reader: _Reader, name: str, value: object, path: tuple[str, ...]) -> BoundPlan:
    table = reader.table(value, path, ("stages", "keys", "throttle", "quota", "routes"))
    stages = table.pop("stages", [])
    if not isinstance(stages, list) or not all(isinstance(stage, str) and ":" in stage for stage in stages):
        raise _Unreadable(f"the stages of usage plan {name!r} are a list of 'API:STAGE'", (*path, "stages"))
    if "throttle" in table:
        _convert(reader, table["throttle"], Throttle, (*path, "throttle"))
    if "quota" in table:
        _convert(reader, table["quota"], Quota, (*path, "quota"))
    try:
        plan = msgspec.convert({"id": name, "name": name, "keys": (), **table}, UsagePlan)
    except msgspec.ValidationError as error:
        raise _Unreadable(f"[{'.'.join(path)}]: {error}", path) from error
    return BoundPlan(plan=plan, stages=tuple(stages))


_Read = Callable[[_Reader, str, object, tuple[str, ...]], object]

_TABLES: Final[dict[str, tuple[str, _Read]]] = {
    "endpoints": ("endpoints", _endpoint),
    "urls": ("urls", _url),
    "keys": ("keys", _key_value),
    "apis": ("stages", _stages),
    "usage_plans": ("plans", _plan),
}
"""Which table of the file becomes which field of Bindings, and how one of its entries is read."""


def read_bindings(file: Path, environment: Mapping[str, str] = os.environ) -> tuple[Bindings, Findings]:
    """Read a bindings file. What cannot be read is an error with its line and left out; the rest still counts."""
    text = ""
    try:
        text = file.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        place = _place_of(error, file, text)
        found = Finding(severity=Severity.ERROR, code="bindings", text=f"cannot be read: {error}", place=place)
        return Bindings(), (found,)
    reader = _Reader(file, text, environment)
    fields: dict[str, dict[str, object]] = {field: {} for field, _ in _TABLES.values()}
    account: dict[str, Throttle] = {}
    for table, entries in document.items():
        try:
            if table == "account":
                throttle = reader.table(entries, (table,), ("throttle",)).get("throttle", {})
                account["account_throttle"] = _convert(reader, throttle, Throttle, (table, "throttle"))
            elif table in _LATER:
                reader.say(Severity.WARNING, "bindings", f"[{table}] is not served yet and is ignored", (table,))
            elif table not in _TABLES or not isinstance(entries, dict):
                known = [*_TABLES, "account", *_LATER]
                reader.say(Severity.ERROR, "bindings", f"unknown table [{table}]{nearest(table, known)}", (table,))
            else:
                _read_table(reader, table, entries, fields)
        except _Unreadable as error:
            reader.say(Severity.ERROR, "bindings", str(error), error.path)
    bindings = msgspec.convert({**fields, **account}, Bindings)
    _check_references(reader, bindings)
    return bindings, tuple(reader.findings)


def _place_of(error: Exception, file: Path, text: str) -> Place:
    """Give the place that a TOML error names in its text; the last line where it says that the document ended."""
    named = re.search(r"at line (\d+), column (\d+)", str(error))
    if named is not None:
        return Place(file=str(file), line=int(named[1]), column=int(named[2]))
    return Place(file=str(file), line=len(text.splitlines()))


def _read_table(reader: _Reader, table: str, entries: dict[str, object], fields: dict[str, dict[str, object]]) -> None:
    field, read = _TABLES[table]
    for name, value in entries.items():
        try:
            fields[field][name] = read(reader, name, value, (table, name))
        except _Unreadable as error:
            reader.say(Severity.ERROR, "bindings", str(error), error.path)
        except ValueError as error:
            reader.say(Severity.ERROR, "bindings", str(error), (table, name))


def _check_references(reader: _Reader, bindings: Bindings) -> None:
    """Report keys that a plan names and nothing binds, and a key that two plans give the same stage."""
    taken: dict[tuple[str, str], str] = {}
    for name, bound in bindings.plans.items():
        path = ("usage_plans", name)
        for key in bound.plan.keys:
            if key not in bindings.keys:
                text = f"usage plan {name!r} names the key {key!r}{nearest(key, list(bindings.keys))}"
                reader.say(Severity.ERROR, "bindings", text, (*path, "keys"))
            for stage in bound.stages:
                other = taken.setdefault((key, stage), name)
                if other != name:
                    text = f"key {key!r} has the usage plans {other!r} and {name!r} on {stage}; the vendor takes one"
                    reader.say(Severity.ERROR, "bindings", text, (*path, "stages"))
