"""What mapped integrations have in common: templates, answers and errors, documents of HTTP requests."""

import json
from collections.abc import Mapping
from typing import Final

from inferway.patterns.element import logical_id
from inferway.patterns.shape import Asked, Case, Errors
from inferway.patterns.templates import velocity

ERRORS: Final = {400: r"4\d{2}", 500: r"5\d{2}"}
"""A backend's own errors, as a caller is told them."""
NO_RESPONSE: Final = """#if($ctx.error)
$util.error($ctx.error.message, $ctx.error.type)
#end
#if($ctx.result.statusCode >= 200 && $ctx.result.statusCode < 300)
$ctx.result.body
#else
$util.error($ctx.result.body, "$ctx.result.statusCode")
#end"""
"""A field's response template that passes on the body of an HTTP answer, or its failure."""


def mapped(asked: Asked) -> dict[str, object]:
    """Give the properties of an integration whose request has a template, or none."""
    if asked.request == "":
        return {"PassthroughBehavior": "WHEN_NO_MATCH"}
    return {"PassthroughBehavior": "NEVER", "RequestTemplates": {"application/json": velocity(asked.request)}}


def cases(asked: Asked, errors: Errors, success: str = "", failed: str = "") -> tuple[Case, ...]:
    """Give the answers of a mapped integration: the errors that are told apart, and all else as 200.

    `success` and `failed` are the templates where the route has none.
    """
    made = [Case(status=200, template=success if asked.response == "" else velocity(asked.response))]
    for status, told in (asked.errors or errors).items():
        pattern, template = (told, failed) if isinstance(told, str) else (told[0], velocity(told[1]))
        made.append(Case(status=status, pattern=pattern, template=template))
    return tuple(made)


def http_document(call: Mapping[str, object], body: str) -> str:
    """Give the request document of an HTTP data source, with Velocity as its body, "" for none."""
    text = json.dumps(call)
    if not body:
        return text
    if '"params": {' not in text:
        return f'{text[:-1]}, "params": {{"body": {body}}}}}'
    return text.replace('"params": {', f'"params": {{"body": {body}, ', 1)


def identifier(*path: str) -> str:
    """Give a name for a data source: letters, digits and underscores (AppSync, `CreateDataSource`)."""
    return logical_id(*path)[:64]
