"""Ready-made shapes in Python: what they make can be served here, and deployed with CloudFormation."""

from inferway.patterns import given
from inferway.patterns.element import Element
from inferway.patterns.graphql_api import GraphqlApi
from inferway.patterns.rest_api import RestApi
from inferway.patterns.sagemaker_api import SageMakerApi
from inferway.patterns.tables import table
from inferway.patterns.targets import endpoint, function, http, mock

__all__ = [
    "Element",
    "GraphqlApi",
    "RestApi",
    "SageMakerApi",
    "endpoint",
    "function",
    "given",
    "http",
    "mock",
    "table",
]
