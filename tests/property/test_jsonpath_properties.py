"""A path compiles and reads, or raises JsonPathError, whatever the path and the document."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.languages.jsonpath import JsonPathError, PathNotFound, compile_path, json_text, parse_json
from inferway.languages.jsonpath.parser import parse
from inferway.languages.jsonpath.steps import read_document, reader

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
NAMES = st.sampled_from(["a", "b", "c", "length", ""])
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=20
)
PARTS = [
    ".a",
    ".b",
    "['c']",
    '["a"]',
    "['a','b']",
    "[0]",
    "[-1]",
    "[0,1]",
    "[1:]",
    "[:-1]",
    "[0:2]",
    ".*",
    "[*]",
    "..a",
    "..*",
    "..[0]",
    ".length()",
    ".sum()",
    ".keys()",
    ".first()",
    ".index(1)",
    ".concat($.a)",
    ".max($..a)",
    "..[?(@.a)]",
    "[?(@.a)]",
    "[?(!@.b)]",
    "[?(@>1)]",
    "[?(@.a=='x'||@.b!=null)]",
    "[?(@=~/a.*/i)]",
    "[?(@.a==$.a)]",
    "[?(@.a<$.b)]",
    "[?(@==@)]",
    "[?(!(@.a>=1))]",
]
FILTERS = ["@.a in [1,'x']", "@.a nin $.b", "@.a contains 1", "@.a subsetof $.b", "@.a size 1 && @.b empty false"]
STEPS = st.sampled_from([*PARTS, *(f"[?({condition})]" for condition in FILTERS)])
PIECES = st.sampled_from(
    [*"$@.[]()'\"*?,:=!<>&|~/\\- 019abnt", "..", "[?(@", ")]", "&&", " in ", "null", "=~", ".sum(", "$."]
)


@given(st.lists(STEPS, max_size=6).map(lambda steps: "$" + "".join(steps)), DOCUMENTS)
@settings(max_examples=500)
def test_well_formed_paths_read_or_raise_the_languages_error(path: str, document: object) -> None:
    before = json.dumps(document)
    try:
        compiled = compile_path(path)
        result = compiled.read(document)
    except JsonPathError:
        return
    finally:
        assert json.dumps(document) == before
    if not compiled.definite:
        assert isinstance(result, list)


@given(st.lists(PIECES, max_size=16).map("".join), DOCUMENTS)
@settings(max_examples=500)
def test_any_pieces_compile_or_raise_the_languages_error(path: str, document: object) -> None:
    for expression in (path, f"$.{path}", f"$[?({path})]", f"$[{path}]"):
        try:
            compile_path(expression).read(document)
        except JsonPathError:
            continue


@given(st.text(max_size=30), DOCUMENTS)
def test_any_text_compiles_or_raises_the_languages_error(path: str, document: object) -> None:
    try:
        compile_path(path).read(document)
    except JsonPathError:
        return


@given(st.lists(st.sampled_from([".a", "['b']", "[0]", "[-1]"]), max_size=4).map(lambda s: "$" + "".join(s)), DOCUMENTS)
def test_the_short_way_agrees_with_the_general_one(path: str, document: object) -> None:
    outcomes = []
    for read in (compile_path(path).read, lambda given: read_document(reader(parse(path)[0]), given)):
        try:
            outcomes.append(repr(read(document)))
        except PathNotFound:
            outcomes.append("absent")
    assert outcomes[0] == outcomes[1]


@given(DOCUMENTS)
def test_text_reads_back(document: object) -> None:
    assert parse_json(json_text(document)) == document


@given(st.text(max_size=40))
def test_any_text_is_json_or_a_value_error(text: str) -> None:
    try:
        parse_json(text)
    except ValueError:
        return
