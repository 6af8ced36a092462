"""Reads `inferway.toml` into Bindings, with findings for what it cannot mean."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.app.bound_alarms import read_alarm
from inferway.app.bound_canary import read_canary
from inferway.app.bound_certificates import read_certificate
from inferway.app.bound_compute import read_function, read_stack_reference, read_storage, read_table, read_training
from inferway.app.bound_endpoints import check_url, read_endpoint, read_model
from inferway.app.bound_identity import read_identity
from inferway.app.bound_issuers import read_issuer
from inferway.app.bound_tracing import TABLE as TRACING
from inferway.app.bound_tracing import read_tracing
from inferway.app.firewall import read_front, read_geo, read_log
from inferway.app.local_identity import SERVICES
from inferway.app.log_files import log_file
from inferway.app.toml_reader import TomlReader, Unreadable, as_struct, convert, nearest
from inferway.definition.bindings import Bindings, BoundKey, BoundPlan
from inferway.definition.stage import Quota, RouteSettings, StageSettings, Throttle
from inferway.definition.usage import UsagePlan
from inferway.faults import Finding, Findings, Place, Severity

NAME: Final = "inferway.toml"

_MIN_KEY, _MAX_KEY = 20, 128


def _key_value(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundKey:
    if isinstance(value, dict):
        key = convert(reader, {"name": name, **value}, BoundKey, path)
    else:
        key = BoundKey(name=name, value=reader.value(value, path))
    if not _MIN_KEY <= len(key.value) <= _MAX_KEY:
        text = f"the value of key {name!r} has {len(key.value)} characters; the vendor takes {_MIN_KEY} to {_MAX_KEY}"
        reader.say(Severity.WARNING, "key-length", text, path)
    if not key.value.isascii() or not key.value.isprintable() or key.value != key.value.strip() or not key.value:
        raise Unreadable(f"the value of key {name!r} cannot stand in a header", path)
    return key


def _url(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> str:
    target = reader.value(value, path)
    kind, _, service = target.partition(":")
    if kind == "endpoint" and service:
        return target
    if kind == "control":
        if service not in SERVICES:
            raise Unreadable(f"the control plane has no {service!r}{nearest(service, SERVICES)}", path)
        return target
    check_url(target, f"the URL that {name!r} is bound to", path)
    return target


def _stages(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> tuple[StageSettings, ...]:
    del name
    api = value if isinstance(value, dict) else {}
    unknown = [key for key in api if key != "stages"]
    if not isinstance(value, dict) or unknown:
        raise Unreadable(f"[{'.'.join(path)}] holds stages only", (*path, *unknown[:1]))
    if not isinstance(api.get("stages", {}), dict):
        raise Unreadable(f"[{'.'.join(path)}.stages] must be a table", (*path, "stages"))
    return tuple(
        _stage(reader, stage, given, (*path, "stages", stage)) for stage, given in api.get("stages", {}).items()
    )


_STAGE_KEYS: Final = (
    "variables",
    "cache",
    "throttle",
    "routes",
    "canary",
    "access_log",
    "access_log_format",
    "tracing",
    "vpc",
    "vpc_endpoint",
    "client_certificate",
    "web_acl",
)


def _stage(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> StageSettings:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,128}", name) is None:
        raise Unreadable(f"{name!r} cannot be a stage's name: letters, digits, '-' and '_' only", path)
    table = reader.table(value, path, _STAGE_KEYS)
    routes = table.pop("routes", {})
    if "access_log" in table:
        table["access_log"] = log_file(reader, table["access_log"], (*path, "access_log"))
    if "canary" in table:
        table["canary"] = read_canary(reader, table["canary"], (*path, "canary"))
    if not isinstance(routes, dict):
        raise Unreadable(f"[{'.'.join(path)}.routes] must be a table", path)
    settings = {
        route: convert(reader, given, RouteSettings, (*path, "routes", route)) for route, given in routes.items()
    }
    if "web_acl" in table:
        table["front"] = read_front(reader, table.pop("web_acl"), (*path, "web_acl"))
    throttle = table.pop("throttle", None)
    if throttle is not None:
        every = settings.get("*/*", RouteSettings())
        made = convert(reader, throttle, Throttle, (*path, "throttle"))
        settings["*/*"] = msgspec.structs.replace(every, throttle=made)
    return convert(reader, {"name": name, **table, "routes": settings}, StageSettings, path)


def _plan(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundPlan:
    table = reader.table(value, path, ("stages", "keys", "throttle", "quota", "routes"))
    stages = table.pop("stages", [])
    if not isinstance(stages, list) or not all(isinstance(stage, str) and ":" in stage for stage in stages):
        raise Unreadable(f"the stages of usage plan {name!r} are a list of 'API:STAGE'", (*path, "stages"))
    if "throttle" in table:
        convert(reader, table["throttle"], Throttle, (*path, "throttle"))
    if "quota" in table:
        convert(reader, table["quota"], Quota, (*path, "quota"))
    plan = as_struct({"id": name, "name": name, "keys": (), **table}, UsagePlan, path)
    return BoundPlan(plan=plan, stages=tuple(stages))


def _parameter(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> str:
    del name
    return str(value).lower() if isinstance(value, bool) else reader.value(_text(value), path)


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


def _folder(reader: TomlReader, key: str, value: object) -> str | tuple[str, ...]:
    given = reader.resolve(value, (key,))
    many = key == "projects"
    items = given if isinstance(given, list) else [given]
    if isinstance(given, list) is not many or not all(isinstance(item, str) for item in items):
        raise Unreadable(f"{key} must be {'a list of folders' if many else 'the path of a folder'}", (key,))
    paths = [str((reader.file.parent / str(item)).resolve()) for item in items]
    for item in paths:
        if key != "state" and not Path(item).exists():
            raise Unreadable(f"{key}: there is no {item}", (key,))
    return tuple(paths) if many else paths[0]


def _event_streams(reader: TomlReader, value: object) -> tuple[str, ...]:
    key = "event_streams"
    given = reader.resolve(value, (key,))
    if not isinstance(given, list) or not all(isinstance(url, str) for url in given):
        raise Unreadable(f"{key} must be a list of URLs", (key,))
    for url in given:
        check_url(str(url), f"{url!r} in {key}", (key,))
    return tuple(str(url) for url in given)


_Read = Callable[[TomlReader, str, object, tuple[str, ...]], object]

_TABLES: Final[dict[str, tuple[str, _Read]]] = {
    "endpoints": ("endpoints", read_endpoint),
    "models": ("models", read_model),
    "urls": ("urls", _url),
    "keys": ("keys", _key_value),
    "apis": ("stages", _stages),
    "usage_plans": ("plans", _plan),
    "identities": ("identities", read_identity),
    "issuers": ("issuers", read_issuer),
    "functions": ("functions", read_function),
    "tables": ("tables", read_table),
    "training": ("training", read_training),
    "alarms": ("alarms", read_alarm),
    "storage": ("storage", read_storage),
    "client_certificates": ("client_certificates", read_certificate),
    "parameters": ("parameters", _parameter),
    "stack_references": ("stack_references", read_stack_reference),
}
"""Which table of the file becomes which field of Bindings, and how one of its entries is read."""

_FOLDERS: Final = ("projects", "site", "state")
"""Keys outside any table: paths of folders, relative to the file; `projects` is a list of them."""

_FIREWALL: Final = {"geo": read_geo, "waf": read_log}
"""Tables of what web ACLs work with."""


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
    reader = TomlReader(file, text, environment)
    fields: dict[str, dict[str, object]] = {field: {} for field, _ in _TABLES.values()}
    others: dict[str, object] = {}
    firewall: dict[str, str] = {}
    for table, entries in document.items():
        try:
            if table == "account":
                throttle = reader.table(entries, (table,), ("throttle",)).get("throttle", {})
                others["account_throttle"] = convert(reader, throttle, Throttle, (table, "throttle"))
            elif table == TRACING:
                others[table] = read_tracing(reader, entries)
            elif table in _FIREWALL:
                firewall |= _FIREWALL[table](reader, entries)
            elif table in _FOLDERS:
                others[table] = _folder(reader, table, entries)
            elif table == "event_streams":
                others[table] = _event_streams(reader, entries)
            elif table not in _TABLES or not isinstance(entries, dict):
                known = [*_TABLES, "account", "event_streams", TRACING, *_FIREWALL, *_FOLDERS]
                reader.say(Severity.ERROR, "bindings", f"unknown table [{table}]{nearest(table, known)}", (table,))
            else:
                _read_table(reader, table, entries, fields)
        except Unreadable as error:
            reader.say(Severity.ERROR, "bindings", str(error), error.path)
    bindings = msgspec.convert({**fields, "firewall": firewall, **others}, Bindings)
    _check_references(reader, bindings)
    _check_access_keys(reader, bindings)
    _check_issuers(reader, bindings)
    return bindings, tuple(reader.findings)


def _place_of(error: Exception, file: Path, text: str) -> Place:
    """Give the place that a TOML error names in its text; the last line where it says that the document ended."""
    named = re.search(r"at line (\d+), column (\d+)", str(error))
    if named is not None:
        return Place(file=str(file), line=int(named[1]), column=int(named[2]))
    return Place(file=str(file), line=len(text.splitlines()))


def _read_table(
    reader: TomlReader, table: str, entries: dict[str, object], fields: dict[str, dict[str, object]]
) -> None:
    field, read = _TABLES[table]
    for name, value in entries.items():
        try:
            fields[field][name] = read(reader, name, value, (table, name))
        except Unreadable as error:
            reader.say(Severity.ERROR, "bindings", str(error), error.path)
        except ValueError as error:
            reader.say(Severity.ERROR, "bindings", str(error), (table, name))


def _check_references(reader: TomlReader, bindings: Bindings) -> None:
    """Report endpoints and keys that are named and nothing binds, and a key that two plans give the same stage."""
    for url, target in bindings.urls.items():
        kind, _, place = target.partition(":")
        name = place.partition("/")[0]
        if kind == "endpoint" and name not in bindings.endpoints:
            text = f"{url!r} is bound to the endpoint {name!r}{nearest(name, list(bindings.endpoints))}"
            reader.say(Severity.ERROR, "bindings", text, ("urls", url))
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


def _check_access_keys(reader: TomlReader, bindings: Bindings) -> None:
    """Report an access key that two identities have, since a signature could not tell them apart."""
    owners: dict[str, str] = {}
    for name, identity in bindings.identities.items():
        other = owners.setdefault(identity.access_key, name)
        if other != name:
            text = f"identities {other!r} and {name!r} have the same access key"
            reader.say(Severity.ERROR, "bindings", text, ("identities", name, "access_key"))


def _check_issuers(reader: TomlReader, bindings: Bindings) -> None:
    """Report an issuer that is bound twice, as a user pool under its ARN and its ID."""
    owners: dict[str, str] = {}
    for name, issuer in bindings.issuers.items():
        other = owners.setdefault(issuer.name, name)
        if other != name:
            text = f"issuers {other!r} and {name!r} are the same, {issuer.name}"
            reader.say(Severity.ERROR, "bindings", text, ("issuers", name))
