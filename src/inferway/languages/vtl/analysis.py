"""What has to be known of a whole template before code is written for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from inferway.languages.vtl import nodes
from inferway.languages.vtl.profiles import Profile

LOOP_NAMES: Final = frozenset({"foreach", "velocityCount", "velocityHasNext"})
LOOP_PROPERTIES: Final = frozenset({"index", "count", "hasNext", "first", "last"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Analysis:
    """Facts that choose how a template is compiled."""

    dynamic: bool
    """Variables live in a context object, because macros or `#evaluate` see them by name."""
    blocks: bool
    """`#define` occurs."""
    stops: bool
    """`#stop` or `#break` may end more than the innermost loop."""
    scopes: bool
    """`$foreach` has to be a real object, for it is used in ways that are not settled at compile time."""
    counters: bool
    """`$velocityCount` and `$velocityHasNext` have to be real variables."""
    breaks_scope: bool
    """`#break($scope)` occurs."""
    mentions: Mapping[str, int]
    """How often each variable is mentioned."""


def analyse(root: nodes.Block, profile: Profile, macros: set[str] | None) -> Analysis:
    """Look through a template; `macros` are names defined elsewhere, if it is evaluated within another template."""
    found = list(_walk(root))
    kinds = {type(each) for each in found}
    has_macros = profile.macros and nodes.Macro in kinds
    dynamic = macros is not None or nodes.Evaluate in kinds or (has_macros and nodes.MacroCall in kinds)
    breaks_scope = any(isinstance(each, nodes.Break) and each.scope is not None for each in found)
    mentioned = _mentions(found)
    unsettled = {name for name in LOOP_NAMES if name in mentioned and _unsettled(root, name)}
    return Analysis(
        dynamic=dynamic,
        blocks=nodes.Define in kinds,
        stops=nodes.Stop in kinds,
        scopes=dynamic or breaks_scope or "foreach" in unsettled,
        counters=dynamic or bool(unsettled & {"velocityCount", "velocityHasNext"}),
        breaks_scope=breaks_scope,
        mentions=mentioned,
    )


def macros_of(root: nodes.Block) -> tuple[nodes.Macro, ...]:
    """All macro definitions in a template, in its order."""
    found = [each for each in _walk(root) if isinstance(each, nodes.Macro)]
    return tuple(sorted(found, key=lambda macro: (macro.place.line, macro.place.column)))


def mentions(node: Any) -> Counter[str]:
    """How often each variable is mentioned below a node."""
    return _mentions(_walk(node))


def _mentions(below: Iterable[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in below:
        if isinstance(each, nodes.Reference):
            found[each.root] += 1
        elif isinstance(each, nodes.Foreach):
            found[each.variable] += 1
        elif isinstance(each, nodes.Define):
            found[each.name] += 1
    return found


def assigns(node: Any, name: str) -> bool:
    """Whether a variable is given a value below a node."""
    return any(
        (isinstance(each, nodes.Set) and not each.target.steps and each.target.assigned == name)
        or (isinstance(each, nodes.Foreach) and each.variable == name)
        for each in _walk(node)
    )


def _walk(node: Any) -> Iterator[Any]:
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, tuple):
            pending.extend(current)
        elif (names := _parts(type(current))) is not None:
            yield current
            pending.extend(getattr(current, name) for name in names)


def _parts(kind: type) -> tuple[str, ...] | None:
    """The names of what a kind of node holds; None of what is no node."""
    if kind not in _PARTS:
        is_node = is_dataclass(kind) and kind is not nodes.Place
        _PARTS[kind] = tuple(field.name for field in fields(kind)) if is_node else None
    return _PARTS[kind]


_PARTS: Final[dict[type, tuple[str, ...] | None]] = {}
"""Of each kind of node met so far: dataclasses.fields is slow."""


def _unsettled(root: nodes.Block, name: str) -> bool:
    """Whether a loop name is used where it cannot be read off the enclosing loops."""
    pending: list[tuple[Any, int, bool]] = [(root, 0, True)]
    while pending:
        current, loops, whole = pending.pop()
        if isinstance(current, tuple):
            pending.extend((each, loops, whole) for each in current)
            continue
        names = _parts(type(current))
        if names is None:
            continue
        if isinstance(current, nodes.Set) and current.target.root == name:
            return True
        if isinstance(current, nodes.Foreach):
            if current.variable == name:
                return True
            pending.append((current.source, loops, whole))
            pending.append((current.body, loops + 1, whole))
            continue
        if isinstance(current, nodes.Define | nodes.Macro):
            loops, whole = 0, False
        if isinstance(current, nodes.Reference) and current.root == name and _needs_variable(current, loops, whole):
            return True
        pending.extend((getattr(current, part), loops, whole) for part in names)
    return False


def _needs_variable(reference: nodes.Reference, loops: int, whole: bool) -> bool:
    if reference.root != "foreach":
        return loops == 0 or bool(reference.steps)
    return settled_loop(reference, loops, whole=whole) is None


def settled_loop(reference: nodes.Reference, loops: int, *, whole: bool) -> tuple[int, str] | None:
    """For `$foreach.parent.count`: which of the enclosing loops (0 is the outermost) and which property.

    `whole` says that these are all loops: a block may be rendered within others.
    """
    at = loops - 1
    if at < 0 or not reference.steps:
        return None
    *path, last = reference.steps
    for step in path:
        if not isinstance(step, nodes.Property) or step.name not in ("parent", "topmost"):
            return None
        at = 0 if step.name == "topmost" else at - 1
        if at < 0 or (step.name == "topmost" and not whole):
            return None
    if not isinstance(last, nodes.Property) or last.name not in LOOP_PROPERTIES:
        return None
    return at, last.name
