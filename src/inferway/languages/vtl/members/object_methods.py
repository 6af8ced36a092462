"""What every Java object can do."""

from __future__ import annotations

from typing import Any, Final

from inferway.languages.vtl.equality import java_class, java_equals
from inferway.languages.vtl.members.signature import Method, method
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import JavaClass, java_hash


def class_of(value: Any) -> JavaClass:
    """`value.getClass()`."""
    return JavaClass(java_class(value))


METHODS: Final[tuple[Method, ...]] = (
    method("toString", "", java_text),
    method("equals", "o", java_equals),
    method("hashCode", "", java_hash),
    method("getClass", "", class_of),
)
