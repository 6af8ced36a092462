"""Reads the alarms of the bindings file."""

import msgspec

from inferway.app.toml_reader import TomlReader, Unreadable
from inferway.definition.canary import RolloutRule

_KEYS = ("errors", "latency", "percentile", "requests")


def read_alarm(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> RolloutRule:
    """Read `[alarms.NAME]`: a rule of a release, of which only what breaks it counts. Raises Unreadable."""
    table = reader.table(value, path, _KEYS)
    try:
        return msgspec.convert(table, RolloutRule)
    except msgspec.ValidationError as error:
        raise Unreadable(f"the alarm {name!r}: {error}", path) from error
