"""Writes the tables of resource types into docs/formats.md, from what the dialects say of each."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from inferway.convert import coverage
from inferway.formats.resources import Coverage

PAGE: Final = Path(__file__).parents[1] / "docs" / "formats.md"

SPELLINGS: Final = {
    "CloudFormation, CDK, SAM": ("AWS::", "Custom::"),
    "Pulumi, AWS": ("aws:",),
    "ARM, APIOps": ("Microsoft.",),
    "Pulumi, Azure Native": ("azure-native:",),
    "Pulumi, classic Azure": ("azure:",),
}
"""The tables by title, with the prefixes of the types that stand in each."""

_PARTS: Final = re.compile(r"(?P<group>AWS::\w+::|Custom::|[\w-]+:\w+[:/]|Microsoft\.\w+/)(?P<name>.+)")
_BLOCK: Final = re.compile(r"(?<=<!-- resource types -->\n).*?(?=<!-- end -->)", re.DOTALL)


def tables(types: Mapping[str, Coverage]) -> str:
    """Give the tables: a row for each service, with the names of its types by what is made of them."""
    return "\n".join(f"### {title}\n\n{_table(types, prefixes)}\n" for title, prefixes in SPELLINGS.items())


def _table(types: Mapping[str, Coverage], prefixes: tuple[str, ...]) -> str:
    rows: dict[str, dict[Coverage, dict[str, None]]] = {}
    for known, made in types.items():
        parts = _PARTS.fullmatch(known) if known.startswith(prefixes) else None
        if parts is not None:
            name = parts["name"].rpartition(":")[2]
            rows.setdefault(parts["group"], {}).setdefault(made, {})[name] = None
    lines = [f"| types | {' | '.join(Coverage)} |", f"| {' | '.join(['---'] * (1 + len(Coverage)))} |"]
    return "\n".join(lines + [f"| `{group}` | {' | '.join(_cells(row))} |" for group, row in sorted(rows.items())])


def _cells(row: Mapping[Coverage, Mapping[str, None]]) -> Iterator[str]:
    for made in Coverage:
        yield ", ".join(f"`{name}`" for name in sorted(row.get(made, ()))) or "-"


def updated(page: str) -> str:
    """Give the page with its tables as they should be."""
    types = {name: made for name, (made, _) in coverage().items()}
    return _BLOCK.sub(lambda _: f"\n{tables(types)}\n", page)


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    PAGE.write_text(updated(text), "utf-8")
    sys.exit(0)
