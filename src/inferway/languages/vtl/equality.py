"""Java's `equals` and class names."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, Final

from inferway.languages.vtl.limits import COLLECTION_SIZE, TEXT_DEPTH
from inferway.languages.vtl.values import (
    ForeachScope,
    JavaArray,
    JavaBigInteger,
    JavaCharacter,
    JavaClass,
    JavaCollection,
    JavaFailure,
    JavaHashMap,
    JavaIterator,
    JavaLong,
    JavaSet,
    JsonList,
    MapEntry,
)

_NAMES: Final[dict[type, str]] = {
    str: "java.lang.String",
    bool: "java.lang.Boolean",
    float: "java.lang.Double",
    Decimal: "java.math.BigDecimal",
    JavaLong: "java.lang.Long",
    JavaBigInteger: "java.math.BigInteger",
    JavaCharacter: "java.lang.Character",
    dict: "java.util.LinkedHashMap",
    JavaHashMap: "java.util.HashMap",
    list: "java.util.ArrayList",
    JsonList: "net.minidev.json.JSONArray",
    JavaSet: "java.util.LinkedHashMap$LinkedKeySet",
    JavaCollection: "java.util.LinkedHashMap$LinkedValues",
    MapEntry: "java.util.LinkedHashMap$Entry",
    JavaIterator: "java.util.ArrayList$Itr",
    JavaClass: "java.lang.Class",
    ForeachScope: "org.apache.velocity.runtime.directive.ForeachScope",
}


def java_class(value: Any) -> str:
    """The name of the value's Java class; of a host object, its Python class's."""
    if value.__class__ is int:
        if -(2**31) <= value < 2**31:
            return "java.lang.Integer"
        return "java.lang.Long" if -(2**63) <= value < 2**63 else "java.math.BigInteger"
    if isinstance(value, JavaArray):
        return {"byte": "[B", "char": "[C"}.get(value.element, f"[L{value.element};")
    return _NAMES.get(type(value)) or type(value).__name__


def java_equals(left: Any, right: Any) -> bool:
    """`left.equals(right)`: numbers of different types are never equal, containers are by their elements.

    Raises JavaFailure beyond 1,000,000 comparisons or 200 nested containers.
    """
    return _Comparison().equal(left, right, 0)


class _Comparison:
    __slots__ = ("room",)

    def __init__(self) -> None:
        self.room = COLLECTION_SIZE

    def equal(self, left: Any, right: Any, depth: int) -> bool:
        if left is right:
            return True
        self.room -= 1
        if depth > TEXT_DEPTH or self.room < 0:
            raise JavaFailure("java.lang.StackOverflowError")
        if isinstance(left, dict):
            return isinstance(right, dict) and self._maps(left, right, depth)
        if isinstance(left, list):
            return isinstance(right, list) and self._lists(left, right, depth)
        if isinstance(left, MapEntry):
            return (
                isinstance(right, MapEntry)
                and self.equal(left.key, right.key, depth + 1)
                and self.equal(left.value, right.value, depth + 1)
            )
        if java_class(left) != java_class(right):
            return False
        if isinstance(left, JavaClass):
            return bool(left.name == right.name)
        if isinstance(left, float):
            return (math.isnan(left) and math.isnan(right)) or (
                left == right and math.copysign(1, left) == math.copysign(1, right)
            )
        return bool(left == right)

    def _maps(self, left: dict[Any, Any], right: dict[Any, Any], depth: int) -> bool:
        if len(left) != len(right):
            return False
        return all(key in right and self.equal(item, right[key], depth + 1) for key, item in left.items())

    def _lists(self, left: list[Any], right: list[Any], depth: int) -> bool:
        unequal = (JavaArray, JavaCollection)
        if isinstance(left, unequal) or isinstance(right, unequal) or len(left) != len(right):
            return False
        if isinstance(left, JavaSet) != isinstance(right, JavaSet):
            return False
        if isinstance(left, JavaSet):
            return all(any(self.equal(a, b, depth + 1) for b in right) for a in left)
        return all(self.equal(a, b, depth + 1) for a, b in zip(left, right, strict=True))
