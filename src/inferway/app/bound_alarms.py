"""Reads the alarms of the bindings file."""

from inferway.app.toml_reader import TomlReader, as_struct
from inferway.definition.canary import RolloutRule

_KEYS = ("errors", "latency", "percentile", "requests")


def read_alarm(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> RolloutRule:
    """Read `[alarms.NAME]`: a rule of a release, of which only what breaks it counts. Raises Unreadable."""
    del name
    return as_struct(reader.table(value, path, _KEYS), RolloutRule, path)
