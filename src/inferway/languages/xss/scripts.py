"""Pieces of script that reach for the page: what lands in a script's string or expression brings no markup along."""

import re
from typing import Final

_GLOBAL: Final = r"(?:document|window|self|top|parent|frames|globalthis|this)"
_COMMENTS: Final = re.compile(r"/\*[^*]*+(?:\*++[^/*][^*]*+)*(?:\*++/)?")
_ESCAPED: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{0*([0-9a-f]{1,5})\})")
_CALLS: Final = r"(?:alert|confirm|prompt|eval|settimeout|setinterval|execscript|fetch|atob|btoa)"
_NEEDLES: Final = (
    *("document", "window", "self", "globalthis", "constructor", "innerhtml", "outerhtml", "adjacenthtml"),
    *("appendchild", "parentnode", "alert", "confirm", "prompt", "eval", "settimeout", "setinterval", "execscript"),
    *("fetch", "atob", "btoa", "location", "function", "[]", "!+[", "`", "__proto__", "$on"),
)
_SIGNS: Final = re.compile(r"[.(\[{`'\"\\]")
"""One of which every piece has."""
_INDEXED: Final = re.compile(r"(?:top|this|parent|frames)\s*+(?:\)\s*+)?(?:\[|/\*)")
_PIECES: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "document",
            r"document\s*+(?:\)\s*+)?(?:\.|\[\s*['\"`])\s*(?:cookie|domain|write|createelement|body\b|location|defaultview)",
        ),
        ("window", r"window\s*\.\s*(?:location|name|open|eval|alert)\b"),
        ("global by name", rf"\b{_GLOBAL}\s*+(?:\)\s*+)?\[\s*(?:['\"`]|\\x|\+|atob|string|/)"),
        ("markup by script", r"\.\s*(?:innerhtml|outerhtml|insertadjacenthtml|parentnode|appendchild)\s*[=(.\[]"),
        ("no letters", r"\+!!\[\]|\(!!?\[\]|!\[\]\s*\+|\[\]\s*\[\s*\(|!\+\[\]|\+\[!\["),
        ("template", r"\{\{[^{}]{0,2000}?(?:constructor|__proto__|\$eval|\$on)"),
        ("constructor", r"constructor\s*(?:\.|\[\s*['\"`])\s*(?:constructor|prototype)?['\"`\]]*\s*\(['\"`]"),
        (
            "broken out",
            rf"['\"`\\]\s*[-+;,)*/|&^?:=}}\]%]+\s*(?:\w{{1,20}}\s*=\s*)?(?:{_CALLS}\s*[(`]|document\b|location\s*=)",
        ),
        ("call by template", r"\.\s*(?:call|apply|bind)\s*`"),
        ("call alone", rf"^\s*(?:new\s+function|{_CALLS})[(`][^\n]{{0,200}}[)`][\s;]*$"),
    )
)


def holds_script(text: str) -> str:
    """The name of the piece that `text` (in lower case) holds, or "". Linear in the text's length."""
    if _SIGNS.search(text) is None:
        return ""
    if not any(map(text.__contains__, _NEEDLES)) and _INDEXED.search(text) is None:
        return ""
    bare = _COMMENTS.sub("", text) if "/*" in text else text
    for name, pattern in _PIECES:
        if pattern.search(bare):
            return name
    return ""


def unescape(text: str) -> str:
    """`text` (in lower case) with a script's escapes of characters resolved."""
    return _ESCAPED.sub(lambda found: chr(min(int(found[1] or found[2] or found[3], 16), 0x10FFFF)), text).lower()
