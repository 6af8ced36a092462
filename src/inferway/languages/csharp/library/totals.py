"""Sum, Average, Max and Min."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from inferway.languages.csharp.arithmetic import arithmetic_overflow, fit_decimal
from inferway.languages.csharp.library.ordering import sort_key
from inferway.languages.csharp.library.sequences import EMPTY, Types, counted, listed
from inferway.languages.csharp.types import INTEGRAL, is_value_type
from inferway.languages.csharp.values import invalid_operation, iterate


def total(name: str) -> Callable[..., Any]:
    """`Sum` over one numeric type. Raises ThrownError."""
    zero: Any = {"double": 0.0, "float": 0.0, "decimal": Decimal(0)}.get(name, 0)

    def call(_: Types, source: Any, value: Callable[[Any], Any] | None = None) -> Any:
        total = zero
        for each in counted(iterate(source)):
            found = each if value is None else value(each)
            total += 0 if found is None else found
        if name in INTEGRAL and not INTEGRAL[name][0] <= total <= INTEGRAL[name][1]:
            raise arithmetic_overflow()
        return fit_decimal(total) if name == "decimal" else total

    return call


def average(name: str) -> Callable[..., Any]:
    """`Average` over one numeric type. Raises ThrownError."""

    def call(_: Types, source: Any, value: Callable[[Any], Any] | None = None) -> Any:
        items = [each if value is None else value(each) for each in listed(source)]
        if not items:
            raise invalid_operation(EMPTY)
        return fit_decimal(sum(items, Decimal(0)) / len(items)) if name == "decimal" else sum(items) / len(items)

    return call


def extreme(*, largest: bool) -> Callable[..., Any]:
    """`Max` or `Min`. Raises ThrownError."""

    def call(types: Types, source: Any, value: Callable[[Any], Any] | None = None) -> Any:
        items = [each if value is None else value(each) for each in listed(source)]
        items = [each for each in items if each is not None]
        if not items:
            if not is_value_type(types[-1]) or types[-1].name == "?":
                return None
            raise invalid_operation(EMPTY)
        return max(items, key=sort_key(types[-1])) if largest else min(items, key=sort_key(types[-1]))

    return call
