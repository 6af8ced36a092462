"""User pools and their issuers. Source: Amazon Cognito, "Verifying JSON web tokens"."""

import pytest

from inferway.dialects.aws_resources.user_pools import issuer_of, issuer_of_arn


@pytest.mark.parametrize(
    ("arn", "issuer"),
    [
        (
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Example",
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example",
        ),
        (
            "arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_Example",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Example",
        ),
        (
            "arn:aws:cognito-idp:us-east-2:111122223333:userpool/${stageVariables.MyUserPool}",
            "https://cognito-idp.us-east-2.amazonaws.com/${stageVariables.MyUserPool}",
        ),
        ("arn:aws:cognito-idp:us-east-1:123456789012:userpool/", None),
        ("arn:aws:cognito-idp:us-east-1:123456789012:userpool/a/../b", None),
        ("arn:aws:cognito-identity:us-east-1:123456789012:identitypool/x", None),
        ("arn:aws:cognito-idp:evil.example/:1:userpool/x", None),
        ("", None),
    ],
)
def test_an_arn_names_an_issuer(arn: str, issuer: str | None) -> None:
    assert issuer_of_arn(arn) == issuer


def test_a_pool_s_id_names_its_region() -> None:
    assert issuer_of("eu-west-1_AbC123") == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123"
    assert issuer_of("https://login.example.com/") == "https://login.example.com/"
    assert issuer_of("a_b") == "a_b"
