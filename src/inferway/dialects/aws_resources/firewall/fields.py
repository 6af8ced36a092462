"""Reads which part of a request a statement inspects.

Source: AWS WAFV2 API reference, "FieldToMatch", "TextTransformation".
"""

from enum import StrEnum
from typing import Final, TypeVar

from inferway.definition.web_acl_statements import Field, FieldKind, Otherwise, Scope
from inferway.dialects.aws_resources.firewall.spelled import Spelled, plain
from inferway.formats.report import nearest
from inferway.waf.transformations import TRANSFORMATIONS

_KINDS: Final = {
    **{plain(kind.value): kind.value for kind in FieldKind},
    "headerorders": FieldKind.HEADER_ORDER.value,
    "ja3fingerprint": "JA3Fingerprint",
    "ja4fingerprint": "JA4Fingerprint",
}
_FINGERPRINTS: Final = ("JA3Fingerprint", "JA4Fingerprint")
_LONGEST_NAME: Final = 64

_Kind = TypeVar("_Kind", bound=StrEnum)


def read_field(field: Spelled, transformations: Spelled) -> Field | None:
    """Read a field; None, reported, where it is none or cannot be had here."""
    found = field.choice(_KINDS)
    if found is None:
        names = ", ".join(field.names()) or "nothing"
        field.error("bad-web-acl", f"FieldToMatch has one of {', '.join(FieldKind)}, not {names}")
        return None
    name, at = found
    if name in _FINGERPRINTS:
        at.warning("unserved-field", f"{name} cannot be told here: TLS ends before it; the statement does not match")
        return None
    kind = FieldKind(name)
    pattern = at.first("MatchPattern", "MatchPatterns")
    lower = kind is not FieldKind.JSON_BODY
    return Field(
        kind=kind,
        name=at["Name"].text().lower()[:_LONGEST_NAME] if kind.value.startswith("Single") else "",
        included=_names(pattern.first("IncludedHeaders", "IncludedCookies", "IncludedPaths"), lower=lower),
        excluded=_names(pattern.first("ExcludedHeaders", "ExcludedCookies"), lower=True),
        scope=one_of(Scope, at["MatchScope"], Scope.ALL) if pattern.present else Scope.ALL,
        oversize=one_of(Otherwise, at["OversizeHandling"], Otherwise.CONTINUE),
        invalid=one_of(Otherwise, at.first("InvalidFallbackBehavior", "FallbackBehavior"), Otherwise.CONTINUE),
        transformations=read_transformations(transformations),
    )


def _names(at: Spelled, *, lower: bool) -> tuple[str, ...]:
    names = (item.text() for item in at.items()) if at.present else ()
    return tuple(name.lower() if lower else name for name in names)


def one_of(kinds: type[_Kind], at: Spelled, default: _Kind) -> _Kind:
    """Read one of a few words; another one is reported."""
    given = at.text(default.value)
    known = {kind.value: kind for kind in kinds}
    if given not in known:
        at.error("bad-web-acl", f"{given!r} is not one of {', '.join(known)}")
    return known.get(given, default)


def read_transformations(at: Spelled) -> tuple[str, ...]:
    """Read transformations in the order of their priorities."""
    made: list[tuple[int, str]] = []
    for item in at.items():
        name = item["Type"].text()
        if name not in TRANSFORMATIONS:
            item.error("bad-web-acl", f"there is no text transformation {name!r}{nearest(name, TRANSFORMATIONS)}")
        else:
            made.append((item["Priority"].integer() or 0, name))
    return tuple(name for _, name in sorted(made, key=lambda pair: pair[0]) if name != "NONE")
