"""Reads rate-based statements.

Source: AWS WAFV2 API reference, "RateBasedStatement", "RateBasedStatementCustomKey".
"""

from typing import Final

from inferway.definition.web_acl_statements import Forwarded, Never, RateKey, RateKeyKind, RateMatch, Statement
from inferway.dialects.aws_resources.firewall.fields import read_transformations
from inferway.dialects.aws_resources.firewall.members import check_members
from inferway.dialects.aws_resources.firewall.shelf import Shelf
from inferway.dialects.aws_resources.firewall.spelled import Spelled, plain
from inferway.dialects.aws_resources.firewall.statements import BAD, read_forwarded, read_statement

_LIMITS: Final = (10, 2_000_000_000)
_WINDOWS: Final = (60, 120, 300, 600)
_KEYS: Final = {plain(kind.value): kind.value for kind in RateKeyKind}
_FINGERPRINTS: Final = {"ja3fingerprint": "JA3Fingerprint", "ja4fingerprint": "JA4Fingerprint"}
_MOST_KEYS: Final = 5


def read_rate(at: Spelled, shelf: Shelf) -> Statement:
    """Read a rate-based statement."""
    check_members(at, "RateBasedStatement")
    limit = at["Limit"].integer()
    if limit is None or not _LIMITS[0] <= limit <= _LIMITS[1]:
        at["Limit"].error(BAD, f"a rate's limit is {_LIMITS[0]} to {_LIMITS[1]} requests")
        return Never(reason="it has no limit")
    window = at["EvaluationWindowSec"].integer() or 300
    if window not in _WINDOWS:
        at["EvaluationWindowSec"].error(BAD, f"a rate's window is one of {_WINDOWS} seconds, not {window}")
        window = 300
    aggregate = at["AggregateKeyType"].text("IP")
    forwarded = read_forwarded(at["ForwardedIPConfig"])
    keys = _keys(at, aggregate, forwarded)
    if keys is None:
        return Never(reason="what it counts by cannot be told here")
    down = at["ScopeDownStatement"]
    if aggregate == "CONSTANT" and not down.present:
        at.error(BAD, "a rate that counts all requests together needs a scope-down statement")
    within = read_statement(down, shelf) if down.present else None
    return RateMatch(limit=limit, window=window, keys=keys, aggregate=aggregate, forwarded=forwarded, within=within)


def _keys(at: Spelled, aggregate: str, forwarded: Forwarded | None) -> tuple[RateKey, ...] | None:
    """Read what requests are counted by; None, reported, where that cannot be had."""
    if aggregate == "IP":
        return (RateKey(kind=RateKeyKind.IP),)
    if aggregate == "CONSTANT":
        return ()
    if aggregate == "FORWARDED_IP":
        if forwarded is None:
            at.error(BAD, "a rate by FORWARDED_IP needs a ForwardedIPConfig")
        return (RateKey(kind=RateKeyKind.FORWARDED_IP),)
    if aggregate != "CUSTOM_KEYS":
        at["AggregateKeyType"].error(
            BAD, f"a rate counts by IP, FORWARDED_IP, CONSTANT or CUSTOM_KEYS, not {aggregate!r}"
        )
        return None
    made = []
    for item in at["CustomKeys"].items():
        found = item.choice({**_KEYS, **_FINGERPRINTS})
        if found is None:
            item.error(BAD, f"requests are counted by one of {', '.join(RateKeyKind)}, not {', '.join(item.names())}")
            return None
        name, inner = found
        if plain(name) in _FINGERPRINTS:
            inner.warning("unserved-field", f"{name} cannot be told here: TLS ends before it; the rate limits nothing")
            return None
        kind = RateKeyKind(name)
        named = inner["Namespace"].text() if kind is RateKeyKind.LABEL_NAMESPACE else inner["Name"].text()
        made.append(RateKey(kind=kind, name=named, transformations=read_transformations(inner["TextTransformations"])))
    if not 1 <= len(made) <= _MOST_KEYS:
        at["CustomKeys"].error(BAD, f"a rate counts by 1 to {_MOST_KEYS} custom keys")
        return None
    return tuple(made)
