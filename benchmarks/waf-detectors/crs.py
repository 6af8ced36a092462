"""The CRS requests as detectors see them: their parts, with the transformations that the rules have applied."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

SOURCE = Path(__file__).with_name("crs-3.3.7.jsonl")
_UNICODE = re.compile(r"%u([0-9a-fA-F]{4})")


@dataclass(frozen=True, kw_only=True, slots=True)
class CrsRequest:
    """One stage of a CRS test: `parts` are the request's inspected parts, transformed."""

    title: str
    level: int
    half: str
    expected: bool
    parts: tuple[str, ...]

    @property
    def rule(self) -> str:
        return self.title.partition("-")[0]


def transform(text: str) -> str:
    """URL_DECODE_UNI, then HTML_ENTITY_DECODE, as the documentation of TextTransformation words them."""
    return html.unescape(unquote_plus(_UNICODE.sub(_half_width, text)))


def read_requests() -> Iterator[CrsRequest]:
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        stage = json.loads(line)
        path, _, query = stage["uri"].partition("?")
        raw = [path, *stage["headers"].values(), stage["body"]]
        raw += [part for pair in query.split("&") for part in pair.partition("=")[::2]]
        yield CrsRequest(
            title=stage["title"],
            level=stage["level"],
            half=stage["half"],
            expected=stage["expected"],
            parts=tuple(dict.fromkeys(transform(part) for part in raw if part)),
        )


def _half_width(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code - 0xFEE0 if 0xFF01 <= code <= 0xFF5E else code & 0xFF)
