"""Parts of templates that patterns have in common."""

from collections.abc import Mapping
from typing import Final

PARTITION: Final = {"Ref": "AWS::Partition"}
REGION: Final = {"Ref": "AWS::Region"}
ACCOUNT: Final = {"Ref": "AWS::AccountId"}


def document(statement: Mapping[str, object]) -> dict[str, object]:
    """Give a policy document of one statement."""
    return {"Statement": [statement], "Version": "2012-10-17"}


def arn(service: str, rest: str) -> dict[str, object]:
    """Give the ARN of something of the stack's own Region and account."""
    return {"Fn::Join": ["", ["arn:", PARTITION, f":{service}:", REGION, ":", ACCOUNT, rest]]}


def suppressed(rule: str) -> dict[str, object]:
    """Tell CloudFormation Guard that a rule is broken on purpose."""
    return {"Metadata": {"guard": {"SuppressedRules": [rule]}}}


def _nag(*rules: tuple[str, str]) -> dict[str, object]:
    return {"rules_to_suppress": [{"id": rule, "reason": reason} for rule, reason in rules]}


TRUST: Final = document(
    {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}}
)
LOG_GROUP_METADATA: Final = {
    "cfn_nag": _nag(
        ("W86", "Access logs are kept for ever unless log_group_props say how long"),
        ("W84", "CloudWatch encrypts log groups with keys of its own"),
    )
}
DEPLOYMENT_METADATA: Final = {
    "aws:cdk:do-not-refactor": True,
    "cfn_nag": _nag(("W45", "The access log is set on the stage, not on the deployment")),
}
