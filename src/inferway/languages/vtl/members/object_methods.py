"""What every Java object can do."""

from __future__ import annotations

from typing import Any, Final

from inferway.languages.vtl.equality import java_class, java_equals
from inferway.languages.vtl.members.signature import Method, method
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import JavaClass, JavaFailure, java_hash


def class_of(value: Any) -> JavaClass:
    """`value.getClass()`."""
    return JavaClass(java_class(value), value.__class__)


def same_class(value: Any, other: Any) -> None:
    """What `compareTo` insists on, which Java's bridge methods offer for any object."""
    if java_class(value) != java_class(other):
        raise JavaFailure(f"java.lang.ClassCastException: {java_class(other)} cannot be cast to {java_class(value)}")


METHODS: Final[tuple[Method, ...]] = (
    method("toString", "", java_text),
    method("equals", "o", java_equals),
    method("hashCode", "", java_hash),
    method("getClass", "", class_of),
)
