"""Reads one method of an API into a route."""

from typing import Final

import msgspec

from inferway.definition.api import Route
from inferway.definition.message_steps import DecodeBody, EncodeBody
from inferway.definition.steps import (
    Invoke,
    LimitByStage,
    LimitByUsagePlan,
    LookUpCache,
    MapRequest,
    MapResponse,
    Parameter,
    ParameterIn,
    Pipeline,
    RequireApiKey,
    Step,
    StoreInCache,
    ValidateBody,
    ValidateParameters,
)
from inferway.dialects.apigateway.authorization import Authorization, read_authorization
from inferway.dialects.apigateway.binary_types import read_payload
from inferway.dialects.apigateway.compression import compression_from
from inferway.dialects.apigateway.examples import example_body
from inferway.dialects.apigateway.extensions import OPERATION, report_extensions
from inferway.dialects.apigateway.integrations import EXTENSION, read_integration
from inferway.dialects.apigateway.models import Models
from inferway.dialects.apigateway.parameters import body_parameter, read_parameters, read_validator
from inferway.formats.cursor import Cursor
from inferway.languages.vtl import JavaHashMap

_Kinds = tuple[type[Step], ...]

REQUEST: Final[_Kinds] = (
    RequireApiKey,
    LimitByUsagePlan,
    LimitByStage,
    DecodeBody,
    ValidateParameters,
    ValidateBody,
    LookUpCache,
    MapRequest,
)
INVOKE: Final[_Kinds] = (Invoke,)
RESPONSE: Final[_Kinds] = (MapResponse, StoreInCache, EncodeBody)
"""The service's fixed order of steps after authorization (order of checks: "Amazon API Gateway request lifecycle")."""


_NO_MAPPINGS: Final = frozenset(("aws_proxy", "mock"))
"""Types of integration that map no parameters: a function gets them all, and there is nobody else to get one."""


OPERATION_NAME: Final = "x-inferway-operation-name"
"""The name of an operation in an exported document where another one has it already: OpenAPI wants each to be one."""


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """Where a method stands in a document: its path as the service has it, its path item, its operation.

    `deployed` says whether the API is, which the service refuses while a method lacks its integration.
    """

    path: str
    method: str
    path_item: Cursor
    operation: Cursor
    deployed: bool = True


def operation_name(operation: Cursor) -> str:
    """Give the name of an operation, "" where it has none."""
    return operation["operationId"].text() or operation[OPERATION_NAME].text()


def read_method(document: Cursor, method: Method, models: Models, api_id: str) -> Route | None:
    """Read a method of the API of this identifier.

    None where it has no integration: with an error where the API is deployed, which CreateDeployment refuses then, else
    with a warning, since PutMethod takes it.
    """
    operation = method.operation
    report_extensions(operation, OPERATION)
    if not operation[EXTENSION].present:
        text = f"No integration defined for method {method.method} {method.path}"
        if method.deployed:
            operation.error("no-integration", text)
        else:
            operation.warning("no-integration", f"{text}; it is not served, and a deployment would be refused")
        return None
    authorization = read_authorization(document, operation, api_id)
    parameters = read_parameters(method.path_item, operation)
    validator = read_validator(document, operation)
    required = _as_named([parameter for parameter in parameters if parameter.required])
    kind = operation[EXTENSION]["type"].text().lower()
    if kind not in _NO_MAPPINGS:
        _report_undeclared(method, parameters)
    payload = read_payload(document)
    integration = read_integration(operation[EXTENSION], method.path, parameters, operation["responses"], payload)
    if not integration:
        return None
    body = body_parameter(operation, method.path_item)
    consumes = operation["consumes"] if operation["consumes"].present else document["consumes"]
    schemas = models.body_schemas(operation, body, consumes)
    least = compression_from(document)
    steps: list[Step | None] = [
        authorization.key,
        LimitByUsagePlan() if authorization.key else None,
        LimitByStage(),
        ValidateParameters(required=required) if validator.parameters and required else None,
        ValidateBody(schemas=schemas) if validator.body and schemas else None,
        *(_encoding(_invalidation(step, authorization), least) for step in integration),
        DecodeBody(least=least or 0, keeps_header=kind == "aws_proxy"),
        EncodeBody(least=least) if least is not None else None,
    ]
    return Route(
        method=method.method,
        path=method.path,
        pipeline=_pipeline(authorization.steps, {type(step): step for step in steps if step is not None}),
        parameters=parameters,
        operation=operation_name(operation),
        authorization=authorization.kind,
        api_key_required=authorization.key is not None,
        example_body=example_body(operation, body, models.schemas),
        place=operation.place,
    )


def _as_named(required: list[Parameter]) -> tuple[Parameter, ...]:
    """Put required parameters in the order in which the service names those that are missing: a Java HashSet's.

    It is neither that of the definition nor the alphabet's in what users of the service show: `[divisor, dividend]`
    (notes on a course with whole responses, 2021), `[x-api-secret, x-api-key]`, `[password, username]`, `[di, pi]`.
    """
    places = {name: place for place, name in enumerate(JavaHashMap((each.name, None) for each in required))}
    return tuple(sorted(required, key=lambda parameter: places[parameter.name]))


def _encoding(step: Step, least: int | None) -> Step:
    """Give a look-up in the cache the size from which its answers are encoded."""
    return msgspec.structs.replace(step, encode_from=least) if isinstance(step, LookUpCache) else step


def _invalidation(step: Step, authorization: Authorization) -> Step:
    """Let those invalidate the cache whose policies allow it."""
    if isinstance(step, LookUpCache) and authorization.invalidation is not None:
        return msgspec.structs.replace(step, invalidation=authorization.invalidation)
    return step


def _pipeline(access: tuple[Step, ...], steps: dict[type[Step], Step]) -> Pipeline:
    return Pipeline(
        request=(*access, *_ordered(REQUEST, steps)),
        invoke=_ordered(INVOKE, steps),
        response=_ordered(RESPONSE, steps),
    )


def _ordered(kinds: _Kinds, steps: dict[type[Step], Step]) -> tuple[Step, ...]:
    return tuple(steps[kind] for kind in kinds if kind in steps)


def _report_undeclared(method: Method, parameters: tuple[Parameter, ...]) -> None:
    for name in _undeclared(method.path, {p.name for p in parameters if p.location is ParameterIn.PATH}):
        text = f"the path parameter {name} is not declared; templates can use it, parameter mappings cannot"
        method.operation.note("undeclared-path-parameter", text)


def _undeclared(path: str, names: set[str]) -> list[str]:
    parts = [part[1:-1].rstrip("+") for part in path.split("/") if part.startswith("{")]
    return [part for part in parts if part not in names]
