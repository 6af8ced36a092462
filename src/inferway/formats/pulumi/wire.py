"""Pulumi's wire values to plain JSON and back.

Special objects carry a signature under the key `4dabf181…`; the numbers are fixed in
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from inferway.formats.presence import resolved
from inferway.formats.pulumi.protocol import Message, struct
from inferway.formats.resources import ARCHIVE, ASSET

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a type's number, no password
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET_SIGNATURE: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Step = str | int


class Unwrapped:
    """Reads one wire value; notes the paths of secrets. Relative paths of assets are taken from `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.secrets: list[tuple[Step, ...]] = []

    def bag(self, value: Message) -> dict[str, object]:
        """Give a property bag as plain JSON, sorted by its keys as the engine does: the wire has no order."""
        return {key: self.plain(field, (key,)) for key, field in sorted(value.fields.items(), key=_key)}

    def plain(self, value: Message, path: tuple[Step, ...] = ()) -> object:
        """Give a value as plain JSON: secrets and outputs unwrapped, a resource as its id, an unknown one as null."""
        kind = value.WhichOneof("kind")
        if kind == "struct_value":
            return self._object(value.struct_value.fields, path)
        if kind == "list_value":
            return [self.plain(item, (*path, index)) for index, item in enumerate(value.list_value.values)]
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        if kind == "string_value":
            return None if value.string_value == UNKNOWN else value.string_value
        return value.bool_value if kind == "bool_value" else None

    def _object(self, fields: Mapping[str, Message], path: tuple[Step, ...]) -> object:
        signature = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
        if signature in {SECRET, OUTPUT}:
            if signature == SECRET or ("secret" in fields and fields["secret"].bool_value):
                self.secrets.append(path)
            return self.plain(fields["value"], path) if "value" in fields else None
        if signature == RESOURCE:
            held = self.plain(fields["id"], path) if "id" in fields else None
            return held or fields["urn"].string_value
        if signature == ASSET_SIGNATURE:
            return {ASSET: self._file(fields)}
        if signature == ARCHIVE_SIGNATURE:
            return {ARCHIVE: self._file(fields)}
        return {key: self.plain(field, (*path, key)) for key, field in sorted(fields.items(), key=_key)}

    def _file(self, fields: Mapping[str, Message]) -> dict[str, object]:
        made: dict[str, object] = {}
        if fields["path"].string_value if "path" in fields else "":
            made["path"] = str(resolved(self._folder / fields["path"].string_value))
        uri = fields["uri"].string_value if "uri" in fields else ""
        if uri.startswith("file://") and "path" not in made:
            return {"path": unquote(urlsplit(uri).path)}
        for key in ("text", "uri"):
            if key in fields and fields[key].string_value:
                made[key] = fields[key].string_value
        if "assets" in fields:
            made["assets"] = self.plain(fields["assets"])
        return made


def _key(item: tuple[str, Message]) -> str:
    return item[0]


def echoed(value: Message) -> Message:
    """Give an input as it comes back as an output: secrets and assets stay, Output wrappers go, a resource is its id.

    Pulumi gives a provider that takes no references the id, and so that is in the outputs
    (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go, KeepResources).
    """
    made = struct.Value()
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields and fields[SIGNATURE].string_value == RESOURCE:
            identifier = echoed(fields["id"]) if "id" in fields else made
            return identifier if identifier.string_value else struct.Value(string_value=fields["urn"].string_value)
        if SIGNATURE in fields and fields[SIGNATURE].string_value == OUTPUT:
            inner = echoed(fields["value"]) if "value" in fields else struct.Value(null_value=struct.NULL_VALUE)
            return secret(inner) if "secret" in fields and fields["secret"].bool_value else inner
        made.struct_value.SetInParent()
        for key, field in fields.items():
            made.struct_value.fields[key].CopyFrom(echoed(field))
    elif kind == "list_value":
        made.list_value.SetInParent()
        made.list_value.values.extend(echoed(item) for item in value.list_value.values)
    else:
        made.CopyFrom(value)
    return made


def wired(value: object) -> Message:
    """Give plain JSON as a wire value."""
    made = struct.Value()
    if isinstance(value, Mapping):
        made.struct_value.SetInParent()
        for key, held in value.items():
            made.struct_value.fields[str(key)].CopyFrom(wired(held))
    elif isinstance(value, (list, tuple)):
        made.list_value.SetInParent()
        made.list_value.values.extend(wired(item) for item in value)
    elif isinstance(value, bool):
        made.bool_value = value
    elif isinstance(value, (int, float)):
        made.number_value = value
    elif value is None:
        made.null_value = struct.NULL_VALUE
    else:
        made.string_value = str(value)
    return made


def secret(value: Message) -> Message:
    """Wrap a wire value as a secret."""
    made = struct.Value()
    made.struct_value.fields[SIGNATURE].string_value = SECRET
    made.struct_value.fields["value"].CopyFrom(value)
    return made
