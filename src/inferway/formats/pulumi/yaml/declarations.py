"""What a program declares under its names: variables and resources, in the order in which they can be evaluated."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table
from inferway.formats.pulumi.yaml.interpolation import Access, BadAccess, parts
from inferway.formats.pulumi.yaml.tokens import PROVIDER, package
from inferway.formats.pulumi.yaml.values import keyed, spelt
from inferway.formats.report import Report

_MOST_SHOWN: Final = 8


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """One name with its expression; `needs` are the names that the expression refers to."""

    name: str
    entry: Entry
    is_resource: bool
    needs: tuple[str, ...]


def declarations(root: Table, report: Report) -> dict[str, Declaration]:
    """Give variables and resources by name; a name of both is reported."""
    found: dict[str, Declaration] = {}
    defaults = default_providers(root)
    for section in ("variables", "resources"):
        for name, entry in entries(root, section, report):
            if name in found:
                text = f"{name} is a variable already, in line {found[name].entry.line}; one of them needs another name"
                report.error(entry, "duplicate-name", text)
                continue
            is_resource = section == "resources"
            needs = dict.fromkeys(_mentioned(entry.value))
            if is_resource:
                needs |= dict.fromkeys(_provided(name, entry.value, defaults))
            found[name] = Declaration(name=name, entry=entry, is_resource=is_resource, needs=tuple(needs))
    return found


def entries(root: Table, section: str, report: Report) -> Iterator[tuple[str, Entry]]:
    """Give the entries of a section; reports one that is no mapping."""
    held = root.entries.get(section)
    if held is None or (isinstance(held.value, Leaf) and held.value.value is None):
        return
    if not isinstance(held.value, Table):
        report.error(held, "wrong-type", f"{section} must be a mapping")
        return
    yield from held.value.entries.items()


def in_order(
    found: Mapping[str, Declaration], first: Iterable[str], report: Report
) -> tuple[list[Declaration], frozenset[str]]:
    """Give declarations, each after what it needs, and the names that stand in circles, which are reported.

    Those of `first` come as early as can be.
    """
    ordered: list[Declaration] = []
    done: set[str] = set()
    circular: set[str] = set()
    for start in dict.fromkeys((*(name for name in first if name in found), *found)):
        path: dict[str, Iterator[str]] = {}
        waiting = start if start not in done else ""
        while waiting or path:
            if waiting:
                path[waiting] = iter(found[waiting].needs)
            name = next(reversed(path))
            waiting = ""
            for need in path[name]:
                if need in path:
                    circular |= _circle(found, list(path), need, report)
                elif need in found and need not in done:
                    waiting = need
                    break
            if not waiting:
                del path[name]
                done.add(name)
                ordered.append(found[name])
    return ordered, frozenset(circular)


def _circle(found: Mapping[str, Declaration], path: list[str], back: str, report: Report) -> set[str]:
    names = path[path.index(back) :]
    shown = [*names[:_MOST_SHOWN], *(["…"] if len(names) > _MOST_SHOWN else []), back]
    report.error(found[names[0]].entry, "circular-reference", f"a circle: {' needs '.join(shown)}")
    return set(names)


def _mentioned(node: Node) -> Iterator[str]:
    """Give the names that the texts and keys of a tree refer to."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Leaf):
            yield from _named([one.value] if isinstance(one.value, str) else [])
        elif isinstance(one, Sequence):
            waiting += reversed(one.items)
        else:
            yield from _named(one.entries)
            waiting += (entry.value for entry in reversed(list(one.entries.values())))


def _named(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if "${" in text:
            try:
                yield from (part.name for part in parts(text) if isinstance(part, Access))
            except BadAccess:
                continue  # it is reported when the text is evaluated


def default_providers(root: Table) -> dict[str, str]:
    """Give the names of default providers by their package."""
    section = root.entries.get("resources")
    made: dict[str, str] = {}
    for name, entry in section.value.entries.items() if section and isinstance(section.value, Table) else ():
        default = keyed(entry.value, "defaultProvider")
        if isinstance(default, Leaf) and default.value is True:
            made.setdefault(package(_type(entry.value)), name)
    return made


def _provided(name: str, node: Node, defaults: Mapping[str, str]) -> Iterator[str]:
    """Give the default provider that a resource takes, first of all where it names none itself."""
    token = _type(node)
    default = defaults.get(package(token), "")
    if default and default != name and not token.startswith(PROVIDER):
        yield default


def _type(node: Node) -> str:
    held = keyed(node, "type")
    return (spelt(held) or "") if held else ""
