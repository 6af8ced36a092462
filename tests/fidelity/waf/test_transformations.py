"""Text transformations: each row is the vendor's own description or example of one."""

from collections.abc import Callable
from hashlib import md5, sha256
from importlib import import_module
from typing import Any

import pytest

from inferway.waf.transformations import TRANSFORMATIONS, chain


@pytest.mark.parametrize(
    ("name", "text", "made"),
    [
        ("NONE", " A%41 ", " A%41 "),
        ("BASE64_DECODE", "QUJDRA==", "ABCD"),
        ("BASE64_DECODE", "QUJD", "ABC"),
        ("BASE64_DECODE_EXT", "QU\n-JD*", "ABC"),
        ("COMPRESS_WHITE_SPACE", "a \t\f\n\r\v\xa0 b", "a b"),
        ("CMD_LINE", "/bin/c^at  \"-n\" , /etc/'pass\\wd' ; (A)", "/bin/cat -n/etc/passwd(a)"),
        ("CSS_DECODE", "ja\\vascript", "javascript"),
        ("CSS_DECODE", "\\000041\\42 c", "ABc"),
        ("ESCAPE_SEQ_DECODE", r"\a\b\f\n\r\t\v\\\?\'\"\x41\101", "\a\b\f\n\r\t\v\\?'\"AA"),
        ("ESCAPE_SEQ_DECODE", r"\z\xZZ", r"\z\xZZ"),
        ("HEX_DECODE", "414243", "ABC"),
        ("HTML_ENTITY_DECODE", "&quot;&nbsp;&lt;&gt;&amp;", '"\xa0<>&'),
        ("HTML_ENTITY_DECODE", "&#x41;&#66;&#x43", "ABC"),
        ("JS_DECODE", r"\u0041\uff1c\x42\103", "A<BC"),
        ("LOWERCASE", "AbC\xc9", "abc\xc9"),
        ("UPPERCASE", "aBc\xe9", "ABC\xe9"),
        ("NORMALIZE_PATH", "/a//b/./c/../d", "/a/b/d"),
        ("NORMALIZE_PATH", "../a", "../a"),
        ("NORMALIZE_PATH_WIN", "\\a\\..\\b", "/b"),
        ("REMOVE_NULLS", "a\0b", "ab"),
        ("REPLACE_NULLS", "a\0b", "a b"),
        ("REPLACE_COMMENTS", "a/* b */c/* d", "a c "),
        ("REPLACE_COMMENTS", "a*/b", "a*/b"),
        ("SQL_HEX_DECODE", "(0x414243)", "(ABC)"),
        ("URL_DECODE", "%3Cscript%3E+x%", "<script> x%"),
        ("URL_DECODE_UNI", "%u0041%uff1c%42", "A<B"),
        ("UTF8_TO_UNICODE", "h\xc3\xa9", "h%u00e9"),
        ("MD5", "a", md5(b"a", usedforsecurity=False).digest().decode("latin-1")),
    ],
)
def test_each_transformation(name: str, text: str, made: str) -> None:
    assert TRANSFORMATIONS[name](text) == made


@pytest.mark.parametrize(
    ("name", "text", "made"),
    [
        ("REMOVE_WHITESPACE", " a\tb\n", "ab"),
        ("TRIM", " a b ", "a b"),
        ("TRIM_LEFT", " a ", "a "),
        ("TRIM_RIGHT", " a ", " a"),
        ("REMOVE_COMMENTS_CHAR", "a/*b*/c--d#e", "abcde"),
        ("SHA256", "a", sha256(b"a").digest().decode("latin-1")),
        ("CMD_LINE_UNIX", "C^at", "cat"),
        ("CMD_LINE_WIN", "D^ir", "dir"),
        ("JS_DECODE_EXT", r"\x41", "A"),
    ],
)
def test_the_transformations_of_2025(name: str, text: str, made: str) -> None:
    assert TRANSFORMATIONS[name](text) == made


def test_every_transformation_of_the_service_is_there() -> None:
    model = import_module("botocore.session").get_session().get_service_model("wafv2")
    assert set(TRANSFORMATIONS) == set(model.shape_for("TextTransformationType").enum)


def test_they_are_applied_by_priority() -> None:
    transform = chain(("BASE64_DECODE", "URL_DECODE", "LOWERCASE"))
    assert transform is not None
    assert transform("JTQxQg==") == "ab"


def test_priorities_order_them_in_a_rule(lab: Callable[..., Any], inspects: Callable[..., dict[str, Any]]) -> None:
    statement = inspects("QueryString", "<script", "CONTAINS")
    statement["ByteMatchStatement"]["TextTransformations"] = [
        {"Priority": 20, "Type": "LOWERCASE"},
        {"Priority": 3, "Type": "URL_DECODE"},
    ]
    assert lab([{"Statement": statement}], ("GET", "?q=%3CSCRIPT"), ("GET", "?q=script")).statuses == [403, 200]


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
def test_no_bytes_make_one_fail(name: str) -> None:
    for text in (
        "",
        "\\",
        "%",
        "&#",
        "&#99999999;",
        "\\u{ffffff}",
        "%uZZ",
        "=",
        "A" * 5,
        "".join(map(chr, range(256))) * 4,
    ):
        made = TRANSFORMATIONS[name](text)
        made.encode("latin-1")


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
@pytest.mark.parametrize("sign", [" ", "\t\n", "&", "&#", "\\", "%", "/*", "0x", "../", "A"])
def test_a_long_row_of_one_sign_ends(name: str, sign: str) -> None:
    """Within moments: a command line of half a million spaces took an hour."""
    made = TRANSFORMATIONS[name](sign * (500_000 // len(sign)))
    assert len(made) <= 4 * 500_000
