"""Reads a method's parameters and request validator.

Sources: API Gateway, "x-amazon-apigateway-request-validators object" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-swagger-extensions-request-validators.html) and "Amazon API Gateway important notes".
"""

import re
from typing import Final

import msgspec

from inferway.definition.steps import Parameter, ParameterIn
from inferway.dialects.apigateway.examples import example_value
from inferway.dialects.apigateway.expressions import NAME
from inferway.formats.cursor import Cursor

VALIDATORS: Final = "x-amazon-apigateway-request-validators"
VALIDATOR: Final = "x-amazon-apigateway-request-validator"

UNDECLARED: Final = "x-inferway-undeclared"
"""Marks a path parameter or a response that an export has because OpenAPI asks for it; the API does not declare it."""

_LOCATIONS: Final = {"path": ParameterIn.PATH, "query": ParameterIn.QUERY, "header": ParameterIn.HEADER}
_IGNORED: Final = {
    "cookie": "API Gateway does not read cookies as parameters; this one is ignored",
    "formData": "API Gateway has no form parameters; this one is ignored",
}


class Validator(msgspec.Struct, frozen=True, kw_only=True):
    """What a request validator checks."""

    body: bool = False
    parameters: bool = False


def read_parameters(path_item: Cursor, operation: Cursor) -> tuple[Parameter, ...]:
    """Read the parameters of a path and of one of its operations, which replace the path's of the same name."""
    made: dict[tuple[ParameterIn, str], Parameter] = {}
    for holder in (path_item, operation):
        own: set[tuple[ParameterIn, str]] = set()
        for item in holder["parameters"].items():
            parameter = _parameter(item)
            if parameter is None:
                continue
            key = (parameter.location, parameter.name)
            if key in own:
                item.error("duplicate-parameter", f"the {item['in'].text()} parameter {parameter.name} is there twice")
            own.add(key)
            made[key] = parameter
    return tuple(made.values())


def body_parameter(operation: Cursor, path_item: Cursor) -> Cursor | None:
    """Give Swagger 2.0's `in: body` parameter, the operation's before the path's."""
    for holder in (operation, path_item):
        for item in holder["parameters"].items():
            if item["in"].value == "body":
                return item
    return None


def _parameter(item: Cursor) -> Parameter | None:
    where, name = item["in"].text(), item["name"].text()
    if item[UNDECLARED].flag():
        return None
    if where in _IGNORED:
        item["in"].warning("ignored-parameter", _IGNORED[where])
    if where in _IGNORED or where == "body":
        return None
    if where not in _LOCATIONS:
        item.error("bad-parameter", f"a parameter stands in path, query or header, not in {where!r}")
        return None
    if not re.fullmatch(NAME, name):
        item.error("parameter-name", f"Parameter name should match the following regular expression: ^{NAME}$")
        return None
    location = _LOCATIONS[where]
    # A path without it is another path, whatever the definition says.
    required = item["required"].flag() or location is ParameterIn.PATH
    return Parameter(location=location, name=name, required=required, example=example_value(item))


def read_validator(document: Cursor, operation: Cursor) -> Validator:
    """Give the validator of a method: its own, else the API's, else one that checks nothing."""
    chosen = operation[VALIDATOR] if operation[VALIDATOR].present else document[VALIDATOR]
    if not chosen.present:
        return Validator()
    name = chosen.text()
    validator = document[VALIDATORS][name]
    if not validator.present:
        chosen.error("unknown-validator", f"Invalid Request Validator identifier specified: {name}")
        return Validator()
    return Validator(
        body=validator["validateRequestBody"].flag(), parameters=validator["validateRequestParameters"].flag()
    )
