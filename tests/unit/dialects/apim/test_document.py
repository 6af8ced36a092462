"""Policy documents: elements with their places, and expressions that no XML parser could read."""

import pytest

from inferway.dialects.apim.document import Element, MalformedError, Text, read_document


def only(source: str) -> Element:
    (child,) = read_document(f"<p>{source}</p>").children
    return child


@pytest.mark.parametrize(
    ("value", "expression"),
    [
        ('"@(context.Variables["a"] == "x" && 1 < 2)"', '@(context.Variables["a"] == "x" && 1 < 2)'),
        ("'@(context.Variables[\"a\"])'", '@(context.Variables["a"])'),
        ('"@(context.Variables[&quot;a&quot;] + &quot;(&quot;)"', '@(context.Variables["a"] + "(")'),
        ('"@(a &lt; b)"', "@(a < b)"),
        ('"@( ")" + "a\\")" )"', '@( ")" + "a\\")" )'),
        ('"@(@"C:\\" + @"a""b)")"', '@(@"C:\\" + @"a""b)")'),
        ('"@($"{x["a)"]} {{)")"', '@($"{x["a)"]} {{)")'),
        ("\"@('\"' + ')')\"", "@('\"' + ')')"),
        ('"@{ return 1; /* ) " */ }"', '@{ return 1; /* ) " */ }'),
        ('" @(1) "', "@(1)"),
    ],
)
def test_an_attribute_may_be_an_expression_with_raw_quotes(value: str, expression: str) -> None:
    assert only(f"<when condition={value} />").attribute("condition") == Text(text=expression, expression=True)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("@(context.Request.Body.As<JObject>())", "@(context.Request.Body.As<JObject>())"),
        (
            '@{ var a = "</set-body>"; return a + "&amp;" + (1 < 2); }',
            '@{ var a = "</set-body>"; return a + "&amp;" + (1 < 2); }',
        ),
        ("@(1 &lt; 2 &amp;&amp; true)", "@(1 < 2 && true)"),
        ("<![CDATA[@(1 < 2)]]>", "@(1 < 2)"),
        ("\n  @{\n  // it's\n  return 1;\n}\n", "@{\n  // it's\n  return 1;\n}"),
    ],
)
def test_an_elements_text_may_be_an_expression(text: str, expression: str) -> None:
    given = only(f"<set-body>{text}</set-body>").text
    assert (given.text.strip(), given.expression) == (expression, True)


@pytest.mark.parametrize("text", ["mail me @ (home)", "a@(b)", "@(1) and more", "@( never closed", "{{name}}"])
def test_other_text_is_no_expression(text: str) -> None:
    assert only(f"<value>{text}</value>").text == Text(text=text)


def test_the_text_of_a_body_may_be_xml() -> None:
    assert only('<set-body><a b="1">x &amp; <c /></a></set-body>').text.text == '<a b="1">x &amp; <c /></a>'


def test_comments_hide_what_is_in_them() -> None:
    root = read_document('<p><!-- <a x="@("> @{ --><b y="@("c")" /></p>')
    assert [(child.name, child.attribute("y").text) for child in root.children] == [("b", '@("c")')]


def test_elements_know_their_line_and_column_behind_long_expressions() -> None:
    root = read_document('<p>\n <a x="@{\n\n  return "y";\n }" /><b />\n <c />\n</p>')
    assert [(child.name, child.line, child.column) for child in root.children] == [
        ("a", 2, 2),
        ("b", 5, 7),
        ("c", 6, 2),
    ]


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("<p>\n<a></p>", 2, 6),
        ('<p>\n<a b="@("x")"></p>', 2, 17),
        ("<!DOCTYPE p><p />", 1, 12),
        ('<!DOCTYPE p [<!ENTITY a "b">]><p>&a;</p>', 1, 13),
        ("<p>\n\ue000</p>", 2, 1),
        ("<p>" * 65 + "</p>" * 65, 1, 193),
    ],
)
def test_what_is_malformed_says_where(source: str, line: int, column: int) -> None:
    with pytest.raises(MalformedError) as caught:
        read_document(source)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "source",
    [
        '<v a="@((' * 20_000,
        "<a>@(</a>" * 25_000,
        "<![CDATA[" * 20_000,
        "<!--" * 60_000,
        "@(" + "/*" * 100_000,
        "<a>@(" + "(" * 100_000,
        '<a b="@($"' + "{$" * 60_000,
        "</" * 100_000,
    ],
)
@pytest.mark.timeout(20)
def test_documents_that_end_nowhere_take_no_long(source: str) -> None:
    with pytest.raises(MalformedError):
        read_document(f"<p>{source}")
