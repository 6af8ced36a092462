"""Any text compiles or raises VtlError; any render gives text or raises VtlError; nothing else ever leaves."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.languages.vtl import JavaHashMap, JsonList, Limits, VtlError, compile_template

LIMITS = Limits(steps=2_000, characters=200_000, range_size=1_000, seconds=2.0)
PROFILES = st.sampled_from(["velocity17", "apigateway", "appsync"])
PIECES = st.sampled_from(
    [
        *[
            "$",
            "$!",
            "${",
            "}",
            "#",
            "##",
            "#*",
            "*#",
            "#[[",
            "]]#",
            "\\",
            "(",
            ")",
            "[",
            "]",
            "{",
            "'",
            '"',
            ",",
            "..",
        ],
        *["#set(", "#if(", "#elseif(", "#else", "#end", "#foreach(", "#macro(", "#define(", "#stop", "#break"],
        *[
            "#evaluate(",
            "#return(",
            "#m(",
            "#@m(",
            "#literal()",
            "#include(",
            " in ",
            "$a",
            "$b",
            "$m",
            "$l",
            "$foreach",
        ],
        *[".k", ".size()", ".get(", ".put(", ".add(", ".substring(", ".split(", ".replaceAll(", ".matches(", ".class"],
        *[".repeat(", ".format(", ".subList(", ".keySet()", "[0]", "[-1]", "=", "==", "&&", "||", "!", "<", "+", "-"],
        *["*", "/", "%", "1", "-7", "2147483647", "1.5", "true", " ", "\n", "\t", "x", "é", "\U0001f600", "\ud800"],
    ]
)
SOURCES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.integers(-(2**70), 2**70)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(JsonList),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(JavaHashMap),
    ),
    max_leaves=6,
)
CONTEXTS = st.fixed_dictionaries({}, optional=dict.fromkeys(("a", "b", "m", "l", "x"), VALUES))


@settings(max_examples=400, deadline=None)
@given(source=SOURCES, profile=PROFILES, context=CONTEXTS)
def test_text_or_vtl_error(source: str, profile: str, context: dict[str, object]) -> None:
    try:
        template = compile_template(source, profile, limits=LIMITS)
        rendered = template.render(context)
    except VtlError:
        return
    assert isinstance(rendered, str)
    rendered.encode()


STATEMENTS = st.recursive(
    st.sampled_from(["x", "$a", "$!m.k", "$l[0]", "$b.length()", "#set($a = $l)", "#set($b = $a + 1)", "$m.keySet()"]),
    lambda inner: st.one_of(
        inner.map(lambda body: f"#if($a){body}#end"),
        inner.map(lambda body: f"#foreach($i in $l){body}$foreach.count#end"),
        inner.map(lambda body: f"#define($d){body}#end$d"),
        inner.map(lambda body: f"#macro(m $p){body}$p#end#m($a)"),
        inner.map(lambda body: '#set($s = "' + body.replace('"', '""') + '")$s'),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None)
@given(source=STATEMENTS, profile=st.sampled_from(["velocity17", "apigateway"]), context=CONTEXTS)
def test_well_formed_templates_compile(source: str, profile: str, context: dict[str, object]) -> None:
    template = compile_template(source, profile, limits=LIMITS)
    with suppress(VtlError):
        assert isinstance(template.render(context), str)
