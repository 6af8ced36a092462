"""Logs, metrics, alarms and traces.

Sources: CloudFormation Template Reference, "AWS::Logs::…", "AWS::CloudWatch::…", "AWS::XRay::…", "Return values";
https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/ and …/xray/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service

_LOGS: Final = "arn:{partition}:logs:{region}:{account}:"
_METRICS: Final = "arn:{partition}:cloudwatch:{region}:{account}:"
_MADE: Final = "2026-01-01T00:00:00Z"

LOGS_TYPES: Final = Service(
    cloudformation="AWS::Logs::", pulumi="aws:cloudwatch/", reason="logs are the gateway's own, and shown as it runs"
).types(
    ResourceType(
        cloudformation="LogGroup",
        pulumi="LogGroup",
        named=("LogGroupName", "name"),
        length=512,
        arn=f"{_LOGS}log-group:{{name}}",
        attributes={"Arn": "{arn}:*"},
        outputs={"deletionProtectionEnabled": False, "logGroupClass": "STANDARD"},
    ),
    ResourceType(
        cloudformation="LogStream",
        pulumi="LogStream",
        named=("LogStreamName", "name"),
        length=512,
        arn=f"{_LOGS}log-group:{{logGroupName}}:log-stream:{{name}}",
    ),
    ResourceType(
        cloudformation="ResourcePolicy",
        pulumi="LogResourcePolicy",
        named=("PolicyName", "policyName"),
        outputs={"policyScope": "ACCOUNT", "revisionId": "{uuid}"},
    ),
    ResourceType(cloudformation="MetricFilter", pulumi="LogMetricFilter", named=("FilterName", "name"), length=512),
    ResourceType(
        cloudformation="SubscriptionFilter",
        pulumi="LogSubscriptionFilter",
        named=("FilterName", "name"),
        length=512,
        id="cwlsf-{random}",
    ),
    ResourceType(
        cloudformation="Destination",
        pulumi="LogDestination",
        named=("DestinationName", "name"),
        length=512,
        arn=f"{_LOGS}destination:{{name}}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(pulumi="LogDestinationPolicy", id="{destinationName}"),
    ResourceType(
        cloudformation="QueryDefinition",
        pulumi="QueryDefinition",
        named=("Name", "name"),
        reference="{uuid}",
        id="{uuid}",
        arn=f"{_LOGS}query-definition:{{uuid}}",
        attributes={"QueryDefinitionId": "{uuid}"},
        outputs={"queryDefinitionId": "{uuid}"},
    ),
    ResourceType(
        cloudformation="AccountPolicy",
        pulumi="LogAccountPolicy",
        id="{policyName}:{policyType}",
        attributes={"AccountId": "{account}"},
    ),
    ResourceType(pulumi="LogDataProtectionPolicy", id="{logGroupName}"),
    ResourceType(
        cloudformation="LogAnomalyDetector",
        pulumi="LogAnomalyDetector",
        arn=f"{_LOGS}anomaly-detector:{{uuid}}",
        reference="{arn}",
        id="{arn}",
        attributes={
            "AnomalyDetectorArn": "{arn}",
            "AnomalyDetectorStatus": "ANALYZING",
            "CreationTimeStamp": 1767225600,
            "LastModifiedTimeStamp": 1767225600,
        },
    ),
)

CLOUDWATCH_TYPES: Final = Service(
    cloudformation="AWS::CloudWatch::",
    pulumi="aws:cloudwatch/",
    reason="metrics are the gateway's own; nothing is alarmed or drawn",
).types(
    ResourceType(
        cloudformation="Alarm",
        pulumi="MetricAlarm",
        named=("AlarmName", "name"),
        length=255,
        arn=f"{_METRICS}alarm:{{name}}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="CompositeAlarm",
        pulumi="CompositeAlarm",
        named=("AlarmName", "alarmName"),
        length=255,
        arn=f"{_METRICS}alarm:{{name}}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="Dashboard",
        pulumi="Dashboard",
        named=("DashboardName", "dashboardName"),
        length=255,
        outputs={"dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{name}"},
    ),
    ResourceType(cloudformation="AnomalyDetector", attributes={"Id": "{name}"}),
    ResourceType(
        cloudformation="InsightRule",
        pulumi="ContributorInsightRule",
        named=("RuleName", "ruleName"),
        reference=f"{_METRICS}insight-rule/{{name}}",
        attributes={"Arn": f"{_METRICS}insight-rule/{{name}}", "RuleName": "{name}"},
        outputs={"resourceArn": f"{_METRICS}insight-rule/{{name}}"},
    ),
    ResourceType(
        cloudformation="MetricStream",
        pulumi="MetricStream",
        named=("Name", "name"),
        length=255,
        arn=f"{_METRICS}metric-stream/{{name}}",
        attributes={"Arn": "{arn}", "CreationDate": _MADE, "LastUpdateDate": _MADE, "State": "running"},
        outputs={"creationDate": _MADE, "lastUpdateDate": _MADE, "state": "running"},
    ),
)

_TRACES: Final = "arn:{partition}:xray:{region}:{account}:"
XRAY_TYPES: Final = Service(
    cloudformation="AWS::XRay::", pulumi="aws:xray/", reason="requests are not sampled for X-Ray"
).types(
    ResourceType(
        cloudformation="Group",
        pulumi="Group",
        arn=f"{_TRACES}group/{{GroupName|groupName}}/{{upper}}",
        reference="{arn}",
        id="{arn}",
        attributes={"GroupARN": "{arn}"},
    ),
    ResourceType(
        cloudformation="SamplingRule",
        pulumi="SamplingRule",
        named=("RuleName", "ruleName"),
        length=32,
        arn=f"{_TRACES}sampling-rule/{{name}}",
        reference="{arn}",
        attributes={"RuleARN": "{arn}"},
    ),
    ResourceType(
        cloudformation="ResourcePolicy",
        pulumi="ResourcePolicy",
        named=("PolicyName", "policyName"),
        outputs={"lastUpdatedTime": _MADE},
    ),
    ResourceType(pulumi="EncryptionConfig", id="{region}"),
)
