"""Scripts by technique, as OWASP's and the HTML standard's pages give them, and values that are none.

The techniques are those of https://owasp.org/www-community/xss-filter-evasion-cheatsheet and of
https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes; the values are written for this test.
"""

import pytest

from inferway.languages.xss import find_xss, is_xss

ATTACKS = {
    "elements that run": [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//example.com/x.js>",
        "<script/src=data:,alert(1)>",
        "</title><script >1",
        "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
        "<iframe src=//example.com>",
        "<svg/onload=alert(1)>",
        "<svg><script>1</script></svg>",
        "<style>@import 'http://example.com/x.css';</style>",
        "<scr\x00ipt>alert(1)</script>",
    ],
    "elements that load": [
        "<object data='javascript:alert(1)'>",
        "<embed src=x.swf>",
        "<base href=//example.com/>",
        "<link rel=stylesheet href=x.css>",
        "<meta http-equiv=refresh content='0;url=//example.com'>",
        "<applet code=x>",
    ],
    "handlers of events": [
        "<img src=x onerror=alert(1)>",
        "<img src=x\nonerror\n=\nalert(1)>",
        "<img/src='x'onerror=alert(1)>",
        "<body onload='alert(1)'>",
        "<a onmouseover=alert(1)>x</a>",
        "<details open ontoggle=alert`1`>",
        "<b onanything=1>",
    ],
    "breaking out of an attribute": [
        '" onmouseover="alert(1)',
        "' onfocus='alert(1)' autofocus='",
        "` onmouseover=alert(1)",
        "x onmouseover=alert(1)",
        '"><img src=x onerror=alert(1)>',
        "'><svg onload=alert(1)>",
    ],
    "addresses": [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "<a href='javascript:alert(1)'>",
        '<a href="&#106;avascript:alert(1)">',
        "<a href='&#x6A&#x61vascript:alert(1)'>",
        "<a href=' \x01javascript:alert(1)'>",
        "<a href=vbscript:msgbox(1)>",
        "<a href='data:text/html,<p>1'>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "<form action=javascript:alert(1)>",
        "<button formaction=javascript:alert(1)>",
    ],
    "styles": [
        "<p style='width:expression(alert(1))'>",
        "<p style='background:url(javascript:alert(1))'>",
        "<p style='x:ex/**/pression(alert(1))'>",
        '<p style="x:\\65xpression(alert(1))">',
        "<p style='-moz-binding:url(//example.com/x.xml#x)'>",
    ],
    "text in a script": [
        "';alert(1)//",
        '"-alert(1)-"',
        "\\';alert(1)//",
        "document.cookie",
        "document /* x */ . cookie",
        "window['document']['cookie']",
        "{{constructor.constructor('alert(1)')()}}",
        "[][(![]+[])[+[]]]",
        "[].sort.call`${alert}1`",
        "eval('alert(1)')",
    ],
    "characters written otherwise": [
        "\\x3cscript\\x3ealert(1)",
        "\\u003cimg src=x onerror=alert(1)\\u003e",
        "\uff1cscript\uff1ealert(1)",
        "\xbcscript\xbealert(1)\xbc/script\xbe",
        "+ADw-script+AD4-alert(1)",
    ],
}
BENIGN = [
    "",
    "<3",
    "a < b > c",
    "x <y and z> w",
    "<jane.doe@example.com>",
    "<https://example.com>",
    "List<Object> and Map<String, Object>",
    "<b>bold</b> and <br/>",
    "<p>A paragraph with <em>emphasis</em>.</p>",
    "<img src='a.png' alt='a > b'>",
    "<a href='https://example.com/?a=1&b=2'>x</a>",
    "<a href=mailto:x@example.com>x</a>",
    "JavaScript: The Good Parts (2008)",
    "the alert (red) and the prompt (green)",
    "online=1 and only=2",
    "on sale = cheap, one = 1",
    "onset=5",
    "def walk(top, onerror=None, followlinks=False)",
    "data: text and images",
    "data:image/png;base64,iVBORw0KGgo=",
    "{{ user.name }}",
    '{"script": "frame", "style": "x", "object": {"link": 1}}',
    "O'Brien's \"style\" = 'good'",
    "import a; b = c",
    "style = 'expression'",
]


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{kind}: {text!r}") for kind, texts in ATTACKS.items() for text in texts]
)
def test_a_script_is_seen(text: str) -> None:
    assert is_xss(text)


@pytest.mark.parametrize("text", BENIGN)
def test_what_people_write_is_no_script(text: str) -> None:
    assert find_xss(text) is None


def test_the_reason_names_what_was_found_and_the_state() -> None:
    found = find_xss('x" onfocus=alert(1) autofocus="')
    assert found is not None
    assert (found.found, found.state) == ("onfocus", '"')


def test_what_stands_around_does_not_hide_a_script() -> None:
    assert is_xss("name=x&comment=<svg onload=alert(1)>&page=2")
    assert is_xss('{"comment": "<svg onload=alert(1)>"}')
    assert is_xss("<a title='" + "<img src=x onerror=alert(1)>")


@pytest.mark.parametrize("sign", ["\xbc", "\xbca", "<", "<a ", "\xbc-", "on", "&", "/*", "x="])
def test_a_long_row_of_one_sign_ends(sign: str) -> None:
    """Within moments: half a million of U+00BC took a quarter of an hour."""
    assert find_xss(sign * (500_000 // len(sign))) is None
