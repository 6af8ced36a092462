"""Text → the kinds of its tokens, one letter each, as one of two families of databases would read it.

Both read strings in either quote. The ANSI reading takes a backslash in a string as itself, `#` as a sign and `--` as
a comment whatever follows it (https://www.postgresql.org/docs/current/sql-syntax-lexical.html); MySQL's takes a
backslash as an escape, `#` as a comment and `--` only before white space
(https://dev.mysql.com/doc/refman/8.4/en/comments.html). Nothing that stands after a repetition can fail, so a token
is never tried again: time is linear. (Repeated groups are not possessive: before 3.11.5 Python then loses its place
when a turn fails halfway, https://github.com/python/cpython/pull/108004.)
"""

import re
from typing import Final

from inferway.languages.sqli.words import LETTERS

KEPT: Final = 20_000
"""How many kinds of tokens are remembered."""

ANSI: Final = "ansi"
MYSQL: Final = "mysql"

_STRINGS: Final = {
    ANSI: r"""(?:[bnxeu](?='))?'[^']*+(?:''[^']*+)*'?|"[^"]*+(?:""[^"]*+)*"?""",
    MYSQL: r"""(?:[bnxeu](?='))?'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*'?|"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*"?""",
}
_COMMENTS: Final = {ANSI: r"--[^\n]*+", MYSQL: r"--(?=[\s\x00-\x20]|$)[^\n]*+|\#[^\n]*+"}
_REST: Final = r"""
    | /\*(?!!)[^*]*+(?:\*++[^/*][^*]*+)*(?:\*++/)?                 # comment
    | /\*!\d*+ | \*/                                      # MySQL runs what stands in /*! */
    | 0x[0-9a-f]*+ | 0b[01]++ | (?:\d++(?:\.\d*+)?|\.\d++)(?:e[+-]?\d++)?
    | (?:order|group)(?:\s|/\*\*/)+by(?![\w$])
    | \w[\w$]*+(?:\.{1,2}[^\W\d][\w$]*+)*\(?
    | @{1,2}(?:[\w$]++(?:\.[\w$]++)*)?                   # variable
    | `[^`]*+(?:``[^`]*+)*`? | \[[^\W\d]\w*+\]                  # quoted name
    | ->>?|\#>>?|<=>|<>|<=|>=|!=|!<|!>|:=|==|\|\||&&|<<|>>|@>|<@
    | [^\s]
"""
_TOKENS: Final = {
    family: re.compile(_STRINGS[family] + "|" + _COMMENTS[family] + _REST, re.VERBOSE | re.DOTALL)
    for family in _STRINGS
}
_SIGNS: Final = {
    **dict.fromkeys(("=", "<=>", "<>", "<", ">", "<=", ">=", "!=", "!<", "!>", "@>", "<@"), "="),
    **dict.fromkeys(("+", "-", "/", "%", "^", "~", "<<", ">>", ":=", "->", "->>", "#>", "#>>"), "+"),
    "*": "*",
    "||": "|",
    "|": "+",
    "&&": "&",
    "&": "a",
    "!": "!",
    "==": "~",
    "*/": "",
    "\x00": "",
    **{sign: sign for sign in "(),;.:{}[]?"},
}
_BLANK: Final = str.maketrans("", "", "-#/*+ \t\r\n\x00")
_KNOWN: Final = LETTERS | _SIGNS


class _Kinds(dict[str, str]):
    """Letters by token; what is not listed is told by how it starts, and short tokens are kept, up to `KEPT`."""

    def __missing__(self, token: str) -> str:
        kind = _tell(token)
        if len(token) <= 24 and len(self) < KEPT:
            self[token] = kind
        return kind


def _tell(token: str) -> str:
    first = token[0]
    if first.isdigit() or (first == "." and len(token) > 1):
        return "1"
    if first in "'\"":
        return "s" if len(token) > 1 and token[-1] == first else "q"
    if first.isalnum() or first == "_":
        return _word(token)
    if first == "@":
        return "v"
    if first in "`[":
        return "b"
    return _comment(token)


def _word(token: str) -> str:
    if token[-1] == "(":
        word = token[:-1]
        return (_KNOWN.get(word) or _word(word)) + "("
    if token[-1] == "'" or token[1:2] == "'":
        return "s" if len(token) > 2 and token[-1] == "'" else "q"
    if token.startswith(("order", "group")) and token.endswith("by") and not token.isalnum():
        return "B"
    first, _, last = token.partition(".")
    if not last:
        return "n"
    if _KNOWN.get(token.rpartition(".")[2]) == "P":
        return "P"
    return "G" if _KNOWN.get(first) == "G" else "n"


def _comment(token: str) -> str:
    if token.startswith("/*"):
        closed = token.endswith("*/") and len(token) > 3
        return "" if closed or token.startswith("/*!") else _said(token)
    return _said(token) if token.startswith(("--", "#")) else "o"


def _said(comment: str) -> str:
    return "C" if comment.translate(_BLANK) else "c"


_KINDS: Final = {ANSI: _Kinds(_KNOWN | {"#": "+"}), MYSQL: _Kinds(_KNOWN)}


def read_kinds(text: str, family: str) -> str:
    """The letters (`words.KINDS`) of the tokens of `text`, which is in lower case; `family` is ANSI or MYSQL.

    Comments that are closed are left out. Never raises; time and memory are linear in the text's length.
    """
    return "".join(map(_KINDS[family].__getitem__, _TOKENS[family].findall(text)))
