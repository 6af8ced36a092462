"""Decides whether a text would run a script in a page that shows it."""

import re
from dataclasses import dataclass
from typing import Final

from inferway.languages.xss.markup import DATA, STATES, UNQUOTED, Tag, read_tags
from inferway.languages.xss.names import BINDING, EVENTS, HARMLESS, LEADING, LOADING, RUNNING
from inferway.languages.xss.scripts import holds_script, unescape
from inferway.languages.xss.urls import holds_script_address, runs_script

_BARE: Final = RUNNING - {"style"}
_MAY_BE: Final = re.compile(r"[<=:\[({`.\xbc\uff1c+]")
_RAW: Final = re.compile(
    rf"[<\xbc][\s\x00/]*+(?:(?:[^\W\xbc]|-)*+[\s\x00]*+:[\s\x00]*+)?({'|'.join(sorted(_BARE))})(?![a-z0-9_-])"
    r"|<[\s\x00/]*+(style)(?:[\s/]|>[^<]{0,400}?[@{:])"
)
_SPELLED: Final = re.compile(r"<((?:[\s\x00]*+[a-z](?![a-z])){4,12})")
_SPELLED_NAMES: Final = tuple((RUNNING | LOADING) - {"set", "use"})
_DECLARED: Final = re.compile(r"<!entity|<\?import|<\?xml-stylesheet|<!--\[if|\+adw-/?[a-z]")
_LOADING: Final = re.compile(rf"<(?:[\w-]*+:)?(?:{'|'.join(sorted(LOADING - HARMLESS))})[\s/]")
_ASSIGNED: Final = re.compile(r"(?<![a-z:])((?:xlink:)?[a-z]{2,32})[\s/]*+=")
_WATCHED: Final = BINDING | LEADING
_EVENT: Final = re.compile(r"on[a-z]{3,}")
_CODE: Final = re.compile(r"[(`=\[&\\;]|location|document")
_STYLE: Final = re.compile(r"expression\(|javascript:|vbscript:|behaviou?r:|-moz-binding|@import|url\(['\"]?data:text")
_CSS_NOISE: Final = re.compile(r"/\*.*?(?:\*/|\Z)|[\s\x00]|\\(?![0-9a-f])", re.DOTALL)
_CSS_ESCAPE: Final = re.compile(r"\\0{0,4}([0-9a-f]{2})\s?")
_WIDE: Final = {code: code - 0xFEE0 for code in (0xFF02, 0xFF07, 0xFF08, 0xFF09, 0xFF0F, 0xFF1C, 0xFF1D, 0xFF1E)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """Why a text was taken for a script: what was found, and the state of HTML's tokenizer that it was found in."""

    found: str
    state: str


def find_xss(text: str) -> Script | None:
    """As `is_xss`, with the reason."""
    if _MAY_BE.search(text) is None:
        return None
    lower = (text if text.isascii() else text.translate(_WIDE)).replace("\x00", "").lower()
    if script := _find(lower):
        return script
    if "\\x" in lower or "\\u" in lower:
        return _find(unescape(lower))
    return None


def _find(text: str) -> Script | None:
    if ("<" in text or "\xbc" in text or "+adw" in text) and (found := _find_element(text)):
        return Script(found=found, state=DATA)
    if ("=" in text or "<" in text) and (script := _find_attribute(text)):
        return script
    if (":" in text or "&colon" in text) and holds_script_address(text):
        return Script(found="script address", state=DATA)
    if piece := holds_script(text):
        return Script(found=piece, state="script")
    return None


def _find_element(text: str) -> str:
    if raw := _RAW.search(text):
        return raw[1] or raw[2]
    if _DECLARED.search(text):
        return "declaration"
    for spelled in _SPELLED.finditer(text):
        if re.sub(r"[\s\x00]", "", spelled[1]).startswith(_SPELLED_NAMES):
            return "spelled tag"
    return ""


def _find_attribute(text: str) -> Script | None:
    if not _may_hold_attributes(text):
        return None
    for state in STATES:
        if (state == DATA and "<" not in text) or state.strip() not in text:
            continue
        for tag in read_tags(text, state):
            if found := _judge(tag, state):
                return Script(found=found, state=state)
    return None


def _may_hold_attributes(text: str) -> bool:
    """Whether the tokenizer could find anything: an element of `LOADING`, or an attribute that `_judge` looks at."""
    if "<" in text and _LOADING.search(text):
        return True
    return "=" in text and any(name in _WATCHED or name.startswith("on") for name in _ASSIGNED.findall(text))


def _judge(tag: Tag, state: str) -> str:
    around, attributes = tag
    name = around.rpartition(":")[2]
    if name in _BARE or (name in LOADING - HARMLESS and attributes):
        return name
    for key, value in attributes:
        if value is None:
            continue
        if key in BINDING:
            return key
        if _EVENT.fullmatch(key) and (around or _handles(key, value, state)):
            return key
        if key == "style" and _runs_style(value):
            return key
        if key in LEADING and runs_script(value):
            return key
    return ""


def _handles(key: str, value: str, state: str) -> bool:
    if key not in EVENTS:
        return False
    return state != UNQUOTED or not value or _CODE.search(value) is not None


def _runs_style(value: str) -> bool:
    plain = _CSS_ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
    return _STYLE.search(_CSS_NOISE.sub("", plain)) is not None
