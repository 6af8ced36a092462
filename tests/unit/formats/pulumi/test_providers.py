"""https://www.pulumi.com/registry/packages/aws/api-docs/provider/: settings as SDKs hand them over."""

import pytest

from inferway.formats.pulumi.invokes import Surroundings
from inferway.formats.pulumi.providers import read_provider

HERE = Surroundings(region="us-east-1", account="000000000000")


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({}, ("us-east-1", "000000000000")),
        ({"region": "eu-west-1"}, ("eu-west-1", "000000000000")),
        ({"allowedAccountIds": '["1"]'}, ("us-east-1", "1")),
        ({"allowedAccountIds": ["1", "2"]}, ("us-east-1", "1")),
        ({"assumeRoles": '[{"roleArn":"arn:aws:iam::3:role/r"}]', "allowedAccountIds": '["1"]'}, ("us-east-1", "3")),
        ({"assumeRole": {"roleArn": "arn:aws:iam::4:role/r"}}, ("us-east-1", "4")),
        ({"assumeRoles": "[not json", "region": 3}, ("us-east-1", "000000000000")),
    ],
)
def test_where_resources_are(settings: dict[str, object], place: tuple[str, str]) -> None:
    provider = read_provider("pulumi:providers:aws", settings, HERE)
    assert (provider.place.region, provider.place.account) == place
    assert provider.ignored == ()


def test_what_has_no_effect() -> None:
    settings = {"region": "r", "secretKey": "s", "endpoints": "[]", "__internal": "{}"}
    assert read_provider("pulumi:providers:aws", settings, HERE).ignored == ("endpoints",)
    kubernetes = read_provider("pulumi:providers:kubernetes", {"kubeconfig": "k", "version": "4"}, HERE)
    assert kubernetes.ignored == ("kubeconfig",)
    azure = read_provider("pulumi:providers:azure-native", {"location": "westeurope", "subscriptionId": "s"}, HERE)
    assert azure.ignored == ()
