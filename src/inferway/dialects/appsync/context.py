"""`$context` of a resolver's templates.

Source: AppSync, "Resolver mapping template context reference" (https://docs.aws.amazon.com/appsync/latest/devguide/
resolver-context-reference.html).
"""

import re
from typing import Any, Final

from inferway.dialects.appsync.data_source import Outcome
from inferway.exchange import Exchange

_WHOLE: Final = re.compile(r"\$!?\{?(?:ctx|context)\b(?!\s*\.)|\binfo\b")
"""A template that may look at the selection set: one that says `info`, or takes the context as a whole."""


def looks_at_selection(template: str) -> bool:
    """Say whether a template may look at what the query selects, which costs time to make."""
    return _WHOLE.search(template) is not None


def request_headers(exchange: Exchange) -> dict[str, str]:
    """Give the request's headers by their lower-case names; several of one name are joined by commas."""
    headers: dict[str, str] = {}
    for name, value in exchange.request.headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


def _info(exchange: Exchange, *, selection: bool) -> dict[str, Any]:
    field = exchange.frame.field
    if field is None:
        return {}
    info: dict[str, Any] = {"fieldName": field.name, "parentTypeName": field.parent, "variables": field.variables}
    if selection:
        info["selectionSetList"] = list(field.selected())
        info["selectionSetGraphQL"] = field.selection_text()
    return info


def make_context(exchange: Exchange, outcome: Outcome | None, *, selection: bool) -> dict[str, Any]:
    """Give `$context`; `outcome` is what the data source gave, None in a request template.

    `identity` is null: callers with an API key have none.
    """
    frame = exchange.frame
    context: dict[str, Any] = {
        "arguments": frame.arguments,
        "args": frame.arguments,
        "source": frame.source,
        "identity": None,
        "request": {"headers": request_headers(exchange), "domainName": None},
        "prev": {"result": frame.previous},
        "info": _info(exchange, selection=selection),
        "stash": frame.stash,
    }
    if outcome is not None:
        context["result"] = outcome.result
        context["error"] = None
        if outcome.error is not None:
            context["error"] = {"message": outcome.error.message, "type": outcome.error.type}
    return context


def direct_payload(exchange: Exchange) -> dict[str, Any]:
    """Give the context as a function that is called without a request template gets it."""
    context = make_context(exchange, None, selection=True)
    del context["args"]
    return context
