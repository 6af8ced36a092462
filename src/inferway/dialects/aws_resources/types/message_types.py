"""Queues, topics, streams, events and state machines.

Sources: CloudFormation Template Reference, "AWS::SQS::…", "AWS::SNS::…", "AWS::StepFunctions::…", "AWS::Events::…",
"AWS::Kinesis::…", "Return values"; https://www.pulumi.com/registry/packages/aws/api-docs/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_MADE: Final = "2026-01-01T00:00:00Z"


def _ignored(cloudformation: str, pulumi: str, reason: str) -> Service:
    return Service(
        cloudformation=cloudformation,
        pulumi=pulumi,
        reason=reason,
        coverage=Coverage.IGNORED,
        severity=Severity.NOTE,
    )


_URL: Final = "https://sqs.{region}.{suffix}/{account}/{name}"
SQS_TYPES: Final = _ignored("AWS::SQS::", "aws:sqs/", "no queue is kept here; what sends to it fails").types(
    ResourceType(
        cloudformation="Queue",
        pulumi="Queue",
        named=("QueueName", "name"),
        length=80,
        arn="arn:{partition}:sqs:{region}:{account}:{name}",
        reference=_URL,
        id=_URL,
        attributes={"Arn": "{arn}", "QueueName": "{name}", "QueueUrl": _URL},
        outputs={"url": _URL},
    ),
    *(
        ResourceType(
            cloudformation=cloudformation,
            pulumi=pulumi,
            id="{queueUrl}",
            attributes={"Id": "{name}"},
            reason="who may send to a queue is not restricted",
        )
        for cloudformation, pulumi in (
            ("QueuePolicy", "QueuePolicy"),
            ("QueueInlinePolicy", ""),
            ("", "RedrivePolicy"),
            ("", "RedriveAllowPolicy"),
        )
    ),
)

SNS_TYPES: Final = _ignored("AWS::SNS::", "aws:sns/", "nothing is published here; what publishes to it fails").types(
    ResourceType(
        cloudformation="Topic",
        pulumi="Topic",
        named=("TopicName", "name"),
        length=256,
        arn="arn:{partition}:sns:{region}:{account}:{name}",
        reference="{arn}",
        id="{arn}",
        attributes={"TopicArn": "{arn}", "TopicName": "{name}"},
        outputs={"owner": "{account}", "beginningArchiveTime": ""},
    ),
    ResourceType(
        cloudformation="Subscription",
        pulumi="TopicSubscription",
        arn="{TopicArn|topic}:{uuid}",
        reference="{arn}",
        id="{arn}",
        attributes={"Arn": "{arn}"},
        outputs={"ownerId": "{account}", "confirmationWasAuthenticated": True, "pendingConfirmation": False},
    ),
    ResourceType(
        cloudformation="TopicPolicy",
        pulumi="TopicPolicy",
        id="{arn}",
        arn="{arn}",
        attributes={"Id": "{name}"},
        outputs={"owner": "{account}"},
        reason="who may publish is not restricted",
    ),
)

_STATES: Final = "arn:{partition}:states:{region}:{account}:"
SFN_TYPES: Final = _ignored(
    "AWS::StepFunctions::", "aws:sfn/", "no state machine is run here; what starts an execution fails"
).types(
    ResourceType(
        cloudformation="StateMachine",
        pulumi="StateMachine",
        named=("StateMachineName", "name"),
        length=80,
        arn=f"{_STATES}stateMachine:{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"Arn": "{arn}", "Name": "{name}", "StateMachineRevisionId": "{uuid}"},
        outputs={
            "creationDate": _MADE,
            "description": "",
            "revisionId": "{uuid}",
            "stateMachineVersionArn": "{arn}:1",
            "status": "ACTIVE",
            "versionDescription": "",
        },
    ),
    ResourceType(
        cloudformation="Activity",
        pulumi="Activity",
        named=("Name", "name"),
        length=80,
        arn=f"{_STATES}activity:{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"Arn": "{arn}", "Name": "{name}"},
        outputs={"creationDate": _MADE},
    ),
    ResourceType(
        cloudformation="StateMachineVersion",
        arn="{StateMachineArn}:1",
        reference="{arn}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="StateMachineAlias",
        pulumi="Alias",
        named=("Name", "name"),
        arn=f"{_STATES}stateMachine:{{logical}}:{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"Arn": "{arn}"},
        outputs={"creationDate": _MADE},
    ),
)

_EVENTS: Final = "arn:{partition}:events:{region}:{account}:"
EVENTS_TYPES: Final = _ignored("AWS::Events::", "aws:cloudwatch/", "no events are sent here").types(
    ResourceType(
        cloudformation="Rule",
        pulumi="EventRule",
        named=("Name", "name"),
        arn=f"{_EVENTS}rule/{{name}}",
        attributes={"Arn": "{arn}", "RuleName": "{name}"},
        coverage=Coverage.IGNORED,
        severity=Severity.NOTE,
        reason="no rule or schedule calls anything here",
    ),
    ResourceType(
        pulumi="EventTarget",
        named=("", "targetId"),
        id="{rule}-{name}",
        reason="the rule that it belongs to is reported",
    ),
    ResourceType(
        cloudformation="EventBus",
        pulumi="EventBus",
        named=("Name", "name"),
        arn=f"{_EVENTS}event-bus/{{name}}",
        attributes={"Arn": "{arn}", "Name": "{name}", "Policy": ""},
    ),
    ResourceType(cloudformation="EventBusPolicy", pulumi="EventBusPolicy", id="{eventBusName=default}"),
    ResourceType(pulumi="EventPermission", id="{eventBusName=default}-{statementId}"),
    ResourceType(
        cloudformation="ApiDestination",
        pulumi="EventApiDestination",
        named=("Name", "name"),
        arn=f"{_EVENTS}api-destination/{{name}}/{{uuid}}",
        attributes={"Arn": "{arn}", "ArnForPolicy": f"{_EVENTS}api-destination/{{name}}"},
    ),
    ResourceType(
        cloudformation="Connection",
        pulumi="EventConnection",
        named=("Name", "name"),
        arn=f"{_EVENTS}connection/{{name}}/{{uuid}}",
        attributes={"Arn": "{arn}", "ArnForPolicy": f"{_EVENTS}connection/{{name}}", "SecretArn": ""},
        outputs={"secretArn": ""},
    ),
    ResourceType(
        cloudformation="Archive",
        pulumi="EventArchive",
        named=("ArchiveName", "name"),
        length=48,
        arn=f"{_EVENTS}archive/{{name}}",
        attributes={"Arn": "{arn}", "ArchiveName": "{name}"},
    ),
)

_SCHEDULES: Final = "arn:{partition}:scheduler:{region}:{account}:"
SCHEDULER_TYPES: Final = _ignored("AWS::Scheduler::", "aws:scheduler/", "no schedule calls anything here").types(
    ResourceType(
        cloudformation="Schedule",
        pulumi="Schedule",
        named=("Name", "name"),
        arn=f"{_SCHEDULES}schedule/{{GroupName|groupName=default}}/{{name}}",
        id="{groupName=default}/{name}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="ScheduleGroup",
        pulumi="ScheduleGroup",
        named=("Name", "name"),
        arn=f"{_SCHEDULES}schedule-group/{{name}}",
        attributes={"Arn": "{arn}", "CreationDate": _MADE, "LastModificationDate": _MADE, "State": "ACTIVE"},
        outputs={"creationDate": _MADE, "lastModificationDate": _MADE, "state": "ACTIVE"},
    ),
)

PIPES_TYPES: Final = _ignored("AWS::Pipes::", "aws:pipes/", "no pipe carries events here").types(
    ResourceType(
        cloudformation="Pipe",
        pulumi="Pipe",
        named=("Name", "name"),
        arn="arn:{partition}:pipes:{region}:{account}:pipe/{name}",
        attributes={
            "Arn": "{arn}",
            "CreationTime": _MADE,
            "CurrentState": "RUNNING",
            "LastModifiedTime": _MADE,
            "StateReason": "",
        },
    ),
)

_KINESIS: Final = "arn:{partition}:kinesis:{region}:{account}:stream/"
KINESIS_TYPES: Final = _ignored(
    "AWS::Kinesis::", "aws:kinesis/", "no stream is kept here; what puts records into it fails"
).types(
    ResourceType(
        cloudformation="Stream",
        pulumi="Stream",
        named=("Name", "name"),
        length=128,
        arn=f"{_KINESIS}{{name}}",
        id="{arn}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="StreamConsumer",
        pulumi="StreamConsumer",
        named=("ConsumerName", "name"),
        length=128,
        arn="{StreamARN|streamArn}/consumer/{name}:1767225600",
        reference="{arn}",
        id="{arn}",
        attributes={
            "ConsumerARN": "{arn}",
            "ConsumerCreationTimestamp": "1767225600",
            "ConsumerName": "{name}",
            "ConsumerStatus": "ACTIVE",
            "StreamARN": "{StreamARN}",
        },
        outputs={"creationTimestamp": _MADE},
    ),
)
_FIREHOSE: Final = "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}"
FIREHOSE_TYPES: Final = _ignored(
    "AWS::KinesisFirehose::", "aws:kinesis/", "nothing is delivered; access logs are the gateway's own"
).types(
    ResourceType(
        cloudformation="DeliveryStream",
        pulumi="FirehoseDeliveryStream",
        named=("DeliveryStreamName", "name"),
        arn=_FIREHOSE,
        id="{arn}",
        attributes={"Arn": "{arn}"},
        outputs={"destinationId": "destinationId-000000000001", "versionId": "1"},
    ),
)
