"""What a compiled template calls while it renders."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic
from typing import Any, NoReturn

from inferway.languages.vtl.limits import COLLECTION_SIZE
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import ForeachScope, JavaFailure, JavaSet


class StopRender(Exception):  # noqa: N818 - control flow, not an error
    """`#stop`: the rest of the template is not rendered; `text` is what the interrupted blocks had written."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""


class BreakScope(Exception):  # noqa: N818 - control flow, not an error
    """`#break($scope)`: leaves the loop that owns the scope."""

    def __init__(self, scope: ForeachScope) -> None:
        super().__init__()
        self.scope = scope


class ReturnValue(Exception):  # noqa: N818 - control flow, not an error
    """`#return(value)`: the template ends with the value."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class DefinedBlock:
    """What `#define` puts into its variable: rendered anew at each use, at most two deep in itself.

    `context` is that of the definition, where variables live in one.
    """

    __slots__ = ("_context", "_depth", "_render")

    def __init__(self, render: Callable[..., str], context: Any = None) -> None:
        self._render = render
        self._context = context
        self._depth = 0

    def text(self, context: Any = None) -> str | None:
        """The block's text, over the variables in `context`; None when it is already being rendered twice."""
        if self._depth >= 2:
            return None
        self._depth += 1
        try:
            if self._context is None:
                return self._render()
            return self._render(self._context if context is None else context)
        finally:
            self._depth -= 1

    def vtl_text(self) -> str:
        """The block's text."""
        return self.text() or ""

    vtl_methods = {("toString", 0): text}  # noqa: RUF012 - a host object's table is a literal


def show(value: Any, null: str, recursive: str | None = None, context: Any = None) -> str:
    """The text of a reference's value, `null` for null, `recursive` for a block that is already open twice."""
    if value is None:
        return null
    if value.__class__ is DefinedBlock:
        text: str | None = value.text(context)
        return text if text is not None else (null if recursive is None else recursive)
    return java_text(value)


def show_prefixed(value: Any, prefix: str, null: str, recursive: str | None = None, context: Any = None) -> str:
    """The text of a reference's value after a prefix, which a block goes without; the rest as in `show`."""
    if value is None:
        return null
    if value.__class__ is DefinedBlock:
        text = value.text(context)
        return text if text is not None else (null if recursive is None else recursive)
    return prefix + java_text(value)


def truth(value: Any) -> bool:
    """Whether a value counts as true: only null and false do not."""
    if value.__class__ is DefinedBlock:
        return value.text() is not None
    return value is not None and value is not False


def integer_range(first: Any, last: Any, most: int) -> list[int] | None:
    """`[first..last]`, up or down; null unless both are numbers. Raises JavaFailure beyond `most` elements."""
    if isinstance(first, bool) or isinstance(last, bool):
        return None
    if not isinstance(first, int | float) or not isinstance(last, int | float):
        return None
    start, stop = _int_value(first), _int_value(last)
    size = abs(stop - start) + 1
    if size > most:
        raise JavaFailure(f"The range has {size} elements, more than {most}")
    return list(range(start, stop + 1)) if start <= stop else list(range(start, stop - 1, -1))


def _int_value(value: int | float) -> int:  # noqa: PYI041 - both are told apart
    if isinstance(value, int):
        low = value & 0xFFFFFFFF
        return low - 0x100000000 if low & 0x80000000 else low
    return 0 if math.isnan(value) else int(max(-(2.0**31), min(2.0**31 - 1, value)))


def tick(left: int, started: float, seconds: float) -> tuple[int, float]:
    """Called about every 32 steps: whether there are steps and time left.

    Gives the number of steps left at which to call again, and the time of the first call.
    """
    if left < 0:
        raise JavaFailure("The template takes too many steps")
    now = monotonic()
    if started and now - started > seconds:
        raise JavaFailure(f"The template takes longer than {seconds:g} s")
    return max(left - 32, 0), started or now


def cost(value: Any) -> int:
    """How much of the characters that a render may make a value uses up."""
    if value.__class__ is str:
        return len(value)
    if isinstance(value, list):
        return 8 * len(value) + sum([len(item) for item in value if item.__class__ is str])
    return len(value) if isinstance(value, str) else 1


def exhausted() -> NoReturn:
    """The characters are used up."""
    raise JavaFailure("The template writes too many characters")


def source_size(source: Any) -> int:
    """The size of what a loop runs over, to see whether the loop changes it."""
    if isinstance(source, JavaSet) and source.backing is not None:
        return len(source.backing)
    return len(source) if isinstance(source, list | dict) else 0


def changed(source: Any, done: int, total: int) -> bool:
    """The source changed its size within the loop: True to end the loop, an exception where Java's iterator throws."""
    ends = done == len(source) if isinstance(source, list) and not isinstance(source, JavaSet) else done >= total
    if not ends:
        raise JavaFailure("java.util.ConcurrentModificationException")
    return True


def checked_size(items: list[Any]) -> list[Any]:
    """A list literal's elements, if there are not too many."""
    if len(items) > COLLECTION_SIZE:
        raise JavaFailure("java.lang.OutOfMemoryError: the list is too large")
    return items


def new_map(*pairs: Any) -> dict[Any, Any]:
    """A map literal: keys and values in turn."""
    try:
        return dict(zip(pairs[::2], pairs[1::2], strict=True))
    except TypeError:
        raise JavaFailure("java.lang.UnsupportedOperationException: a list or map cannot be a key") from None


def scope_argument(value: Any) -> BreakScope:
    """What `#break(value)` raises."""
    if not isinstance(value, ForeachScope):
        raise JavaFailure("The argument of #break is not a scope")
    return BreakScope(value)


def no_resource(name: str) -> NoReturn:
    """`#include` and `#parse` find nothing."""
    raise JavaFailure(f"#{name}: there is nothing to load from")
