"""Expected values: RFC 6901 and the OpenAPI Specification's Reference Object."""

import pytest

from inferway.faults import Place
from inferway.formats.nodes import DEPTH, NodePlaces, SyntaxFault, included, plain
from inferway.formats.references import pointed, resolve_references
from inferway.formats.yaml_tree import parse_yaml


def resolved(text: str) -> tuple[object, list[tuple[str, int]]]:
    root, findings = resolve_references(parse_yaml(text), "f")
    return plain(root), [(finding.code, finding.place.line) for finding in findings]


def test_a_reference_becomes_what_it_names_through_further_references() -> None:
    text = "a: {$ref: '#/b'}\nb: {$ref: '#/c/0'}\nc: [{x: 1}]\n"
    assert resolved(text) == ({"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}]}, [])


def test_a_pointer_is_unescaped() -> None:
    text = "paths: {/a~b/c d: {x: 1}}\nr: {$ref: '#/paths/~1a~0b~1c%20d'}\n"
    value, findings = resolved(text)
    assert isinstance(value, dict)
    assert (value["r"], findings) == ({"x": 1}, [])


@pytest.mark.parametrize("schema", ["#/components/schemas/A", "#/definitions/A"])
def test_a_reference_to_a_schema_stays_and_may_be_recursive(schema: str) -> None:
    holder = schema.split("/")[1:-1]
    text = (
        f"r: {{$ref: '{schema}'}}\n" + ": {".join([*holder, f"A: {{items: {{$ref: '{schema}'}}}}"]) + "}" * len(holder)
    )
    value, findings = resolved(text)
    assert isinstance(value, dict)
    assert (value["r"], findings) == ({"$ref": schema}, [])


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a:\n  $ref: '#/none'", "dangling-reference", 2),
        ("a:\n  $ref: '#/definitions/None'", "dangling-reference", 2),
        ("a:\n  $ref: 'other.yaml#/x'", "external-reference", 2),
        ("a:\n  $ref: https://example.com/x.json", "external-reference", 2),
        ("a: {b: {$ref: '#/a'}}", "circular-reference", 1),
        ("a: {$ref: '#/b'}\nb: {$ref: '#/a'}", "circular-reference", 1),
        ("a: {$ref: '#/a'}", "circular-reference", 1),
        ("a: {$ref: '#/b', x: 1}\nb: {}", "beside-reference", 1),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(text: str, code: str, line: int) -> None:
    _, findings = resolved(text)
    assert (code, line) in findings


def test_a_reference_in_an_example_is_data() -> None:
    text = "example: {$ref: nowhere}\nenum: [{$ref: nowhere}]\nproperties: {$ref: {type: string}}\n"
    value, findings = resolved(text)
    assert findings == []
    assert value == plain(parse_yaml(text))


def test_references_may_not_grow_a_document_without_end() -> None:
    lines = ["a0: {x: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}"]
    for n in range(1, 12):
        references = ", ".join([f"{{$ref: '#/a{n - 1}'}}"] * 10)
        lines.append(f"a{n}: {{x: [{references}]}}")
    with pytest.raises(SyntaxFault) as caught:
        resolved("\n".join(reversed(lines)))
    assert caught.value.code == "too-many-values"


def test_references_may_not_nest_a_document_without_end() -> None:
    lines = [f"a{n}: {{x: {{$ref: '#/a{n + 1}'}}}}" for n in range(10 * DEPTH)] + [f"a{10 * DEPTH}: {{}}"]
    with pytest.raises(SyntaxFault) as caught:
        resolved("\n".join(lines))
    assert caught.value.code == "too-deep"


@pytest.mark.parametrize("pointer", ["#/a/9", "#/a/x", "#/a/0/b", "#/b", "a", "#/a/-1", "#/a/\u0663"])
def test_nothing_is_pointed_at(pointer: str) -> None:
    assert pointed(parse_yaml("a: [1]"), pointer) is None


def test_a_reference_keeps_the_file_that_it_was_included_from() -> None:
    root, findings = resolve_references(
        included(parse_yaml("a: {$ref: '#/b'}\nb: {x: 1}\nc: {$ref: '#/d'}\n"), "other"), "own"
    )
    assert NodePlaces("own", root).find("a", "x") == Place(file="other", line=2, column=8)
    assert [finding.place.file for finding in findings] == ["other"]
