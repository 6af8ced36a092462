"""`$context.requestOverride` and `$context.responseOverride`.

Source: API Gateway, "Override your API's request and response parameters and status codes": an override may be applied
to each parameter once; a second one is a 5XX.
"""

from typing import Any, Final

from inferway.dialects.dialect import EvaluationError, Overrides
from inferway.languages.vtl import JavaHashMap, java_text

_STATUSES: Final = range(100, 1000)


class OverrideMap(JavaHashMap):
    """A map of overridden parameters that remembers which were set twice."""

    __slots__ = ("twice",)

    def __init__(self) -> None:
        super().__init__(table_size=16)
        self.twice: Any = None

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set a parameter; the second time is remembered."""
        if key in self:
            self.twice = key
        super().__setitem__(key, value)

    def vtl_text(self) -> str:
        """Print as nothing, as nested maps of `$context` do."""
        return ""


def override_maps() -> tuple[JavaHashMap, JavaHashMap]:
    """Give empty maps for the request and for the response."""
    request = JavaHashMap({"header": OverrideMap(), "path": OverrideMap(), "querystring": OverrideMap()}, table_size=16)
    response = JavaHashMap({"header": OverrideMap()}, table_size=16)
    return request, response


def request_overrides(override: Any) -> Overrides | None:
    """Read the request's overrides, None where there are none."""
    if not isinstance(override, dict):
        return None
    path, query, header = (_texts(override.get(name)) for name in ("path", "querystring", "header"))
    if not (path or query or header):
        return None
    return Overrides(path={name: values[-1] for name, values in path.items()}, query=query, headers=header)


def response_overrides(override: Any) -> Overrides | None:
    """Read the response's overrides, None where there are none."""
    if not isinstance(override, dict):
        return None
    headers = _texts(override.get("header"))
    status = override.get("status")
    if status is None or status == "":
        return Overrides(path={}, query={}, headers=headers) if headers else None
    try:
        number = int(java_text(status))
    except ValueError:
        number = 0
    if number not in _STATUSES:
        raise EvaluationError(f"responseOverride.status is no status: {java_text(status)[:80]!r}")
    return Overrides(path={}, query={}, headers=headers, status=number)


def _texts(parameters: Any) -> dict[str, list[str]]:
    if not isinstance(parameters, dict):
        return {}
    if isinstance(parameters, OverrideMap) and parameters.twice is not None:
        raise EvaluationError(f"the parameter {parameters.twice!r} is overridden twice")
    return {
        java_text(name): [java_text(item) for item in (value if isinstance(value, list) else [value])]
        for name, value in parameters.items()
        if value is not None
    }
