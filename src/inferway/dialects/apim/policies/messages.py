"""Policies that change the request or the response.

Source: API Management, "API Management policy reference", Transformation (https://learn.microsoft.com/azure/
api-management/api-management-policies#transformation).
"""

from typing import Final

from inferway.definition.message_steps import (
    Exists,
    ReplaceText,
    RewritePath,
    SetBody,
    SetHeader,
    SetMethod,
    SetQuery,
    SetStatus,
    WriteLog,
)
from inferway.definition.steps import SetVariable, Step
from inferway.dialects.apim.document import EMPTY, Element, Text
from inferway.dialects.apim.policies.site import Site, UnservedError
from inferway.exchange import header_name

_APART: Final = frozenset(
    b"user-agent www-authenticate proxy-authenticate cookie set-cookie warning date expires if-modified-since "
    b"if-unmodified-since last-modified retry-after".split()
)
"""Headers whose values are not put into one line with commas ("Set header", usage notes)."""

_UNCHANGEABLE: Final = frozenset(b"connection content-length keep-alive transfer-encoding".split())
_EXISTS: Final = {"override": Exists.OVERRIDE, "skip": Exists.SKIP, "append": Exists.APPEND, "delete": None}
_SEVERITIES: Final = {"verbose": "debug", "information": "info", "error": "error", "": "debug"}


def set_variable(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-variable name value`."""
    name = site.literal(element, "name")
    return (SetVariable(name=name, value=site.any(element, element.attribute("value"))),) if name else ()


def values_of(element: Element) -> tuple[Text, ...]:
    """Give the values of an element's `value` children, without the white space around them."""
    return tuple(
        child.text if child.text.expression else Text(text=child.text.text.strip()) for child in element.named("value")
    )


def read_header(element: Element, site: Site) -> tuple[str, Exists | None, tuple[Text, ...]] | None:
    """Give a header's name, what to do where it exists, and its values; None with a report where it cannot be set."""
    name, exists = site.literal(element, "name"), _exists(element, site)
    if not name:
        return None
    try:
        lowered = header_name(name).lower()
    except ValueError:
        site.error(element, "bad-header", f"{name!r} cannot be a header's name")
        return None
    if lowered in _UNCHANGEABLE:
        site.error(element, "unchangeable-header", f"{name} cannot be modified or deleted")
        return None
    return name, exists, values_of(element)


def set_header(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-header name exists-action`, with a `value` each."""
    read = read_header(element, site)
    if read is None:
        return ()
    name, exists, values = read
    return (
        SetHeader(
            name=name,
            values=tuple(site.text(element, value) for value in values) if exists is not None else (),
            message=site.message,
            exists=exists or Exists.OVERRIDE,
            joined=name.lower().encode("ascii") not in _APART,
        ),
    )


def set_query(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-query-parameter name exists-action`, with a `value` each."""
    name, exists = site.literal(element, "name"), _exists(element, site)
    if not name:
        return ()
    values = tuple(site.text(element, value) for value in values_of(element)) if exists is not None else ()
    return (SetQuery(name=name, values=values, exists=exists or Exists.OVERRIDE),)


def _exists(element: Element, site: Site) -> Exists | None:
    """Give what `exists-action` says, None for delete."""
    action = element.attribute("exists-action")
    if action.text and action.text not in _EXISTS:
        if action.expression:
            raise UnservedError(element, "unserved-expression", "an expression as exists-action is not served")
        site.error(element, "bad-attribute", f"exists-action is {', '.join(_EXISTS)}, not {action.text[:50]!r}")
    return _EXISTS.get(action.text, Exists.OVERRIDE)


def set_body(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-body`: a text or an expression."""
    if element.attribute("template").text:
        raise UnservedError(element, "unserved-template", "set-body with a Liquid template is not served")
    return (SetBody(value=site.body(element, element.text), message=site.message),)


def find_and_replace(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`find-and-replace from to`."""
    if "from" not in element.attributes or "to" not in element.attributes:
        site.error(element, "missing-attribute", "find-and-replace needs the attributes from and to")
        return ()
    old, new = site.text(element, element.attribute("from")), site.text(element, element.attribute("to"))
    return (ReplaceText(old=old, new=new, message=site.message),)


def set_method(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-method`: the method as text."""
    text = element.text if element.text.expression else Text(text=element.text.text.strip())
    return (SetMethod(method=site.text(element, text)),)


def set_status(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-status code reason`; the reason is not sent, as HTTP/2 has none."""
    code = element.attribute("code")
    if code == EMPTY:
        site.needs(element, "code")
        return ()
    return (SetStatus(status=site.text(element, code)),)


def rewrite_uri(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`rewrite-uri template copy-unmatched-params`."""
    template = element.attribute("template")
    if not template.text:
        site.needs(element, "template")
        return ()
    keep = site.truth(element, "copy-unmatched-params", default=True)
    return (RewritePath(template=site.text(element, template), keep_query=keep, matched=site.around.matched),)


def trace(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`trace source severity` with a `message`, in older documents its own text; a line of the gateway's log."""
    severity = element.attribute("severity").text
    if severity not in _SEVERITIES:
        site.error(element, "bad-attribute", f"severity is verbose, information or error, not {severity[:50]!r}")
    messages = element.named("message")
    text = site.text(element, messages[0].text if messages else element.text)
    source = element.attribute("source").text
    return (WriteLog(source=source, text=text, severity=_SEVERITIES.get(severity, "debug")),)
