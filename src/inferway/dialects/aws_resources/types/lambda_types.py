"""Functions, and what belongs to them.

Sources: CloudFormation Template Reference, "AWS::Lambda::…", "Return values"; https://www.pulumi.com/registry/packages/
aws/api-docs/lambda/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_ARN: Final = "arn:{partition}:lambda:{region}:{account}:"
_FUNCTION: Final = f"{_ARN}function:"
_PATH: Final = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"
_STREAMED: Final = (
    "arn:{partition}:apigateway:{region}:lambda:path/2021-11-15/functions/{arn}/response-streaming-invocations"
)
_MADE: Final = "2026-01-01T00:00:00.000+0000"
_SIGNING: Final = {"signingJobArn": "", "signingProfileVersionArn": "", "sourceCodeSize": 0, "codeSha256": "{hex}"}

_SERVICE: Final = Service(
    cloudformation="AWS::Lambda::", pulumi="aws:lambda/", reason="who may call a function, and how, is not restricted"
)
_URL: Final = "https://{random}.lambda-url.{region}.on.aws/"

LAMBDA_TYPES: Final = _SERVICE.types(
    ResourceType(
        cloudformation="Function",
        pulumi="Function",
        named=("FunctionName", "name"),
        arn=f"{_FUNCTION}{{name}}",
        attributes={"Arn": "{arn}", "SnapStartResponse.ApplyOn": "None", "SnapStartResponse.OptimizationStatus": "Off"},
        outputs={
            **_SIGNING,
            "invokeArn": f"{_PATH}{{arn}}/invocations",
            "qualifiedArn": "{arn}:{version}",
            "qualifiedInvokeArn": f"{_PATH}{{arn}}:{{version}}/invocations",
            "responseStreamingInvokeArn": _STREAMED,
            "version": "{version}",
            "lastModified": _MADE,
        },
        coverage=Coverage.SERVED,
        reason="its handler runs here: Python, Node.js and provided runtimes",
    ),
    ResourceType(
        cloudformation="Version",
        arn=f"{_FUNCTION}{{function}}:1",
        reference="{arn}",
        attributes={"Version": "1", "FunctionArn": "{arn}"},
        reason="every version is the function as it is declared",
    ),
    ResourceType(
        cloudformation="Alias",
        pulumi="Alias",
        named=("Name", "name"),
        arn=f"{_FUNCTION}{{function}}:{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"AliasArn": "{arn}"},
        outputs={"invokeArn": f"{_PATH}{{arn}}/invocations"},
        reason="every alias is the function as it is declared",
    ),
    ResourceType(
        cloudformation="Permission",
        pulumi="Permission",
        named=("Id", "statementId"),
        attributes={"Id": "{name}"},
        reason="an API may call every function",
    ),
    ResourceType(
        cloudformation="LayerVersion",
        pulumi="LayerVersion",
        named=("LayerName", "layerName"),
        length=140,
        arn=f"{_ARN}layer:{{name}}:1",
        reference="{arn}",
        id="{arn}",
        attributes={"LayerVersionArn": "{arn}"},
        outputs={**_SIGNING, "layerArn": f"{_ARN}layer:{{name}}", "version": "1", "createdDate": _MADE},
        coverage=Coverage.SERVED,
        reason="its content is what its functions find below /opt",
    ),
    ResourceType(
        cloudformation="LayerVersionPermission",
        pulumi="LayerVersionPermission",
        id="{layerName}:{versionNumber}",
        attributes={"Id": "{name}"},
        outputs={"policy": "{}", "revisionId": "{uuid}"},
        reason="a layer may be used by every function",
    ),
    ResourceType(
        cloudformation="Url",
        pulumi="FunctionUrl",
        arn=f"{_FUNCTION}{{function}}",
        reference="{TargetFunctionArn}",
        id="{function}",
        attributes={"FunctionArn": "{TargetFunctionArn}", "FunctionUrl": _URL},
        outputs={"functionArn": "{arn}", "functionUrl": _URL, "urlId": "{random}"},
        random=32,
        coverage=Coverage.IGNORED,
        reason="function URLs are not served; put a route of an API in front of the function",
    ),
    ResourceType(
        cloudformation="EventSourceMapping",
        pulumi="EventSourceMapping",
        arn=f"{_ARN}event-source-mapping:{{uuid}}",
        reference="{uuid}",
        id="{uuid}",
        attributes={"Id": "{uuid}", "EventSourceMappingArn": "{arn}"},
        outputs={
            "uuid": "{uuid}",
            "functionArn": f"{_FUNCTION}{{function}}",
            "state": "Enabled",
            "stateTransitionReason": "USER_INITIATED",
            "lastModified": _MADE,
            "lastProcessingResult": "",
        },
        coverage=Coverage.IGNORED,
        severity=Severity.NOTE,
        reason="events of queues, streams and tables invoke no function here",
    ),
    ResourceType(
        cloudformation="EventInvokeConfig",
        pulumi="FunctionEventInvokeConfig",
        id="{function}",
        reason="calls are made at once and once; there are no retries to configure",
    ),
    ResourceType(
        pulumi="ProvisionedConcurrencyConfig",
        id="{function},{qualifier}",
        reason="a function's processes are kept warm as they are needed",
    ),
    ResourceType(
        cloudformation="CodeSigningConfig",
        pulumi="CodeSigningConfig",
        arn=f"{_ARN}code-signing-config:csc-{{hex}}",
        reference="{arn}",
        id="{arn}",
        attributes={"CodeSigningConfigArn": "{arn}", "CodeSigningConfigId": "csc-{hex}"},
        outputs={"configId": "csc-{hex}", "lastModified": _MADE},
        reason="code is run as it is here; signatures are not checked",
    ),
    ResourceType(
        pulumi="Invocation",
        id="{function}_{version}_{hex}",
        coverage=Coverage.IGNORED,
        reason="no function is called while a definition is read; its result is a placeholder",
    ),
    ResourceType(pulumi="FunctionRecursionConfig", id="{function}"),
    ResourceType(
        pulumi="RuntimeManagementConfig", id="{function}", outputs={"functionArn": f"{_FUNCTION}{{function}}"}
    ),
    ResourceType(
        cloudformation="ResourcePolicy",
        pulumi="ResourcePolicy",
        reference="{ResourceArn}",
        id="{resourceArn}",
        outputs={"revisionId": "{uuid}"},
    ),
)
