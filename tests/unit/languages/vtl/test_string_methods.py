"""Java patterns in templates. Results are those of OpenJDK 17's String methods."""

from __future__ import annotations

import pytest

from inferway.languages.vtl import VtlError, compile_template
from inferway.languages.vtl.members.string_methods import split
from inferway.languages.vtl.values import JavaFailure


@pytest.mark.parametrize(
    ("text", "pattern", "limit", "parts"),
    [
        *[("a,b,,", ",", 0, ["a", "b"]), ("a,b,,", ",", -1, ["a", "b", "", ""]), ("a,b,,", ",", 2, ["a", "b,,"])],
        *[(",a", ",", 0, ["", "a"]), ("", ",", 0, [""]), (",", ",", 0, []), ("abc", "", 0, ["a", "b", "c"])],
        *[
            ("a1b22c", r"\d+", 0, ["a", "b", "c"]),
            ("x", ",", 0, ["x"]),
            ("boo:and:foo", "o", 5, ["b", "", ":and:f", "", ""]),
        ],
    ],
)
def test_split(text: str, pattern: str, limit: int, parts: list[str]) -> None:
    assert split(text, pattern, limit) == parts


@pytest.mark.parametrize(
    "pattern", ["(", "[", "*", "a**", "a{2,1}", "[z-a]", "\\", r"\q", "(?<n", r"\p{Nope}", "x" * 4097]
)
@pytest.mark.parametrize("call", ["matches($p)", "split($p)", "replaceAll($p, '')", "replaceFirst($p, '')"])
def test_bad_patterns_fail_as_java_does(pattern: str, call: str) -> None:
    with pytest.raises(VtlError, match="PatternSyntaxException"):
        compile_template(f"$s.{call}").render({"s": "Hello", "p": pattern})


@pytest.mark.parametrize("replacement", ["$", "$9", "a\\", "${nope}"])
def test_bad_replacements_fail_as_java_does(replacement: str) -> None:
    with pytest.raises(VtlError, match="IllegalArgumentException"):
        compile_template("$s.replaceAll('l', $r)").render({"s": "Hello", "r": replacement})


@pytest.mark.parametrize("pattern", [",", "[,]"])
def test_too_many_parts_fail(pattern: str) -> None:
    with pytest.raises(JavaFailure):
        split("," * 1_000_000 + "x", pattern)


def test_a_long_text_is_replaced_in_linear_time() -> None:
    template = compile_template("$s.replaceAll('[aeiou]', '')")
    assert template.render({"s": "abc" * 100_000}) == "bc" * 100_000
