"""Reads a function's name out of the forms that name one."""

import re
from typing import Final
from urllib.parse import unquote

_NAME: Final = r"(?P<name>[A-Za-z0-9_-]+|\$\{[^}]*\})"
_QUALIFIER: Final = r"(?::(?P<qualifier>\$LATEST|[A-Za-z0-9_-]+|\$\{[^}]*\}))?"
_FORMS: Final = tuple(
    re.compile(form + _NAME + _QUALIFIER)
    for form in (r"arn:[a-z0-9-]+:lambda:[^:]*:[^:]*:function:", r"(?:\d{12}:)?function:", r"\d{12}:", "")
)
_INVOCATION: Final = re.compile(r"arn:[a-z0-9-]+:apigateway:[^:]*:lambda:path/[0-9-]+/functions/(.+)/invocations")


def function_name_of(text: str) -> str:
    """Give the bare function name of an ARN, a partial ARN, `ACCOUNT:NAME` or a name, with or without a qualifier.

    So does an API Gateway invocation URI. A text of another form is its own name. Source: Lambda API reference, Invoke,
    FunctionName; API Gateway API reference, PutIntegration, uri.
    """
    text = unquote(text.strip())
    invocation = _INVOCATION.fullmatch(text)
    inner = invocation[1] if invocation else text
    for form in _FORMS:
        match = form.fullmatch(inner)
        if match:
            return str(match["name"])
    return inner


def qualifier_of(text: str) -> str:
    """Give the version or alias that a function's name ends with, "" where it has none."""
    inner = unquote(text.strip())
    invocation = _INVOCATION.fullmatch(inner)
    for form in _FORMS:
        match = form.fullmatch(invocation[1] if invocation else inner)
        if match:
            return str(match["qualifier"] or "")
    return ""
