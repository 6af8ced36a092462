"""What a generated client can call: each method of an API with its names and parameters."""

from collections.abc import Iterator
from typing import Final

import msgspec

from inferway.definition.steps import Parameter, ParameterIn
from inferway.dialects.apigateway.export.exportable import Exportable
from inferway.dialects.apigateway.integrations import EXTENSION as INTEGRATION
from inferway.dialects.apigateway.methods import Method, operation_name
from inferway.dialects.apigateway.parameters import read_parameters
from inferway.dialects.apigateway.paths import NAMED, Paths
from inferway.dialects.apigateway.sdk.names import name_of_operation, name_of_path, unique_names

ANY: Final = "ANY"
_DOTS: Final = frozenset((".", ".."))
"""What a call would leave the stage, or the API, by ("URL Standard", 4.4: double-dot path segment)."""


class SdkCall(msgspec.Struct, frozen=True, kw_only=True):
    """One method as a client knows it.

    `names` are those of its function, the one to use first; `query` and `headers` the names of its declared parameters,
    `required` of those the ones without which it cannot be called. Parameters of the path stand in the path.
    """

    names: tuple[str, ...]
    method: str
    path: str
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class SdkCalls(msgspec.Struct, frozen=True, kw_only=True):
    """The methods of an API in their order, and what is to be known of them."""

    calls: tuple[SdkCall, ...]
    notes: tuple[str, ...] = ()


def sdk_calls(api: Exportable) -> SdkCalls:
    """Give the methods of an API that a client can call."""
    methods = list(Paths(api.document).methods())
    reasons = [_uncalled(method) for method in methods]
    told = zip(methods, reasons, strict=True)
    notes = [f"{method.method} {method.path} {reason}; it is left out" for method, reason in told if reason]
    called = [method for method, reason in zip(methods, reasons, strict=True) if not reason]
    each = [pair for method in called for pair in _called(method, methods)]
    wanted = [_wanted(name, method) for name, method in each]
    calls = []
    for names, (first, *_), (name, method) in zip(unique_names(wanted), wanted, each, strict=True):
        if names[0] != first:
            notes.append(f"another method has the name {first}; {name} {method.path} is {names[0]}")
        calls.append(_call(names, name, method))
    return SdkCalls(calls=tuple(calls), notes=tuple(notes))


def _uncalled(method: Method) -> str:
    """Give why no client can call a method, "" where one can."""
    if not method.operation[INTEGRATION].present:
        return "has no integration"
    if not _DOTS.isdisjoint(method.path.split("/")):
        return "has dot segments, which every URL has taken out"
    return ""


def _called(method: Method, methods: list[Method]) -> Iterator[tuple[str, Method]]:
    """Give the HTTP methods that a method is for; ANY is for those that its path does not name."""
    if method.method != ANY:
        yield method.method, method
        return
    named = {other.method for other in methods if other.path == method.path}
    for name in NAMED:
        if name not in named:
            yield name, method


def _wanted(name: str, method: Method) -> tuple[str, ...]:
    """Give the names that a method should have: its operation's, which ANY, being several, has not; and its path's."""
    own = name_of_operation(operation_name(method.operation)) if method.method != ANY else ""
    return tuple(filter(None, (own, name_of_path(method.path, name))))


def _call(names: tuple[str, ...], name: str, method: Method) -> SdkCall:
    parameters = read_parameters(method.path_item, method.operation)
    others = [each for each in parameters if each.location is not ParameterIn.PATH]
    return SdkCall(
        names=names,
        method=name,
        path=method.path,
        query=_names(others, ParameterIn.QUERY),
        headers=_names(others, ParameterIn.HEADER),
        required=tuple(dict.fromkeys(each.name for each in others if each.required)),
    )


def _names(parameters: list[Parameter], location: ParameterIn) -> tuple[str, ...]:
    return tuple(each.name for each in parameters if each.location is location)
