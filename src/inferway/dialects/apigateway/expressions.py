"""Reads mapping templates and parameter mappings into expressions, and checks what the service checks on import.

Sources: API Gateway, "Parameter mapping source reference for REST APIs" and "Parameter mapping examples for REST APIs"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html); its refusals
begin "Invalid mapping expression specified".
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from inferway.definition.expression import Expression
from inferway.definition.steps import Assignment, BodyTemplate, Parameter, ParameterIn
from inferway.faults import Place
from inferway.formats.cursor import Cursor
from inferway.languages.jsonpath import JsonPathError, compile_path
from inferway.languages.vtl import VtlError, compile_template

NAME: Final = r"[a-zA-Z0-9._$-]+"
"""What the service takes as a parameter's name."""

LARGEST_TEMPLATE: Final = 300 * 1024
"""Bytes ("Amazon API Gateway quotas", mapping template size)."""

_ANYWHERE: Final = re.compile(rf"'[^']*'|stageVariables\.{NAME}|context\.{NAME}", re.DOTALL)
_REQUEST: Final = re.compile(
    rf"method\.request\.(?P<where>path|(?:multivalue)?(?:querystring|header))\.(?P<name>{NAME})"
)
_BODY: Final = re.compile(r"(?P<side>method\.request|integration\.response)\.body(?:\.(?P<path>.+))?", re.DOTALL)
_RESPONSE: Final = re.compile(rf"integration\.response\.(?:multivalue)?header\.{NAME}")
_TARGET: Final = re.compile(rf"integration\.request\.(?P<where>path|querystring|header)\.(?P<name>{NAME})")
_RESPONSE_TARGET: Final = re.compile(rf"method\.response\.header\.(?P<name>{NAME})")
_GATEWAY_TARGET: Final = re.compile(rf"gatewayresponse\.(?P<where>header|path|querystring)\.(?P<name>{NAME})")


def declared(location: str, name: str, parameters: Collection[Parameter]) -> Parameter | None:
    """Give the declared parameter that a mapping's `querystring`, `multivalueheader` and so on refers to."""
    where = ParameterIn(location.removeprefix("multivalue"))
    for parameter in parameters:
        same = parameter.name == name or (where is ParameterIn.HEADER and parameter.name.lower() == name.lower())
        if parameter.location is where and same:
            return parameter
    return None


def parse_parameter(text: str, parameters: Collection[Parameter]) -> Parameter | None:
    """Give the declared parameter that `method.request.LOCATION.NAME` names; None for anything else."""
    found = _REQUEST.fullmatch(text)
    return declared(found["where"], found["name"], parameters) if found else None


def request_assignments(
    mappings: Cursor, parameters: Collection[Parameter]
) -> dict[ParameterIn, tuple[Assignment, ...]]:
    """Read an integration's `requestParameters`, by where each value goes."""
    made: dict[ParameterIn, list[Assignment]] = {location: [] for location in ParameterIn}
    for key, mapping in mappings.entries():
        target = _TARGET.fullmatch(key)
        if target is None:
            mapping.error("invalid-mapping", f"Invalid mapping expression specified: {key}")
            continue
        expression = _request_mapping(mapping, parameters)
        if expression is not None:
            made[ParameterIn(target["where"])].append(Assignment(name=target["name"], value=expression))
    return {location: tuple(assignments) for location, assignments in made.items()}


def _request_mapping(mapping: Cursor, parameters: Collection[Parameter]) -> Expression | None:
    text = mapping.text()
    found = _REQUEST.fullmatch(text)
    if found is not None and declared(found["where"], found["name"], parameters) is None:
        mapping.error("undeclared-parameter", f"Invalid mapping expression parameter specified: {text}")
        return None
    if found is None and not _ANYWHERE.fullmatch(text) and not _is_body(text, "method.request"):
        mapping.error("invalid-mapping", f"Invalid mapping expression specified: {text}")
        return None
    return Expression(language="mapping", text=text, place=mapping.place)


def _is_body(text: str, side: str) -> bool:
    """Whether a mapping takes a side's body, or what a JSONPath finds in it."""
    found = _BODY.fullmatch(text)
    if found is None or found["side"] != side:
        return False
    try:
        compile_path(found["path"] or "$")
    except JsonPathError:
        return False
    return True


def response_assignments(mappings: Cursor, headers: Collection[str] | None) -> tuple[Assignment, ...]:
    """Read an integration response's `responseParameters`.

    `headers` are those that the method response declares in lower case, None where there is no method response. The
    service refuses a header that is not declared ("Invalid mapping expression parameter specified").
    """
    made = []
    for key, mapping in mappings.entries():
        target, text = _RESPONSE_TARGET.fullmatch(key), mapping.text()
        if target is None:
            mapping.error("invalid-mapping", f"Invalid mapping expression specified: {key}")
        elif (
            not _ANYWHERE.fullmatch(text)
            and not _RESPONSE.fullmatch(text)
            and not _is_body(text, "integration.response")
        ):
            mapping.error("invalid-mapping", f"Invalid mapping expression specified: {text}")
        else:
            if headers is not None and target["name"].lower() not in headers:
                mapping.warning(
                    "undeclared-header", f"the response does not declare the header {target['name']}; Amazon refuses it"
                )
            expression = Expression(language="mapping", text=text, place=mapping.place)
            made.append(Assignment(name=target["name"], value=expression))
    return tuple(made)


def gateway_assignments(mappings: Cursor) -> tuple[Assignment, ...]:
    """Read a gateway response's `responseParameters`; request parameters need not be declared here.

    The service takes paths and query strings too ("x-amazon-apigateway-gateway-responses.responseParameters object"); a
    response has none.
    """
    made = []
    for key, mapping in mappings.entries():
        target, text = _GATEWAY_TARGET.fullmatch(key), mapping.text()
        if target is None:
            mapping.error("invalid-mapping", f"Invalid mapping expression specified: {key}")
        elif not _ANYWHERE.fullmatch(text) and not _REQUEST.fullmatch(text):
            mapping.error("invalid-mapping", f"Invalid mapping expression specified: {text}")
        elif target["where"] != "header":
            mapping.note("inert-mapping", f"a response has no {target['where']}; {key} changes nothing")
        else:
            expression = Expression(language="mapping", text=text, place=mapping.place)
            made.append(Assignment(name=target["name"], value=expression))
    return tuple(made)


def mapping_templates(bodies: Cursor) -> tuple[BodyTemplate, ...]:
    """Read mapping templates by content type; one that is no Velocity is reported where it is wrong.

    The service takes it all the same, and every call is a 500 (recorded for a template that ends with `$`).
    """
    made = []
    for body, template in _templates(bodies, "vtl"):
        try:
            compile_template(template.template.text, "apigateway")
        except VtlError as error:
            text = f"the template does not compile, so that every call of it is a 500: {error.message}"
            body.warning("bad-template", text, _place(body, error))
        made.append(template)
    return tuple(made)


def substitution_templates(bodies: Cursor) -> tuple[BodyTemplate, ...]:
    """Read a gateway response's templates by content type; "The templates are not processed by the VTL engine"."""
    return tuple(template for _, template in _templates(bodies, "substitution"))


def _place(body: Cursor, error: VtlError) -> Place:
    return body.inside(error.line, error.column) if error.line else body.place


def _templates(bodies: Cursor, language: str) -> Iterator[tuple[Cursor, BodyTemplate]]:
    for content_type, body in bodies.entries():
        text = body.text()
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST_TEMPLATE:
            body.error("template-too-large", f"the template is larger than {LARGEST_TEMPLATE // 1024} KB")
            continue
        expression = Expression(language=language, text=text, place=body.place)
        yield body, BodyTemplate(content_type=content_type, template=expression)
