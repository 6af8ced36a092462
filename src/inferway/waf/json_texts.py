"""The keys and values of a JSON text, in order, up to where it stops being one; without recursion.

Duplicate keys are all given: which of them a backend takes cannot be told. Sources: RFC 8259; AWS WAF Developer Guide,
"JSON body", for the rest.
"""

import re
from typing import Final, NamedTuple

import msgspec

_TOKEN: Final = re.compile(
    r'[ \t\r\n]*(?:([{}\[\],:])|"((?:[^"\\\x00-\x1f]++|\\.)*+)"|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))'
)
_CUT: Final = re.compile(r'[ \t\r\n]*"((?:[^"\\\x00-\x1f]|\\.)*+)\\?\Z')
"""A text in quotes whose end is not there."""

_REST: Final = re.compile(r"[ \t\r\n]*\Z")
_DEEPEST: Final = 512

Path = tuple[str, ...]


class Texts(NamedTuple):
    """The keys and the values that were found, and whether the text was JSON to its end."""

    keys: list[str]
    values: list[str]
    whole: bool


class _BrokenError(Exception):
    """The text is no JSON from here on."""


def texts(text: str, within: tuple[Path, ...] = ()) -> Texts:
    """Read a JSON text, bytes as Latin-1; of `within` only what is at or below one of the paths, else all.

    Where the text ends within a key or value, what there is of that is given too: else a long value would hide itself.
    """
    found = Texts([], [], whole=True)
    reader = _Reader(text, within, found)
    try:
        reader.read()
    except _BrokenError:
        reader.read_cut()
        return found._replace(whole=False)
    return found


class _Reader:
    """Walks the tokens with a stack of its own: a key or an index for each container that is open."""

    def __init__(self, text: str, within: tuple[Path, ...], found: Texts) -> None:
        self._text = text
        self._within = within
        self._found = found
        self._at = 0
        self._path: list[str] = []
        self._kinds: list[str] = []
        self._opened = False

    def read(self) -> None:
        """Add what is found; the end of the text must follow the first value."""
        self._value()
        while self._kinds:
            if self._opened:
                self._opened = False
                self._value()
            else:
                self._next()
        if _REST.match(self._text, self._at) is None:
            raise _BrokenError

    def read_cut(self) -> None:
        """Add the text that is cut short where the reading failed, if it is one."""
        cut = _CUT.match(self._text, self._at)
        if cut is not None and self._wanted():
            self._found.values.append(_start_of(cut[1]))

    def _wanted(self) -> bool:
        path = self._path
        return not self._within or any(path[: len(given)] == list(given) for given in self._within)

    def _token(self) -> re.Match[str]:
        token = _TOKEN.match(self._text, self._at)
        if token is None:
            raise _BrokenError
        self._at = token.end()
        return token

    def _value(self) -> None:
        token = self._token()
        sign, quoted, plain = token.groups()
        if sign is None:
            if self._wanted():
                self._found.values.append(plain if plain is not None else _unescaped(quoted))
        elif sign in "{[":
            if len(self._kinds) >= _DEEPEST:
                raise _BrokenError
            self._open(sign)
        else:
            raise _BrokenError

    def _open(self, sign: str) -> None:
        after = _TOKEN.match(self._text, self._at)
        if after is not None and after[1] == ("}" if sign == "{" else "]"):
            self._at = after.end()
            return
        self._kinds.append(sign)
        self._path.append("0")
        self._opened = True
        if sign == "{":
            self._key()

    def _key(self) -> None:
        token = self._token()
        if token[2] is None or self._token()[1] != ":":
            raise _BrokenError
        self._path[-1] = key = _unescaped(token[2])
        if self._wanted():
            self._found.keys.append(key)

    def _next(self) -> None:
        """Go on behind a value in the innermost container."""
        kind = self._kinds[-1]
        sign = self._token()[1]
        if sign == ("}" if kind == "{" else "]"):
            self._kinds.pop()
            self._path.pop()
        elif sign != ",":
            raise _BrokenError
        elif kind == "{":
            self._key()
            self._value()
        else:
            self._path[-1] = str(int(self._path[-1]) + 1)
            self._value()


def _unescaped(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted
    try:
        made = msgspec.json.decode(f'"{quoted}"'.encode("latin-1"), type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _BrokenError from None
    return made.encode("utf-8", "replace").decode("latin-1")


def _start_of(quoted: str) -> str:
    """Decode a text that may be cut within an escape; one that cannot be decoded stays."""
    for end in (len(quoted), max(quoted.rfind("\\"), 0)):
        try:
            return _unescaped(quoted[:end])
        except _BrokenError:
            continue
    return quoted


def below(pointers: tuple[str, ...]) -> tuple[Path, ...]:
    """Give JSON Pointers as paths (RFC 6901)."""
    return tuple(
        tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]) for pointer in pointers
    )
