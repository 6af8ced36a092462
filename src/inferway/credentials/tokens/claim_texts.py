"""A token's claims as texts, in the two forms in which they are handed on.

Sources: API Gateway, "Pass JWT claims to your integration" (JSON, ASCII only); for plain texts claims recorded on the
service: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/92 (times, truth values, numbers) and
https://repost.aws/questions/QUFJRBaEJRSmmqarNrvCWoQA (groups).
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOMENTS: Final = frozenset(("exp", "iat", "nbf"))
_LAST_MOMENT: Final = 253_402_300_799
"""The last second of the year 9999."""

_ENCODE: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode
_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-f]{4}|.)")


class ClaimTexts(Mapping[str, str]):
    """Claims as texts in a form, made when one is first read, which most requests never do."""

    __slots__ = ("_claims", "_form", "_texts")

    def __init__(self, claims: Mapping[str, object], form: Callable[[Mapping[str, object]], Mapping[str, str]]) -> None:
        self._claims = claims
        self._form = form
        self._texts: Mapping[str, str] | None = None

    def _made(self) -> Mapping[str, str]:
        if self._texts is None:
            self._texts = self._form(self._claims)
        return self._texts

    def __getitem__(self, name: str) -> str:
        """Give a claim's text."""
        return self._made()[name]

    def __iter__(self) -> Iterator[str]:
        """Go over the claims' names."""
        return iter(self._made())

    def __len__(self) -> int:
        """Count the claims."""
        return len(self._made())

    def __bool__(self) -> bool:
        """Say whether there are claims, without making their texts."""
        return bool(self._claims)


def plain_texts(claims: Mapping[str, object]) -> dict[str, str]:
    """Give claims as plain texts: times as dates, lists with commas between, `true` and `false`; null is left out."""
    made: dict[str, str] = {}
    for name, value in claims.items():
        if isinstance(value, str):
            made[name] = value
        elif name in _MOMENTS and isinstance(value, int | float) and 0 <= value <= _LAST_MOMENT:
            made[name] = _date(int(value))
        elif value is not None:
            made[name] = _plain(value)
    return made


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_plain(one) for one in value)
    return _ENCODE(value)


@lru_cache(maxsize=1024)
def _date(moment: int) -> str:
    """Write a time in seconds as Java's `Date.toString` does: `Tue Apr 04 18:39:39 UTC 2023`."""
    at = time.gmtime(moment)
    clock = f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}"
    return f"{_DAYS[at.tm_wday]} {_MONTHS[at.tm_mon - 1]} {at.tm_mday:02} {clock} UTC {at.tm_year}"


def json_texts(claims: Mapping[str, object]) -> dict[str, str]:
    """Give each claim as JSON, what is not ASCII in it escaped."""
    return {name: json_text(value) for name, value in claims.items()}


def json_text(value: object) -> str:
    """Write a claim as JSON; escapes have upper-case digits, as `\\u00E9`."""
    text = _ENCODE(value)
    return _ESCAPE.sub(_upper, text) if "\\u" in text else text


def _upper(match: re.Match[str]) -> str:
    return match[0][:2] + match[0][2:].upper() if match[0][1] == "u" else match[0]
