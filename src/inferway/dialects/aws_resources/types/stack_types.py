"""What a stack has of its own: custom resources, conditions to wait for, and scaling.

Sources: CloudFormation Template Reference, "AWS::CloudFormation::…", "AWS::ApplicationAutoScaling::…", "Return values";
https://www.pulumi.com/registry/packages/aws/api-docs/appautoscaling/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.formats.resources import Coverage

CUSTOM: Final = "Custom::"
"""The start of the names that a template gives to custom resources of its own."""

_UNCALLED: Final = "the function of a custom resource is not called; what is asked of it are placeholders"
CUSTOM_TYPE: Final = ResourceType(cloudformation="Custom::*", coverage=Coverage.IGNORED, reason=_UNCALLED)
"""What any custom resource is, unless it is one of those below."""

_NOTHING_TO_DO: Final = "it has nothing to do here"

STACK_TYPES: Final = (
    *Service(
        cloudformation="AWS::CloudFormation::",
        pulumi="aws:cloudformation/",
        coverage=Coverage.IGNORED,
        reason="it makes no resources here",
    ).types(
        ResourceType(
            cloudformation="CustomResource", attributes={"Id": "{name}"}, reason=_UNCALLED, coverage=Coverage.IGNORED
        ),
        ResourceType(
            cloudformation="WaitCondition", attributes={"Id": "{name}", "Data": "{}"}, reason="nothing is waited for"
        ),
        ResourceType(
            cloudformation="WaitConditionHandle",
            attributes={"Id": "{name}"},
            reference="https://cloudformation-waitcondition-{region}.s3.{suffix}/{hex}",
            reason="nothing is waited for",
        ),
        ResourceType(cloudformation="Macro", attributes={"Id": "{name}"}),
        ResourceType(
            pulumi="Stack",
            id="arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{uuid}",
            named=("", "name"),
            outputs={"outputs": {}},
        ),
    ),
    ResourceType(cloudformation="AWS::CDK::Metadata", reason=_NOTHING_TO_DO),
    ResourceType(cloudformation="Custom::LogRetention", reason="logs are the gateway's own"),
    ResourceType(cloudformation="Custom::S3AutoDeleteObjects", reason=_NOTHING_TO_DO),
    ResourceType(cloudformation="Custom::VpcRestrictDefaultSG", reason=_NOTHING_TO_DO),
    ResourceType(cloudformation="Custom::S3BucketNotifications", reason="buckets send no events here"),
    ResourceType(
        cloudformation="Custom::CDKBucketDeployment",
        attributes={"DestinationBucketArn": "arn:{partition}:s3:::{DestinationBucketName}"},
        coverage=Coverage.IGNORED,
        reason="files are not put into buckets; [storage] of inferway.toml gives folders for s3:// locations",
    ),
    CUSTOM_TYPE,
)

_SCALING: Final = "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{uuid}:policyName/{name}"
SCALING_TYPES: Final = Service(
    cloudformation="AWS::ApplicationAutoScaling::",
    pulumi="aws:appautoscaling/",
    reason="what runs here is scaled as inferway.toml says",
).types(
    ResourceType(
        cloudformation="ScalableTarget",
        pulumi="Target",
        reference="{ResourceId}|{ScalableDimension}|{ServiceNamespace}",
        id="{resourceId}",
        arn="arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/{uuid}",
        attributes={"Id": "{ResourceId}|{ScalableDimension}|{ServiceNamespace}"},
    ),
    ResourceType(
        cloudformation="ScalingPolicy",
        pulumi="Policy",
        named=("PolicyName", "name"),
        length=256,
        arn=_SCALING,
        reference="{arn}",
        attributes={"Arn": "{arn}"},
        outputs={"alarmArns": []},
    ),
    ResourceType(pulumi="ScheduledAction", named=("", "name"), arn=_SCALING.replace("Policy", "Action")),
)
