"""Whether an address runs a script: its scheme, through the characters and references that browsers overlook in it."""

import html
import re
from typing import Final

_FILL: Final = r"(?:[\x00-\x1f]|&(?:tab|newline);|/\*\*/|\\)*"
_SCHEMES: Final = ("javascript", "vbscript", "livescript", "mocha", "jscript")


def _spread(word: str) -> str:
    return _FILL.join(word)


_SCHEME: Final = re.compile(rf"({'|'.join(map(_spread, _SCHEMES))}){_FILL}(?::|&colon;?)")
_CODE: Final = re.compile(r"[^\s\"'<>]{0,200}?[(=`\[\\%/]|\s*[\w.]{1,80}[(=`\[]|[^\s\"'<>]{0,200}?\.\w")
_DOCUMENT: Final = re.compile(
    r"data:\s*(?:text/(?:html|xml|javascript|xsl)|image/svg|application/(?:xhtml|xml|javascript|ecmascript|x-javascript))"
)
_STRIPPED: Final = dict.fromkeys(range(0x21)) | {0xA0: None}


def runs_script(address: str) -> bool:
    """Whether following `address` (an attribute's value, in lower case) runs a script or opens a page of its own."""
    plain = (html.unescape(address) if "&" in address else address).translate(_STRIPPED).lower()
    return plain.startswith(tuple(f"{scheme}:" for scheme in _SCHEMES)) or _DOCUMENT.match(plain) is not None


def holds_script_address(text: str) -> bool:
    """Whether such an address with code in it stands anywhere in `text` (in lower case).

    "JavaScript: the good parts" does not hold one: what follows has to look like code, unless the scheme is disguised.
    """
    for found in _SCHEME.finditer(text):
        if found.start() and text[found.start() - 1].isalnum():
            continue
        if found[1] not in _SCHEMES or _CODE.match(text, found.end()):
            return True
    return _DOCUMENT.match(text.lstrip()) is not None
