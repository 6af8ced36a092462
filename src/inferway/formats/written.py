"""Plain JSON data as the text of a document, in JSON or YAML."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import yaml

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_/$][A-Za-z0-9_./{}+$-]*")


def json_text(value: object) -> str:
    """Give indented JSON with a line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def yaml_text(value: object) -> str:
    """Give YAML that means the same in its versions 1.1 and 1.2: texts in quotes, no aliases, no folded lines."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


class _Dumper(yaml.SafeDumper):
    """Quotes every text but keys that are words."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the library's form
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')


def _table(dumper: yaml.SafeDumper, value: Mapping[str, Any]) -> yaml.MappingNode:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", value.items())
    for key, _ in node.value:
        if _PLAIN_KEY.fullmatch(key.value):
            key.style = None  # the library quotes it all the same where it would be read as something else
    return node


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _table)
