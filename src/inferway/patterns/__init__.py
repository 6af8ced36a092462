"""Ready-made shapes in Python: what they make can be served here, and deployed with CloudFormation."""

from inferway.patterns import given
from inferway.patterns.addresses import http
from inferway.patterns.element import Element
from inferway.patterns.endpoints import endpoint
from inferway.patterns.functions import function
from inferway.patterns.graphql_api import GraphqlApi
from inferway.patterns.mocks import mock
from inferway.patterns.rest_api import RestApi
from inferway.patterns.sagemaker_api import SageMakerApi
from inferway.patterns.tables import table

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
