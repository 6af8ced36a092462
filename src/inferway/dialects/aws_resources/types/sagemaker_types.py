"""Model endpoints, and what SageMaker has around them.

`Ref` of most of its types is the ARN, not the name. Sources: CloudFormation Template Reference, "AWS::SageMaker::…",
"Return values"; https://www.pulumi.com/registry/packages/aws/api-docs/sagemaker/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.formats.resources import Coverage

_ARN: Final = "arn:{partition}:sagemaker:{region}:{account}:"
_MADE: Final = "2026-01-01T00:00:00.000Z"

_SERVICE: Final = Service(
    cloudformation="AWS::SageMaker::",
    pulumi="aws:sagemaker/",
    reason="[endpoints.NAME] of inferway.toml says what answers for an endpoint; the rest is only referred to",
)
_ENDPOINT: Final = "its name is what APIs call; [endpoints.NAME] or [models.NAME] of inferway.toml says what answers"

_NAMED: Final = tuple(
    ResourceType(
        cloudformation=cloudformation,
        pulumi=pulumi,
        named=(f"{cloudformation}Name", named),
        length=63,
        arn=f"{_ARN}{noun}/{{name}}",
        reference="{arn}",
        attributes={f"{cloudformation}Name": "{name}", f"{cloudformation}Arn": "{arn}"},
        reason=_ENDPOINT if noun == "endpoint" else "",
    )
    for cloudformation, pulumi, named, noun in (
        ("Endpoint", "Endpoint", "name", "endpoint"),
        ("EndpointConfig", "EndpointConfiguration", "name", "endpoint-config"),
        ("Model", "Model", "name", "model"),
        ("CodeRepository", "CodeRepository", "codeRepositoryName", "code-repository"),
        ("Workteam", "Workteam", "workteamName", "workteam/private-crowd"),
    )
)

_BY_NAME: Final = tuple(
    ResourceType(
        cloudformation=kind,
        pulumi=kind,
        named=(f"{kind}Name", named),
        length=63,
        arn=f"{_ARN}{noun}/{{name}}",
        attributes={arn: "{arn}"} if arn else {},
    )
    for kind, named, noun, arn in (
        ("AppImageConfig", "appImageConfigName", "app-image-config", "AppImageConfigArn"),
        ("DeviceFleet", "deviceFleetName", "device-fleet", ""),
        ("MlflowTrackingServer", "trackingServerName", "mlflow-tracking-server", "TrackingServerArn"),
        ("Pipeline", "pipelineName", "pipeline", ""),
        ("StudioLifecycleConfig", "studioLifecycleConfigName", "studio-lifecycle-config", "StudioLifecycleConfigArn"),
    )
)
"""Those of which `Ref` is the name."""

_OTHERS: Final = (
    ResourceType(
        cloudformation="ModelPackageGroup",
        pulumi="ModelPackageGroup",
        named=("ModelPackageGroupName", "modelPackageGroupName"),
        length=63,
        arn=f"{_ARN}model-package-group/{{name}}",
        reference="{arn}",
        attributes={
            "ModelPackageGroupArn": "{arn}",
            "ModelPackageGroupName": "{name}",
            "ModelPackageGroupStatus": "Completed",
            "CreationTime": _MADE,
        },
    ),
    ResourceType(pulumi="ModelPackageGroupPolicy", id="{modelPackageGroupName}"),
    ResourceType(
        cloudformation="ModelPackage",
        named=("ModelPackageName", ""),
        length=63,
        arn=f"{_ARN}model-package/{{ModelPackageGroupName|name}}",
        reference="{arn}",
        attributes={
            "ModelPackageArn": "{arn}",
            "ModelPackageName": "{name}",
            "ModelPackageStatus": "Completed",
            "CreationTime": _MADE,
            "LastModifiedTime": _MADE,
        },
    ),
    ResourceType(
        cloudformation="NotebookInstance",
        pulumi="NotebookInstance",
        named=("NotebookInstanceName", "name"),
        length=63,
        arn=f"{_ARN}notebook-instance/{{name}}",
        reference="{arn}",
        attributes={"NotebookInstanceName": "{name}", "NotebookInstanceArn": "{arn}"},
        outputs={"url": "{name}.notebook.{region}.sagemaker.aws", "networkInterfaceId": "eni-{hex}"},
        coverage=Coverage.IGNORED,
        reason="no notebook is started",
    ),
    ResourceType(
        cloudformation="NotebookInstanceLifecycleConfig",
        pulumi="NotebookInstanceLifecycleConfiguration",
        named=("NotebookInstanceLifecycleConfigName", "name"),
        length=63,
        arn=f"{_ARN}notebook-instance-lifecycle-config/{{name}}",
        reference="{arn}",
        attributes={
            "NotebookInstanceLifecycleConfigName": "{name}",
            "NotebookInstanceLifecycleConfigArn": "{arn}",
        },
    ),
    ResourceType(
        cloudformation="Domain",
        pulumi="Domain",
        random=12,
        arn=f"{_ARN}domain/d-{{random}}",
        reference="d-{random}",
        id="d-{random}",
        attributes={
            "DomainArn": "{arn}",
            "DomainId": "d-{random}",
            "HomeEfsFileSystemId": "fs-{hex}",
            "SecurityGroupIdForDomainBoundary": "sg-{hex}",
            "SingleSignOnApplicationArn": "",
            "SingleSignOnManagedApplicationInstanceId": "",
            "Url": "https://d-{random}.studio.{region}.sagemaker.aws",
        },
        outputs={
            "homeEfsFileSystemId": "fs-{hex}",
            "securityGroupIdForDomainBoundary": "sg-{hex}",
            "singleSignOnApplicationArn": "",
            "singleSignOnManagedApplicationInstanceId": "",
            "url": "https://d-{random}.studio.{region}.sagemaker.aws",
        },
    ),
    ResourceType(
        cloudformation="UserProfile",
        pulumi="UserProfile",
        named=("UserProfileName", "userProfileName"),
        length=63,
        arn=f"{_ARN}user-profile/{{DomainId|domainId}}/{{name}}",
        reference="{name}|{DomainId}",
        id="{arn}",
        attributes={"UserProfileArn": "{arn}"},
        outputs={"homeEfsFileSystemUid": "200005"},
    ),
    ResourceType(
        cloudformation="Space",
        pulumi="Space",
        named=("SpaceName", "spaceName"),
        arn=f"{_ARN}space/{{DomainId|domainId}}/{{name}}",
        reference="{DomainId}|{name}",
        id="{arn}",
        attributes={"SpaceArn": "{arn}", "Url": "https://{random}.studio.{region}.sagemaker.aws"},
        outputs={"homeEfsFileSystemUid": "200005", "url": "https://{random}.studio.{region}.sagemaker.aws"},
    ),
    ResourceType(
        cloudformation="App",
        pulumi="App",
        named=("AppName", "appName"),
        arn=f"{_ARN}app/{{DomainId|domainId}}/{{UserProfileName|userProfileName}}/{{AppType|appType}}/{{name}}",
        reference="{name}|{AppType}|{DomainId}|{UserProfileName}",
        id="{arn}",
        attributes={"AppArn": "{arn}", "BuiltInLifecycleConfigArn": ""},
    ),
    ResourceType(
        cloudformation="MonitoringSchedule",
        pulumi="MonitoringSchedule",
        named=("MonitoringScheduleName", "name"),
        length=63,
        arn=f"{_ARN}monitoring-schedule/{{name}}",
        reference="{arn}",
        attributes={"MonitoringScheduleArn": "{arn}", "CreationTime": _MADE, "LastModifiedTime": _MADE},
        coverage=Coverage.IGNORED,
        reason="no monitoring job is run",
    ),
    ResourceType(
        cloudformation="FeatureGroup",
        pulumi="FeatureGroup",
        named=("FeatureGroupName", "featureGroupName"),
        arn=f"{_ARN}feature-group/{{name}}",
        attributes={"CreationTime": _MADE, "FeatureGroupStatus": "Created"},
        coverage=Coverage.IGNORED,
        reason="no features are kept here",
    ),
    ResourceType(
        cloudformation="Image",
        pulumi="Image",
        named=("ImageName", "imageName"),
        length=63,
        arn=f"{_ARN}image/{{name}}",
        reference="{arn}",
        attributes={"ImageArn": "{arn}"},
    ),
    ResourceType(
        cloudformation="ImageVersion",
        pulumi="ImageVersion",
        arn=f"{_ARN}image-version/{{ImageName|imageName}}/1",
        reference="{arn}",
        id="{imageName}",
        attributes={
            "ImageVersionArn": "{arn}",
            "ImageArn": f"{_ARN}image/{{ImageName}}",
            "Version": 1,
            "ContainerImage": "{BaseImage}",
        },
        outputs={"imageArn": f"{_ARN}image/{{imageName}}", "version": 1, "containerImage": "{baseImage}"},
    ),
    ResourceType(
        cloudformation="InferenceComponent",
        named=("InferenceComponentName", ""),
        length=63,
        arn=f"{_ARN}inference-component/{{name}}",
        reference="{arn}",
        attributes={
            "InferenceComponentArn": "{arn}",
            "InferenceComponentName": "{name}",
            "InferenceComponentStatus": "InService",
            "CreationTime": _MADE,
            "LastModifiedTime": _MADE,
            "FailureReason": "",
            "RuntimeConfig.CurrentCopyCount": 1,
            "RuntimeConfig.DesiredCopyCount": 1,
        },
        coverage=Coverage.IGNORED,
        reason="an endpoint here has one model; components are not told apart",
    ),
    ResourceType(
        cloudformation="Project",
        pulumi="Project",
        named=("ProjectName", "projectName"),
        length=32,
        arn=f"{_ARN}project/{{name}}",
        reference="{arn}",
        attributes={
            "ProjectArn": "{arn}",
            "ProjectId": "p-{random}",
            "ProjectStatus": "CreateCompleted",
            "CreationTime": _MADE,
        },
        outputs={"projectId": "p-{random}"},
    ),
)

SAGEMAKER_TYPES: Final = _SERVICE.types(*_NAMED, *_BY_NAME, *_OTHERS)
