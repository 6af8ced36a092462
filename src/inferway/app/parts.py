"""The concrete parts, by name: only those that a deployment uses are imported."""

from importlib import import_module
from typing import Any, Final

from inferway.backends.backend import Backend
from inferway.backends.link import Link
from inferway.definition.targets import (
    HttpService,
    HttpStream,
    HttpUrl,
    LambdaFunction,
    LambdaStream,
    Mock,
    SageMakerEndpoint,
    Table,
    Target,
    Unserved,
)
from inferway.dialects.dialect import Dialect

DIALECTS: Final = {
    "apigateway": "inferway.dialects.apigateway.dialect:ApiGateway",
    "appsync": "inferway.dialects.appsync.dialect:AppSync",
    "apim": "inferway.dialects.apim.dialect:ApiManagement",
}

BACKENDS: Final[dict[type, str]] = {
    SageMakerEndpoint: "inferway.backends.sagemaker:connect",
    HttpUrl: "inferway.backends.http:connect",
    HttpStream: "inferway.backends.http:connect",
    HttpService: "inferway.backends.http_service:connect",
    LambdaFunction: "inferway.backends.aws_lambda:connect",
    LambdaStream: "inferway.backends.aws_lambda_stream:connect",
    Table: "inferway.backends.table:connect",
    Mock: "inferway.backends.mock:connect",
    Unserved: "inferway.backends.link:unserved",
}


EXECUTION_LOGS: Final = {"apigateway": "inferway.dialects.apigateway.execution_log"}


AUTHORIZER_TESTS: Final = {"apigateway": "inferway.dialects.apigateway.authorizer_log"}


def load(reference: str) -> Any:
    """Import `module:name`."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def dialect(name: str) -> Dialect:
    """Give a dialect by name."""
    made: Dialect = load(DIALECTS[name])()
    return made


def execution_log(dialect: str) -> Any:
    """Give the module of a dialect's test invocations, None where its vendor knows none."""
    name = EXECUTION_LOGS.get(dialect)
    return None if name is None else import_module(name)


def authorizer_tests(dialect: str) -> Any:
    """Give the module of a dialect's tests of authorizers, None where its vendor knows none."""
    name = AUTHORIZER_TESTS.get(dialect)
    return None if name is None else import_module(name)


def connect(target: Target, link: Link, timeout: float) -> Backend:
    """Connect a target by the table's entry for its kind."""
    made: Backend = load(BACKENDS[type(target)])(target, link, timeout)
    return made
