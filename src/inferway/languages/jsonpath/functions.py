"""The functions at the end of a path (json-path's README, "Functions", and its classes of those names)."""

from collections.abc import Callable, Sequence
from math import sqrt

from inferway.languages.jsonpath.errors import JsonPathError
from inferway.languages.jsonpath.numbers import double_text

Evaluate = Callable[[object, Sequence[object]], object]
"""A function of the value before it and of its parameters' values."""


def _floats(values: Sequence[object]) -> list[float]:
    """The numbers among the values; every other kind is passed over."""
    found = (value for value in values if isinstance(value, int | float) and not isinstance(value, bool))
    try:
        return [float(value) for value in found]
    except OverflowError:
        raise JsonPathError("a number is too large to calculate with") from None


def _aggregate(calculate: Callable[[list[float]], float]) -> Evaluate:
    def evaluate(model: object, parameters: Sequence[object]) -> object:
        numbers = _floats(model) if isinstance(model, list) else []
        for value in parameters:
            numbers += _floats(value if isinstance(value, list) else [value])
        if not numbers:
            raise JsonPathError("Aggregation function attempted to calculate value using empty array")
        return calculate(numbers)

    return evaluate


def _sum(numbers: list[float]) -> float:
    total = 0.0
    for number in numbers:  # one after the other, as Java does; the built-in sum compensates since 3.12
        total += number
    return total


def _average(numbers: list[float]) -> float:
    return _sum(numbers) / len(numbers)


def _deviation(numbers: list[float]) -> float:
    total, count = _sum(numbers), len(numbers)
    variance = _sum([number * number for number in numbers]) / count - total * total / count / count
    return sqrt(variance) if variance >= 0 else float("nan")


def _length(model: object, parameters: Sequence[object]) -> object:
    if parameters and isinstance(parameters[0], list | dict):
        return len(parameters[0])
    return len(model) if isinstance(model, list | dict) else None


def _keys(model: object, _parameters: Sequence[object]) -> object:
    return list(model) if isinstance(model, dict) else None


def _concat(model: object, parameters: Sequence[object]) -> object:
    parts = [item for item in model if isinstance(item, str)] if isinstance(model, list) else []
    for value in parameters:
        parts += [_text(item) for item in (value if isinstance(value, list) else [value]) if item is not None]
    return "".join(parts)


def _text(value: object) -> str:
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _append(model: object, parameters: Sequence[object]) -> object:
    """A new list: Jayway changes the document itself, so that later reads see the addition."""
    return [*model, *parameters] if isinstance(model, list) else model


def _at(model: object, index: int) -> object:
    if not isinstance(model, list):
        raise JsonPathError("Aggregation function attempted to calculate value using empty array")
    if -len(model) <= index < len(model):
        return model[index]
    raise JsonPathError(f"Target index:{index} larger than object count:{len(model)}")


def _index(model: object, parameters: Sequence[object]) -> object:
    if not parameters or not isinstance(parameters[0], int) or isinstance(parameters[0], bool):
        raise JsonPathError("index() needs a number")
    return _at(model, parameters[0])


FUNCTIONS: dict[str, Evaluate] = {
    "avg": _aggregate(_average),
    "stddev": _aggregate(_deviation),
    "sum": _aggregate(_sum),
    "min": _aggregate(min),
    "max": _aggregate(max),
    "concat": _concat,
    "length": _length,
    "size": _length,
    "append": _append,
    "keys": _keys,
    "first": lambda model, _parameters: _at(model, 0),
    "last": lambda model, _parameters: _at(model, -1),
    "index": _index,
}
