"""Tokens as programs write them, and as the providers' schemas do."""

import pytest

from inferway.formats.pulumi.yaml.tokens import canonical, package


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("aws:apigateway:RestApi", "aws:apigateway/restApi:RestApi"),
        ("aws:apigateway/restApi:RestApi", "aws:apigateway/restApi:RestApi"),
        ("aws:getRegion", "aws:index/getRegion:getRegion"),
        ("aws:iam:getPolicyDocument", "aws:iam/getPolicyDocument:getPolicyDocument"),
        ("azure:apimanagement:Api", "azure:apimanagement/api:Api"),
        ("azure-native:apimanagement:Api", "azure-native:apimanagement:Api"),
        ("azure-native:authorization:getClientConfig", "azure-native:authorization:getClientConfig"),
        ("pulumi:providers:aws", "pulumi:providers:aws"),
        ("pulumi:pulumi:StackReference", "pulumi:pulumi:StackReference"),
        ("kubernetes:core/v1:Service", "kubernetes:core/v1:Service"),
        ("std:sum", "std:index:sum"),
        ("nonsense", "nonsense"),
        ("a::", "a::"),
    ],
)
def test_short_tokens_are_written_out(written: str, whole: str) -> None:
    assert canonical(written) == whole


def test_the_package_of_a_provider_is_what_it_provides() -> None:
    assert package("pulumi:providers:aws") == "aws"
    assert package("aws:apigateway:RestApi") == "aws"
