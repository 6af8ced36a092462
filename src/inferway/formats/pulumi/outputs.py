"""What a resource gives back to the program once it is there."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from inferway.formats.pulumi import naming
from inferway.formats.pulumi.protocol import Message, struct
from inferway.formats.pulumi.sdk import Declaration
from inferway.formats.pulumi.wire import echoed, secret, wired
from inferway.formats.resources import Provisioned

_NOTHING: Final = Provisioned(id="")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A resource as the program declared it: its inputs as they came and as plain JSON."""

    type: str
    name: str
    inputs: Message
    properties: Mapping[str, object]
    secret_outputs: frozenset[str] = frozenset()


def outputs(given: Given, declared: Declaration | None, provisioned: Provisioned | None) -> tuple[str, Message]:
    """Give a resource's id and its outputs as a wire struct.

    An input comes back where the class declares an output of its name, as from the provider: so a program that reads
    `product_id` of an Azure product gets nothing here either. What a dialect gave wins over it. A declared text output
    that nobody knows becomes a placeholder, for without a value whatever depends on it would lose that property.
    """
    known = provisioned or _NOTHING
    made = struct.Struct()
    wires = None if declared is None else {output.wire for output in declared.outputs.values()}
    for key, value in given.inputs.fields.items():
        if wires is None or key in wires:
            made.fields[key].CopyFrom(echoed(value))
    named = naming.stand_in(declared, given.type, given.name, given.properties)
    if "name" in named and "name" not in known.attributes and (wires is None or "name" in wires):
        _put(made, "name", named["name"], ())
    for key, attribute in known.attributes.items():
        _put(made, key, attribute, known.secrets | given.secret_outputs)
    for output in declared.outputs.values() if declared else ():
        if output.is_text and (output.wire not in made.fields or _is_null(made.fields[output.wire])):
            _put(made, output.wire, naming.placeholder(given.name, output.wire), given.secret_outputs)
    return known.id or named["id"], made


def _put(made: Message, key: str, value: object, secrets: Iterable[str]) -> None:
    wire = wired(value)
    made.fields[key].CopyFrom(secret(wire) if key in secrets else wire)


def _is_null(value: Message) -> bool:
    return value.WhichOneof("kind") in {None, "null_value"}
