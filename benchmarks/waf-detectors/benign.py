"""Values that are no attack, by kind: written for this measure, or put together from lists in a fixed order."""

import base64
import hashlib
import json
from itertools import product
from urllib.parse import quote_plus

from benign_texts import AGENTS, CODE, FILTERS, FIRST, LAST, MARKDOWN, PATHS, PROSE, SEARCHES, SIGNS, THINGS, VERDICTS


def _digests(count: int) -> list[bytes]:
    return [hashlib.sha512(str(number).encode()).digest() for number in range(count)]


def _payloads() -> list[str]:
    rows = [[round(byte / 25.6 - 5, 3) for byte in digest[:12]] for digest in _digests(120)]
    found = [json.dumps({"instances": [row[:6], row[6:]], "signature_name": "serving_default"}) for row in rows[:40]]
    found += [json.dumps({"features": {f"x{index}": value for index, value in enumerate(row)}}) for row in rows[40:80]]
    found += ["\n".join(",".join(map(str, row[half : half + 6])) for half in (0, 6)) for row in rows[80:]]
    return found + [
        json.dumps({"review": text, "stars": number % 5 + 1}, ensure_ascii=False) for number, text in enumerate(PROSE)
    ]


def _opaque() -> list[str]:
    found = []
    for digest in _digests(150):
        text = base64.b64encode(digest).decode()
        found += [text, base64.urlsafe_b64encode(digest).decode().rstrip("="), digest[:16].hex()]
        found.append(f"eyJhbGciOiJIUzI1NiJ9.{text[:40].rstrip('=')}.{text[40:].rstrip('=')}")
    return found


def values() -> dict[str, tuple[str, ...]]:
    """The values of each kind."""
    names = [f"{first} {last}" for first, last in product(FIRST, LAST)]
    reviews = [f"The {thing} {verdict}" for thing, verdict in product(THINGS, VERDICTS)]
    forms = [
        f"name={quote_plus(name)}&comment={quote_plus(review)}&page={number}&sort=name&order=asc"
        for number, (name, review) in enumerate(zip(names, reviews, strict=False))
    ]
    found = {
        "names": names,
        "prose": PROSE,
        "reviews": reviews,
        "search queries": SEARCHES,
        "filters of APIs": FILTERS,
        "code": CODE,
        "Markdown": MARKDOWN,
        "signs and numbers": SIGNS,
        "JSON and CSV": _payloads(),
        "opaque": _opaque(),
        "agents and paths": AGENTS + PATHS,
        "form bodies": forms,
    }
    return {kind: tuple(dict.fromkeys(texts)) for kind, texts in found.items()}
