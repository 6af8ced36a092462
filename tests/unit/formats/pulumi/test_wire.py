from pathlib import Path

from inferway.formats.pulumi.wire import (
    ARCHIVE_SIGNATURE,
    ASSET_SIGNATURE,
    OUTPUT,
    RESOURCE,
    SECRET,
    SIGNATURE,
    UNKNOWN,
    Unwrapped,
    echoed,
    secret,
    wired,
)


def unwrapped(value: object) -> tuple[object, list[tuple[str | int, ...]]]:
    reading = Unwrapped(Path("/program"))
    return reading.plain(wired(value)), reading.secrets


def test_plain_values_come_back_as_they_went() -> None:
    value = {"a": [1, 2.5, "x", True, None, {}], "b": {"c": []}, "n": -3}
    assert unwrapped(value) == (value, [])


def test_secrets_are_unwrapped_and_their_paths_kept() -> None:
    hidden = {SIGNATURE: SECRET, "value": {"deep": "s"}}
    assert unwrapped({"a": [hidden]}) == ({"a": [{"deep": "s"}]}, [("a", 0)])


def test_outputs_are_unwrapped() -> None:
    assert unwrapped({SIGNATURE: OUTPUT, "value": 1, "dependencies": ["urn"]}) == (1, [])
    assert unwrapped({"k": {SIGNATURE: OUTPUT, "value": 1, "secret": True}}) == ({"k": 1}, [("k",)])
    assert unwrapped({SIGNATURE: OUTPUT}) == (None, [])


def test_unknown_values_are_nothing() -> None:
    assert unwrapped([UNKNOWN]) == ([None], [])


def test_a_resource_is_its_id() -> None:
    assert unwrapped({SIGNATURE: RESOURCE, "urn": "urn:x", "id": "i"}) == ("i", [])
    assert unwrapped({SIGNATURE: RESOURCE, "urn": "urn:x", "id": ""}) == ("urn:x", [])


def test_files_have_whole_paths() -> None:
    assert unwrapped({SIGNATURE: ASSET_SIGNATURE, "text": "hello"})[0] == {"pulumi:asset": {"text": "hello"}}
    archive = {SIGNATURE: ARCHIVE_SIGNATURE, "path": "./code"}
    assert unwrapped(archive)[0] == {"pulumi:archive": {"path": "/program/code"}}
    inner = {SIGNATURE: ARCHIVE_SIGNATURE, "assets": {"a.py": {SIGNATURE: ASSET_SIGNATURE, "path": "a.py"}}}
    assert unwrapped(inner)[0] == {"pulumi:archive": {"assets": {"a.py": {"pulumi:asset": {"path": "/program/a.py"}}}}}


def test_an_input_comes_back_without_output_wrappers_but_secret() -> None:
    shown = echoed(wired({"a": {SIGNATURE: OUTPUT, "value": 1}, "b": {SIGNATURE: ASSET_SIGNATURE, "text": "t"}}))
    assert shown == wired({"a": 1, "b": {SIGNATURE: ASSET_SIGNATURE, "text": "t"}})
    assert echoed(wired([{SIGNATURE: OUTPUT, "value": "s", "secret": True}])).list_value.values[0] == secret(wired("s"))


def test_mappings_are_sorted() -> None:
    """resource.PropertyMap.StableKeys of sdk/go/common/resource: what the engine goes by."""
    letters = {letter: {"b": 1, "a": 2} for letter in "hgfedcba"}
    given = Unwrapped(Path("/")).bag(wired(letters).struct_value)
    assert list(given) == list("abcdefgh")
    assert all(list(held) == ["a", "b"] for held in given.values() if isinstance(held, dict))
