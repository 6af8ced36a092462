"""Reads what the bindings say of a stage's canary release."""

import msgspec

from inferway.app.toml_reader import TomlReader, Unreadable, as_struct
from inferway.definition.canary import Canary, RolloutRule

_KEYS = ("percent", "variables", "use_stage_cache", "definition", "rule")


def read_canary(reader: TomlReader, value: object, path: tuple[str, ...]) -> Canary:
    """Read `[apis.NAME.stages.STAGE.canary]`; `definition` is a path relative to the file. Raises Unreadable."""
    table = reader.table(value, path, _KEYS)
    rule = table.get("rule")
    if rule is not None:
        reader.table(rule, (*path, "rule"), tuple(field.name for field in msgspec.structs.fields(RolloutRule)))
    definition = table.get("definition")
    if isinstance(definition, str):
        file = (reader.file.parent / definition).resolve()
        if not file.exists():
            raise Unreadable(f"{'.'.join(path)}: there is no {definition}", (*path, "definition"))
        table["definition"] = str(file)
    return as_struct(table, Canary, path)
