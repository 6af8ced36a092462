"""What a resource gives back; the rules are those of Pulumi's providers (see the module)."""

import re
from collections.abc import Mapping
from pathlib import Path

from inferway.formats.pulumi.outputs import Given, outputs
from inferway.formats.pulumi.sdk import Declaration, DeclaredOutput, Input, Kind
from inferway.formats.pulumi.wire import SECRET, SIGNATURE, Unwrapped, wired
from inferway.formats.resources import Provisioned


def declaration(inputs: Mapping[str, bool], *names: str) -> Declaration:
    """Declare inputs, required or not, and text outputs; `number` is one that is no text."""
    return Declaration(
        name="Thing",
        module="pulumi_x",
        kind=Kind.RESOURCE,
        inputs={name: Input(name=name, wire=name, required=needed, types=()) for name, needed in inputs.items()},
        outputs={name: DeclaredOutput(name=name, wire=name, is_text=name != "number", summary="") for name in names},
    )


def given(token: str, properties: Mapping[str, object], secret_outputs: frozenset[str] = frozenset()) -> Given:
    inputs = wired(properties).struct_value
    return Given(type=token, name="x", inputs=inputs, properties=properties, secret_outputs=secret_outputs)


def plain(thing: Given, declared: Declaration | None, provisioned: Provisioned | None = None) -> tuple[str, object]:
    made_id, made = outputs(thing, declared, provisioned)
    return made_id, Unwrapped(Path("/")).bag(made)


def test_what_a_dialect_gives_wins_over_input_and_stand_in() -> None:
    declared = declaration({"size": False}, "size", "arn", "number")
    provisioned = Provisioned(id="i-1", attributes={"size": "L", "number": 4})
    assert plain(given("aws:a/b:C", {"size": "S"}), declared, provisioned) == (
        "i-1",
        {"size": "L", "number": 4, "arn": "local::x::arn"},
    )


def test_an_input_that_is_no_output_does_not_come_back() -> None:
    declared = declaration({"productId": False, "displayName": True}, "name", "displayName")
    thing = given("azure-native:apimanagement:Product", {"productId": "p", "displayName": "D"})
    made_id, made = plain(thing, declared)
    assert made == {"displayName": "D", "name": "p"}
    assert made_id.endswith("/p")


def test_every_input_of_an_unknown_class_comes_back() -> None:
    assert plain(given("other:a:B", {"a": [1], "name": "n"}), None) == ("n", {"a": [1], "name": "n"})


def test_names_are_made_up_as_pulumi_does() -> None:
    _, made = plain(given("aws:a/b:C", {}), declaration({"name": False}, "name"))
    assert isinstance(made, dict)
    assert re.fullmatch(r"x-[0-9a-f]{7}", made["name"])
    _, azure = plain(given("azure-native:a:B", {}), declaration({"bName": False}, "name"))
    assert isinstance(azure, dict)
    assert re.fullmatch(r"x[0-9a-f]{8}", azure["name"])


def test_an_azure_resource_is_named_by_the_last_part_of_its_path() -> None:
    declared = declaration(
        {"resourceGroupName": True, "serviceName": True, "apiId": True, "operationId": False}, "name"
    )
    properties = {"resourceGroupName": "g", "serviceName": "s", "apiId": "a", "operationId": "o"}
    made_id, made = plain(given("azure-native:apimanagement:ApiOperation", properties), declared)
    assert made == {"name": "o"}
    assert made_id.startswith("/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/")


def test_secret_outputs_are_wrapped() -> None:
    thing = given("aws:a/b:C", {}, frozenset({"key"}))
    provisioned = Provisioned(id="i", attributes={"token": "t"}, secrets=frozenset({"token"}))
    _, made = outputs(thing, declaration({}, "key", "token", "arn"), provisioned)
    marked = {key for key, value in made.fields.items() if value.struct_value.fields.get(SIGNATURE)}
    assert marked == {"key", "token"}
    assert made.fields["key"].struct_value.fields[SIGNATURE].string_value == SECRET
