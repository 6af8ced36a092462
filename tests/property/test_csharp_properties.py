"""The C# compiler accepts or raises CSharpError, nothing else; integers add as 32 bits do."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.languages.csharp import CSharpError, Host, Limits, compile_expression

HOST = Host(roots={})
WORDS = st.sampled_from(
    [
        *(
            '"a"',
            "1",
            "2.5",
            "null",
            "true",
            "x",
            "+",
            "-",
            "/",
            "==",
            "?.",
            "??",
            "?",
            ":",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
        ),
        *(
            "new",
            "JObject",
            "var",
            "=",
            ";",
            "return",
            "=>",
            ".",
            "Length",
            "Select",
            ",",
            "string",
            "int",
            '$"{',
            '"',
            "m",
        ),
        *(
            "foreach",
            "if",
            "try",
            "catch",
            "throw",
            "Exception",
            "is",
            "as",
            "switch",
            "default",
            "<",
            ">",
            "List",
            '@"',
        ),
    ]
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=25), st.booleans())
def test_any_words_compile_or_raise_csharp_error(words: list[str], block: bool) -> None:
    inner = " ".join(words)
    source = "@{" + inner + "}" if block else f"@({inner})"
    try:
        compile_expression(source, HOST, limits=Limits(steps=2_000, seconds=1.0)).evaluate({})
    except CSharpError:
        return


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_compiles_or_raises_csharp_error(text: str) -> None:
    try:
        compile_expression(f"@({text})", HOST, limits=Limits(steps=2_000, seconds=1.0)).evaluate({})
    except CSharpError:
        return


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1))
def test_integers_wrap_at_32_bits(left: int, right: int) -> None:
    found = compile_expression(f"@{{ var a = {left}; var b = {right}; return a + b; }}", HOST).evaluate({})
    assert found == (left + right + 2**31) % 2**32 - 2**31
