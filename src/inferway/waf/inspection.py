"""One request under inspection: its parts, each taken out and transformed once however many rules look at it."""

from collections.abc import Callable
from typing import Final

from inferway.definition.web_acl import Verdict
from inferway.exchange import Request
from inferway.languages.regex import RegexCostError

Values = list[str] | bool
"""The texts of a field, none where the request has no such part; or what the statement says without looking."""

Maker = Callable[["Inspection"], Values]

_SEARCHING: Final = 0.1
_SEARCHING_EACH: Final = 5e-6
"""Seconds of CPU time that clocked searches may take in one request, and besides for each character of its texts."""

_MOST_PARTS: Final = 200
_MOST_BYTES: Final = 8_192
"""Headers, and cookies, that are inspected: so many, and so many bytes of them ("Oversize web request components")."""

NO_LABELS: Final[tuple[str, ...]] = ()

Pairs = tuple[list[tuple[str, str]], bool]
"""Names and values, and whether there are more than are inspected."""


class Hit:
    """A rule that matched, and what it did with the request."""

    __slots__ = ("action", "details", "rule")

    def __init__(self, rule: object, action: Verdict, details: list[dict[str, object]]) -> None:
        self.rule = rule
        self.action = action
        self.details = details


class Inspection:
    """A request as a web ACL sees it. `uri` is its path as the vendor would have it; texts are bytes as Latin-1."""

    __slots__ = (
        "_args",
        "_clocked",
        "_cookies",
        "_headers",
        "_limit",
        "_makers",
        "details",
        "hits",
        "inserted",
        "labels",
        "rates",
        "request",
        "slots",
        "uri",
    )

    def __init__(
        self, request: Request, uri: str, makers: tuple[Maker, ...], empty: list[Values | None], limit: int
    ) -> None:
        self.request = request
        self.uri = uri
        self.slots: list[Values | None] = empty[:]
        self._makers = makers
        self._limit = limit
        self._clocked = 0.0
        self._args: list[tuple[str, str]] | None = None
        self._cookies: Pairs | None = None
        self._headers: Pairs | None = None
        self.labels: tuple[str, ...] = NO_LABELS
        self.hits: list[Hit] | None = None
        self.inserted: list[tuple[str, str]] | None = None
        self.details: list[dict[str, object]] | None = None
        self.rates: list[tuple[object, tuple[str, ...]]] | None = None

    def fill(self, slot: int) -> Values:
        """Give what a slot holds, and keep it."""
        values = self.slots[slot] = self._makers[slot](self)
        return values

    def clock(self, seconds: float, size: int) -> None:
        """Count what a search in so many characters took; RegexCostError beyond what all in a request may take."""
        self._clocked += seconds - size * _SEARCHING_EACH
        if self._clocked > _SEARCHING:
            raise RegexCostError("the searches in one request take too long")

    def header(self, name: bytes) -> list[str]:
        """Give the values of a header by its lower-case name, none where it is not there."""
        return [value.decode("latin-1") for key, value in self.request.headers if key == name]

    def body(self) -> tuple[str, bool]:
        """Give what of the body is inspected, and whether there is more."""
        body = self.request.body
        return body[: self._limit].decode("latin-1"), len(body) > self._limit

    def arguments(self) -> list[tuple[str, str]]:
        """Give the query's names, in lower case and decoded, and values as sent."""
        if self._args is None:
            query = self.request.query
            self._args = [_argument(part) for part in query.split("&") if part] if query else []
        return self._args

    def headers(self) -> Pairs:
        """Give the headers that are inspected."""
        if self._headers is None:
            pairs = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in self.request.headers]
            self._headers = _bounded(pairs)
        return self._headers

    def cookies(self) -> Pairs:
        """Give the cookies that are inspected, their names as sent."""
        if self._cookies is None:
            parts = [part for line in self.header(b"cookie") for part in line.split(";") if part.strip()]
            halves = [part.partition("=") for part in parts]
            self._cookies = _bounded([(name.strip(), value.strip()) for name, _, value in halves])
        return self._cookies


def _argument(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return (unescaped(name) if "%" in name or "+" in name else name).lower(), value


def unescaped(text: str) -> str:
    """Decode percent escapes of a name, so that writing it otherwise hides nothing."""
    parts = text.replace("+", " ").split("%")
    made = [parts[0]]
    for part in parts[1:]:
        try:
            made.append(bytes.fromhex(part[:2]).decode("latin-1") + part[2:])
        except ValueError:
            made.append("%" + part)
    return "".join(made)


def _bounded(pairs: list[tuple[str, str]]) -> Pairs:
    """Give the first pairs, up to the most and to the most bytes; the one that goes beyond is cut."""
    left = _MOST_BYTES
    for index, (name, value) in enumerate(pairs[:_MOST_PARTS]):
        size = len(name) + len(value)
        if size > left:
            return [*pairs[:index], (name, value[: max(0, left - len(name))])], True
        left -= size
    return pairs[:_MOST_PARTS], len(pairs) > _MOST_PARTS
