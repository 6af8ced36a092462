"""Text transformations, by the vendor's names. Texts are bytes as Latin-1, so that none can fail to decode.

Source: AWS WAF Developer Guide, "Using text transformations in AWS WAF". Where that is silent (the ones since 2025, how
bad encodings are kept) they do what ModSecurity's transformations of the same names do.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Final

from inferway.waf import decoders

Transform = Callable[[str], str]

_SPACES: Final = re.compile("[\t\n\v\f\r \xa0]+")
_QUOTES: Final = str.maketrans("", "", "\\\"'^")
_SEPARATORS: Final = str.maketrans(",;", "  ")
_BEFORE_SIGN: Final = re.compile(r"(?<!\s)\s++([/(])")
_BLANKS: Final = re.compile(r"\s+")
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMENT_SIGNS: Final = re.compile(r"/\*|\*/|--|#")
_WHITE: Final = "\t\n\v\f\r \xa0"
_NO_WHITE: Final = str.maketrans("", "", _WHITE)


def lowercase(text: str) -> str:
    """Lower the letters A to Z alone."""
    return text.lower() if text.isascii() else text.encode("latin-1").lower().decode("latin-1")


def uppercase(text: str) -> str:
    """Raise the letters a to z alone."""
    return text.upper() if text.isascii() else text.encode("latin-1").upper().decode("latin-1")


def compress_white_space(text: str) -> str:
    """Make each run of white space one space."""
    return _SPACES.sub(" ", text)


def command_line(text: str) -> str:
    """Undo what a shell overlooks: no quotes, backslashes or carets, separators as spaces, one space, lower case."""
    text = text.translate(_QUOTES).translate(_SEPARATORS)
    return lowercase(_BLANKS.sub(" ", _BEFORE_SIGN.sub(r"\1", text)))


def replace_comments(text: str) -> str:
    """Make a space of each C comment, ended or not."""
    return _COMMENT.sub(" ", text) if "/*" in text else text


def normalize_path(text: str) -> str:
    """Leave out doubled slashes, `.` and `..`, but for a `..` at the start."""
    if "//" not in text and "." not in text:
        return text
    made = posixpath.normpath(text)
    if text.startswith("//") and made.startswith("//"):
        made = made[1:]
    if made == "." and text.strip("/.") == "":
        made = "/" if text.startswith("/") else ""
    return made + "/" if text.endswith("/") and made not in {"", "/"} else made


def _digest(name: str) -> Transform:
    return lambda text: hashlib.new(name, text.encode("latin-1"), usedforsecurity=False).digest().decode("latin-1")


def _unchanged(text: str) -> str:
    return text


TRANSFORMATIONS: Final[Mapping[str, Transform]] = {
    "NONE": _unchanged,
    "COMPRESS_WHITE_SPACE": compress_white_space,
    "HTML_ENTITY_DECODE": decoders.html_entities,
    "LOWERCASE": lowercase,
    "CMD_LINE": command_line,
    "URL_DECODE": decoders.url,
    "BASE64_DECODE": decoders.base64,
    "HEX_DECODE": decoders.hexadecimal,
    "MD5": _digest("md5"),
    "REPLACE_COMMENTS": replace_comments,
    "ESCAPE_SEQ_DECODE": decoders.c_escapes,
    "SQL_HEX_DECODE": decoders.sql_hexadecimal,
    "CSS_DECODE": decoders.css,
    "JS_DECODE": decoders.javascript,
    "NORMALIZE_PATH": normalize_path,
    "NORMALIZE_PATH_WIN": lambda text: normalize_path(text.replace("\\", "/")),
    "REMOVE_NULLS": lambda text: text.replace("\0", ""),
    "REPLACE_NULLS": lambda text: text.replace("\0", " "),
    "BASE64_DECODE_EXT": decoders.base64_forgiving,
    "URL_DECODE_UNI": decoders.url_unicode,
    "UTF8_TO_UNICODE": decoders.utf8_to_unicode,
    "REMOVE_WHITESPACE": lambda text: text.translate(_NO_WHITE),
    "TRIM": lambda text: text.strip(_WHITE),
    "TRIM_LEFT": lambda text: text.lstrip(_WHITE),
    "TRIM_RIGHT": lambda text: text.rstrip(_WHITE),
    "REMOVE_COMMENTS_CHAR": lambda text: _COMMENT_SIGNS.sub("", text),
    "UPPERCASE": uppercase,
    "CMD_LINE_WIN": command_line,
    "CMD_LINE_UNIX": command_line,
    "JS_DECODE_EXT": decoders.javascript,
    "SHA256": _digest("sha256"),
}
"""What each transformation makes of a text."""


def chain(names: tuple[str, ...]) -> Transform | None:
    """Give what transforms a text by several in order; None where nothing changes. KeyError for an unknown name."""
    steps = [TRANSFORMATIONS[name] for name in names if name != "NONE"]
    if not steps:
        return None
    if len(steps) == 1:
        return steps[0]
    return lambda text: reduce(lambda made, step: step(made), steps, text)
