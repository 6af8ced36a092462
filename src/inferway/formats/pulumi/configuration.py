"""The configuration of a stack: defaults of the project, settings of the stack, parameters of the operator."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import plain
from inferway.formats.pulumi.passphrase import Passphrase, UnreadableError
from inferway.formats.pulumi.settings import Settings
from inferway.formats.pulumi.stacks import Stack

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}
"""https://www.pulumi.com/docs/iac/concepts/projects/project-file/#config-options"""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """Values by `namespace:key`, as text, JSON where they are structured; `secrets` are the keys of secret ones."""

    values: Mapping[str, str]
    secrets: frozenset[str]


def configure(
    name: str, stack: Stack, project: Settings | None, parameters: Mapping[str, str]
) -> tuple[Configuration, Findings]:
    """Give the configuration of the project `name`: parameters win over the stack's settings, those over defaults."""
    given = {qualified(name, key): value for key, value in parameters.items()}
    reading = _Reading(name, stack, frozenset(given))
    if project is not None:
        reading.declare(project)
    if stack.settings is not None:
        reading.settle(stack.settings)
    reading.close()
    values = {**reading.values, **given}
    return Configuration(values=values, secrets=frozenset(reading.secrets & set(values))), tuple(reading.findings)


def qualified(project: str, key: str) -> str:
    """Give a key with its namespace, which is the project's where it has none."""
    return key if ":" in key else f"{project}:{key}"


class _Reading:
    def __init__(self, name: str, stack: Stack, given: frozenset[str]) -> None:
        self.values: dict[str, str] = {}
        self.secrets: set[str] = set()
        self.findings: list[Finding] = []
        self._name = name
        self._stack = stack
        self._given = given
        self._types: dict[str, str] = {}
        self._wanting: dict[str, Place] = {}

    def declare(self, project: Settings) -> None:
        """Take the project's own declarations: a type, a default, a value for another namespace, or a bare default."""
        for key, entry in project.entries("config").items():
            held, whole = plain(entry.value), qualified(self._name, key)
            place = project.place("config", key)
            declared = held if isinstance(held, dict) and held.keys() & {"type", "default", "value", "secret"} else None
            if declared is None:
                self._put(whole, held, place)
                continue
            if declared.get("secret") is True:
                self.secrets.add(whole)
            kind = declared.get("type")
            if isinstance(kind, str) and kind in _TYPES:
                self._types[whole] = kind
            value = next((declared[each] for each in ("default", "value") if each in declared), None)
            if value is None and "type" in declared:
                self._wanting[whole] = place
            self._put(whole, value, place)

    def settle(self, settings: Settings) -> None:
        """Take the stack's settings."""
        passphrase = Passphrase.of(settings.get("encryptionsalt"))
        for key, entry in settings.entries("config").items():
            whole, place = qualified(self._name, key), settings.place("config", key)
            held = plain(entry.value)
            if any(True for _ in _secured(held)):
                self.secrets.add(whole)
                if whole in self._given:
                    continue
                try:
                    held = _revealed(held, passphrase)
                except UnreadableError as error:
                    self._wanting.pop(whole, None)
                    text = f"{key} is encrypted, and {error}; or give it as a parameter"
                    self._error("encrypted-configuration", text, place)
                    continue
            self._put(whole, held, place)
        if settings.get("environment") is not None:
            text = "environments of Pulumi ESC are not read; give their values as parameters"
            where = settings.place("environment")
            found = Finding(severity=Severity.WARNING, code="environment-not-read", text=text, place=where)
            self.findings.append(found)

    def close(self) -> None:
        """Tell of what is declared without a default and was not given."""
        for key, place in self._wanting.items():
            if key not in self.values and key not in self._given:
                told = key.removeprefix(f"{self._name}:")
                text = (
                    f"the configuration {told} is declared without a default; set it in Pulumi.{self._stack.name}.yaml"
                )
                self._error("missing-configuration", f"{text}, or as a parameter", place)

    def _put(self, key: str, value: object, place: Place) -> None:
        if value is None:
            return
        kind = self._types.get(key)
        if kind is not None and not _fits(value, kind):
            self._error("wrong-type", f"{key.partition(':')[2]} must be of type {kind}", place)
        self.values[key] = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))

    def _error(self, code: str, text: str, place: Place) -> None:
        self.findings.append(Finding(severity=Severity.ERROR, code=code, text=text, place=place))


def _fits(value: object, kind: str) -> bool:
    """Whether a value is of a type, or a text that says one; the file's spelling counts as little as in Pulumi."""
    if isinstance(value, str) and kind in {"integer", "boolean"}:
        try:
            value = json.loads(value.lower())
        except ValueError:
            return False
    if kind == "string":
        return not isinstance(value, (list, dict))
    if kind == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, _TYPES[kind])


def _secured(value: object) -> Iterator[str]:
    """Give the encrypted texts in a value."""
    if isinstance(value, dict):
        if value.keys() == {"secure"} and isinstance(value["secure"], str):
            yield value["secure"]
            return
        for held in value.values():
            yield from _secured(held)
    elif isinstance(value, list):
        for held in value:
            yield from _secured(held)


def _revealed(value: object, passphrase: Passphrase) -> object:
    """Give a value with its encrypted texts decrypted; raises UnreadableError."""
    if isinstance(value, dict):
        if value.keys() == {"secure"} and isinstance(value["secure"], str):
            return passphrase.reveal(value["secure"])
        return {key: _revealed(held, passphrase) for key, held in value.items()}
    if isinstance(value, list):
        return [_revealed(held, passphrase) for held in value]
    return value
