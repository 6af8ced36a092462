"""The pseudo parameters.

Source: CloudFormation, "Get AWS values using pseudo parameters" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
UserGuide/pseudo-parameter-reference.html).
"""

from typing import Final

from inferway.formats.resources import Environment

NO_VALUE: Final = "AWS::NoValue"
"""The pseudo parameter that removes what it is the value of."""

_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""By the start of a Region's name."""


def partition_of(region: str) -> str:
    """Give the partition that a Region lies in."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


def pseudo_parameters(environment: Environment) -> dict[str, object]:
    """Give the values of all but AWS::NoValue."""
    partition = partition_of(environment.region)
    region, account, stack = environment.region, environment.account, environment.stack
    unique = environment.identifier("stack", stack, 12)
    return {
        "AWS::AccountId": account,
        "AWS::NotificationARNs": [],
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackId": f"arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/{unique}",
        "AWS::StackName": stack,
        "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
    }
