"""The package's own promises: columns, limits, sharing. What a path means is in tests/fidelity/jsonpath."""

import copy

import pytest

from inferway.languages.jsonpath import JsonPathError, PathNotFound, compile_path

DOCUMENT = {"a": [{"b": 1}, {"b": 2}], "s": "text", "n": None}


@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("$a", 2),
        ("$.a.", 4),
        ("$...a", 4),
        ("$.a b", 4),
        ("$.a[x]", 4),
        ("$.a[*", 6),
        ("$['a'", 6),
        ("$['a", 3),
        ("$.a[?(@.b == )]", 14),
        ("$.a[?(@.b == 1 &&)]", 18),
        ("$.a[?(@.b = 1)]", 11),
        ("$.a[?(@..== 1)]", 9),
        ("$.a[?(@.b =~ /(/)]", 16),
        ("$.a.nope()", 5),
        ("a b", 2),
        ("$.sum(1", 6),
    ],
)
def test_an_invalid_path_says_where(path: str, column: int) -> None:
    with pytest.raises(JsonPathError) as caught:
        compile_path(path)
    assert caught.value.column == column
    assert not isinstance(caught.value, PathNotFound)


@pytest.mark.parametrize("path", ["$.s[0]", "$.s[-1]", "$.s.x", "$.n.x", "$.n[0]", "$.a.b", "$.a[2]", "$.zz", "$[0]"])
def test_chains_of_names_and_indexes_do_not_reach_into_strings(path: str) -> None:
    with pytest.raises(PathNotFound):
        compile_path(path).read(DOCUMENT)


@pytest.mark.parametrize("document", [None, True, 1, 1.5, "text", [], {}])
def test_any_kind_of_document_can_be_read(document: object) -> None:
    assert compile_path("$").read(document) == document
    assert compile_path("$..a").read(document) == []
    with pytest.raises(PathNotFound):
        compile_path("$.a").read(document)


def test_paths_are_compiled_once() -> None:
    assert compile_path("$.a[0].b") is compile_path("$.a[0].b")


def test_reading_never_changes_the_document() -> None:
    document = copy.deepcopy(DOCUMENT)
    assert compile_path("$.a.append(3)").read(document) == [{"b": 1}, {"b": 2}, 3]
    assert document == DOCUMENT


def _nested(depth: int, *, objects: bool) -> object:
    value: object = {"x": 1}
    for _ in range(depth):
        value = {"k": value} if objects else [value]
    return value


@pytest.mark.parametrize("objects", [True, False])
def test_a_scan_goes_to_any_depth(objects: bool) -> None:
    document = _nested(10_000, objects=objects)
    assert compile_path("$..x").read(document) == [1]
    assert compile_path("$..[?(@.x == 1)]").read(document) == [{"x": 1}]


def test_comparing_very_deep_values_is_an_error_of_the_path() -> None:
    document = {"a": _nested(10_000, objects=True), "b": _nested(10_000, objects=True)}
    with pytest.raises(JsonPathError):
        compile_path("$[?($.a == $.b)]").read(document)


@pytest.mark.parametrize(
    "path",
    [
        "$" + ".a" * 2_000,
        "$" + "[0]" * 200,
        "$" + "..*" * 200,
        "$[?(" + "(" * 100 + "@" + ")" * 100 + ")]",
        "$[?(@.a == " + "[" * 100 + "]" * 100 + ")]",
        "$" + "[?(@" * 30 + ")]" * 30,
        "$.a" + "x" * 5_000,
        "$[?(@ == 1e999999)]",
    ],
)
def test_paths_beyond_the_limits_are_refused(path: str) -> None:
    with pytest.raises(JsonPathError):
        compile_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "$..*..*..*..*..*..zz",
        "$" + "[" + ",".join(["0"] * 300) + "]" + ("[" + ",".join(["0"] * 300) + "]") * 3,
        "$[*][?(@ in $..*)][?(@ in $..*)]",
    ],
)
def test_work_is_bounded(path: str) -> None:
    document: object = [[[[list(range(30))] * 30] * 30] * 3]
    with pytest.raises(JsonPathError, match="items"):
        compile_path(path).read(document)


def test_the_work_of_patterns_is_bounded_over_all_items() -> None:
    document = ["a" * 5_000] * 2_000
    with pytest.raises(JsonPathError, match="items"):
        compile_path("$[?(@ =~ /.*a.*b/)]").read(document)


def test_a_pattern_of_exponential_time_matches_within_its_steps() -> None:
    path = compile_path("$[?(@ =~ /(a+)+b/)]")
    assert path.read(["aab", "aaa", "b"]) == ["aab"]
    with pytest.raises(JsonPathError, match="steps"):
        path.read(["a" * 40])


def test_a_subject_too_long_for_its_pattern_is_an_error() -> None:
    with pytest.raises(JsonPathError):
        compile_path("$[?(@ =~ /.*a.*b/)]").read(["a" * 1_000_000])
