"""Whatever stands in a file, reading it gives definitions and findings, and raises nothing."""

import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.convert import load
from inferway.definition.check import check
from inferway.definition.codec import decode, encode
from inferway.dialects.apigateway.reader import read as read_api
from inferway.faults import Findings
from inferway.formats import openapi
from inferway.formats.document import parse_document
from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import SyntaxFault, plain
from inferway.formats.yaml_tree import parse_yaml

SOURCES = sorted((Path(__file__).parents[1] / "golden" / "apigateway" / "sources").iterdir())
VALID = {path.name: plain(parse_document(path.read_text("utf-8"))) for path in SOURCES}

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "#/components/schemas/Rating",
            "#/paths/~1ratings",
            "#",
            "method.request.path.user_id",
            "$input.json('$",
            "'x'",
            "aws_proxy",
            "AWS",
            "/{proxy+}",
            "(a+)+",
            "200",
            "default",
        ]
    ),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(1 - 10**18, 10**18 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))


def outcome(path: Path) -> Findings:
    conversion = load(path)
    for definition in conversion.definitions:
        check(definition)
        assert decode(encode(definition)) == definition
    for finding in conversion.findings:
        assert finding.place.file == str(path)
        assert finding.place.line >= 0
    places = [(finding.place.line, finding.place.column) for finding in conversion.findings]
    assert places == sorted(places)
    return conversion.findings


def spots(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give the paths of all values in a document."""
    found = [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        found += spots(part, (*path, key))
    return found


@pytest.mark.parametrize("name", list(VALID))
@given(data=st.data())
@FEW
def test_a_document_with_any_part_replaced_or_gone_is_read(tmp_path: Path, name: str, data: st.DataObject) -> None:
    document: Any = copy.deepcopy(VALID[name])
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(spots(document)[1:] or [("x",)]))
        holder: Any = document
        for step in parents:
            holder = holder[step]
        if last == "x":
            break
        if data.draw(st.booleans()):
            holder[last] = data.draw(VALUES)
        else:
            del holder[last]
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), "utf-8")
    outcome(path)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
@given(data=st.data())
@FEW
def test_a_document_with_any_characters_changed_is_read(tmp_path: Path, path: Path, data: st.DataObject) -> None:
    text = path.read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        put = data.draw(st.text(max_size=3) | st.sampled_from(["&a ", "*a", "<<: ", "\t", "|", "- ", "\x00", "\ufeff"]))
        text = text[:at] + put + text[at + data.draw(st.integers(0, 5)) :]
    changed = tmp_path / f"openapi{path.suffix}"
    changed.write_bytes(text.encode("utf-8", "surrogatepass"))
    outcome(changed)


@given(text=st.text(alphabet="{}[]:,-&*|>!?#'\"\\ \n\tab1.~<%@`", max_size=60))
@FEW
def test_any_text_is_a_document_or_a_syntax_fault(text: str) -> None:
    for parse in (parse_yaml, parse_json, parse_document):
        with suppress(SyntaxFault):
            plain(parse(text))


@given(value=VALUES)
@FEW
def test_json_is_read_as_python_reads_it(value: object) -> None:
    text = json.dumps(value, allow_nan=False)
    assert plain(parse_json(text)) == json.loads(text)


@given(value=VALUES)
@FEW
def test_yaml_reads_what_is_written_with_every_text_quoted(value: object) -> None:
    text = yaml.safe_dump(value, default_style='"', allow_unicode=True)
    assert json.dumps(plain(parse_yaml(text)), sort_keys=True) == json.dumps(value, sort_keys=True)


@given(value=st.dictionaries(TEXTS, VALUES, max_size=4))
@FEW
def test_any_mapping_with_a_version_is_read(tmp_path: Path, value: dict[str, object]) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"openapi": "3.0.1", **value}), "utf-8")
    graph, _ = openapi.read(path)
    read_api(graph)
