"""Document paths within an item."""

from collections.abc import Iterable

from inferway.languages.dynamodb.nodes import Path
from inferway.languages.dynamodb.values import Item, Value


def find(item: Item, path: Path) -> Value | None:
    """Give the value at a path; None where there is none."""
    found: Value | None = item.get(str(path[0]))
    for part in path[1:]:
        if found is None:
            return None
        if isinstance(part, int):
            members = found.get("L", ())
            found = members[part] if part < len(members) else None
        else:
            found = found.get("M", {}).get(part)
    return found


def shown(path: Path) -> str:
    """Give a path as messages show it: `[a, b, [1]]`."""
    return f"[{', '.join(f'[{part}]' if isinstance(part, int) else part for part in path)}]"


def project(item: Item, paths: Iterable[Path]) -> Item:
    """Give what of an item stands at the paths; what is left of a list keeps its order."""
    wanted: dict[str | int, object] = {}
    for path in paths:
        if find(item, path) is not None:
            level = wanted
            for part in path[:-1]:
                level = level.setdefault(part, {})  # type: ignore[assignment]  # paths do not overlap: an inner node
            level[path[-1]] = None
    return {str(name): _pick(item[str(name)], below) for name, below in wanted.items()}


def _pick(value: Value, wanted: object) -> Value:
    if not isinstance(wanted, dict):
        return value
    if "L" in value:
        return {"L": [_pick(value["L"][index], wanted[index]) for index in sorted(wanted)]}
    return {"M": {name: _pick(value["M"][name], below) for name, below in wanted.items()}}
