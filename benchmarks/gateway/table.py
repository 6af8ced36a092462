"""The results of some rounds as a table: medians, and ratios within each round."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.gateway.load import Latency

PEERS: Final = ("envoy-lua", "nginx-lua", "nginx")
"""The peers that ratios are given to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One candidate in one round."""

    microseconds: float
    """CPU time, user and system, per request."""
    megabytes: float
    """PSS after the load."""
    latency: Latency
    failed: int


Round = Mapping[str, Measurement]


def ratio(rounds: Iterable[Round], name: str, peer: str) -> float | None:
    """Give the median, over the rounds that hold both, of one's CPU time over another's."""
    held = [each[name].microseconds / each[peer].microseconds for each in rounds if name in each and peer in each]
    return statistics.median(held) if held else None


def render(rounds: list[Round], names: list[str]) -> str:
    """Lay out one row for each candidate, as Markdown."""
    heads = ["", "CPU µs/request", "lowest to highest", *(f"÷ {peer}" for peer in PEERS), "PSS MB", "p50 µs", "p99 µs"]
    rows = [heads, ["---"] + ["---:"] * (len(heads) - 1)]
    for name in names:
        held = [each[name] for each in rounds]
        spent = sorted(one.microseconds for one in held)
        ratios = [ratio(rounds, name, peer) for peer in PEERS]
        rows.append(
            [
                name,
                f"{statistics.median(spent):.1f}",
                f"{spent[0]:.1f} to {spent[-1]:.1f}",
                *("-" if value is None else f"{value:.2f}" for value in ratios),
                f"{statistics.median(one.megabytes for one in held):.1f}",
                f"{statistics.median(one.latency.p50 for one in held):.0f}",
                f"{statistics.median(one.latency.p99 for one in held):.0f}",
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    )
