"""Findings as they are listed: each once, in order, and not too many of one kind."""

from collections import Counter
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Severity

_MOST_ALIKE: Final = 200
"""Findings of one kind that are shown; more help nobody."""


def in_order(findings: list[Finding]) -> Findings:
    """Give each finding once, by file, line, column, and errors first at one place."""
    severities = list(Severity)
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda found: (
                (found.place.file, found.place.line, found.place.column),
                severities.index(found.severity),
                (found.code, found.text),
            ),
        )
    )


def bounded(findings: Findings) -> Findings:
    """Give findings with so many of one kind at most, and behind the last of them how many more there are."""
    counts = Counter((found.severity, found.code) for found in findings)
    if all(count <= _MOST_ALIKE for count in counts.values()):
        return findings
    seen: Counter[tuple[Severity, str]] = Counter()
    kept = []
    for found in findings:
        kind = (found.severity, found.code)
        seen[kind] += 1
        if seen[kind] <= _MOST_ALIKE:
            kept.append(found)
        elif seen[kind] == _MOST_ALIKE + 1:
            kept.append(msgspec.structs.replace(found, text=f"{counts[kind] - _MOST_ALIKE:,} more of this kind"))
    return tuple(kept)
