"""The requests of the SageMaker operations that are served; a test holds them against the service model.

What stands as ANYTHING is kept and shown again, and has no effect on a machine of one's own: networks, keys, tags,
profilers. What a request may not ask for at all is in `unserved`.
"""

from collections.abc import Mapping
from typing import Final

from inferway.control import sagemaker_shapes as parts
from inferway.control.sagemaker_shapes import ANYTHING, FLAG, MOMENT
from inferway.control.shapes import Decimal, ListOf, Shape, Structure, Text

_JOB_STATUS: Final = Text(values=("InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting"))
_ENDPOINT_STATUS: Final = Text(
    values=(
        *("OutOfService", "Creating", "Updating", "SystemUpdating", "RollingBack", "InService", "Deleting", "Failed"),
        "UpdateRollbackFailed",
    )
)


def _one(name: str, shape: Shape) -> Structure:
    return Structure(members={name: shape}, required=(name,))


def _listing(sort_by: tuple[str, ...], contains: Text, more: "Mapping[str, Shape] | None" = None) -> Structure:
    members: dict[str, Shape] = {
        "NextToken": parts.NEXT_TOKEN,
        "MaxResults": parts.MAX_RESULTS,
        "CreationTimeAfter": MOMENT,
        "CreationTimeBefore": MOMENT,
        "NameContains": contains,
        "SortBy": Text(values=sort_by),
        "SortOrder": parts.SORT_ORDER,
    }
    return Structure(members=members | dict(more or {}))


CREATE_TRAINING_JOB: Final = Structure(
    members={
        "TrainingJobName": parts.ENTITY_NAME,
        "HyperParameters": parts.HYPERPARAMETERS,
        "AlgorithmSpecification": parts.ALGORITHM,
        "RoleArn": parts.ROLE_ARN,
        "InputDataConfig": ListOf(member=parts.CHANNEL, fewest=1, most=20),
        "OutputDataConfig": parts.OUTPUT,
        "ResourceConfig": parts.RESOURCES,
        "StoppingCondition": parts.STOPPING,
        "Environment": parts.TRAINING_ENVIRONMENT,
        "Tags": parts.TAGS,
        "EnableNetworkIsolation": FLAG,
        "EnableInterContainerTrafficEncryption": FLAG,
        "EnableManagedSpotTraining": FLAG,
        "VpcConfig": ANYTHING,
        "DebugHookConfig": ANYTHING,
        "DebugRuleConfigurations": ANYTHING,
        "TensorBoardOutputConfig": ANYTHING,
        "ExperimentConfig": ANYTHING,
        "ProfilerConfig": ANYTHING,
        "ProfilerRuleConfigurations": ANYTHING,
        "RemoteDebugConfig": ANYTHING,
        "InfraCheckConfig": ANYTHING,
    },
    required=("TrainingJobName", "RoleArn", "OutputDataConfig"),
    unserved=frozenset(
        {"CheckpointConfig", "RetryStrategy", "SessionChainingConfig", "ServerlessJobConfig", "MlflowConfig"}
        | {"ModelPackageConfig"}
    ),
)

LIST_TRAINING_JOBS: Final = Structure(
    members={
        **_listing(("Name", "CreationTime", "Status"), parts.NAME_CONTAINS).members,
        "LastModifiedTimeAfter": MOMENT,
        "LastModifiedTimeBefore": MOMENT,
        "StatusEquals": _JOB_STATUS,
    },
    unserved=frozenset({"WarmPoolStatusEquals", "TrainingPlanArnEquals"}),
)

CREATE_MODEL_PACKAGE_GROUP: Final = Structure(
    members={
        "ModelPackageGroupName": parts.ENTITY_NAME,
        "ModelPackageGroupDescription": parts.DESCRIPTION,
        "Tags": parts.TAGS,
    },
    required=("ModelPackageGroupName",),
    unserved=frozenset({"ManagedConfiguration"}),
)

CREATE_MODEL_PACKAGE: Final = Structure(
    members={
        "ModelPackageName": parts.ENTITY_NAME,
        "ModelPackageGroupName": parts.ARN_OR_NAME,
        "ModelPackageDescription": parts.DESCRIPTION,
        "ModelPackageRegistrationType": parts.REGISTRATION_TYPE,
        "InferenceSpecification": parts.INFERENCE,
        "ModelApprovalStatus": parts.APPROVAL_STATUS,
        "MetadataProperties": parts.METADATA,
        "ModelMetrics": parts.MODEL_METRICS,
        "CustomerMetadataProperties": parts.CUSTOMER_METADATA,
        "ClientToken": Text(shortest=1, longest=36, pattern="[a-zA-Z0-9-]+"),
        "Domain": parts.FREE_TEXT,
        "Task": parts.FREE_TEXT,
        "SamplePayloadUrl": parts.S3_URI,
        "SkipModelValidation": Text(values=("All", "None")),
        "SourceUri": parts.SOURCE_URI,
        "Tags": parts.TAGS,
        "CertifyForMarketplace": FLAG,
        "DriftCheckBaselines": ANYTHING,
        "AdditionalInferenceSpecifications": ANYTHING,
        "SourceAlgorithmSpecification": ANYTHING,
        "SecurityConfig": ANYTHING,
        "ModelCard": ANYTHING,
        "ModelLifeCycle": ANYTHING,
    },
    unserved=frozenset({"ValidationSpecification", "ManagedStorageType"}),
)

LIST_MODEL_PACKAGES: Final = _listing(
    ("Name", "CreationTime"),
    parts.NAME_CONTAINS,
    {
        "ModelApprovalStatus": parts.APPROVAL_STATUS,
        "ModelPackageGroupName": parts.ARN_OR_NAME,
        "ModelPackageType": Text(values=("Versioned", "Unversioned", "Both")),
    },
)

UPDATE_MODEL_PACKAGE: Final = Structure(
    members={
        "ModelPackageArn": parts.MODEL_PACKAGE_ARN,
        "ModelApprovalStatus": parts.APPROVAL_STATUS,
        "ModelPackageRegistrationType": parts.REGISTRATION_TYPE,
        "ApprovalDescription": parts.APPROVAL_DESCRIPTION,
        "CustomerMetadataProperties": parts.CUSTOMER_METADATA,
        "CustomerMetadataPropertiesToRemove": ListOf(member=parts.METADATA_KEY),
        "InferenceSpecification": parts.INFERENCE,
        "SourceUri": parts.SOURCE_URI,
        "ModelCard": ANYTHING,
        "ModelLifeCycle": ANYTHING,
        "ClientToken": Text(shortest=1, longest=36, pattern="[a-zA-Z0-9-]+"),
    },
    required=("ModelPackageArn",),
    unserved=frozenset({"AdditionalInferenceSpecificationsToAdd"}),
)

CREATE_MODEL: Final = Structure(
    members={
        "ModelName": parts.MODEL_NAME,
        "PrimaryContainer": parts.CONTAINER,
        "Containers": ListOf(member=parts.CONTAINER, most=15),
        "ExecutionRoleArn": parts.ROLE_ARN,
        "EnableNetworkIsolation": FLAG,
        "Tags": parts.TAGS,
        "VpcConfig": ANYTHING,
        "InferenceExecutionConfig": ANYTHING,
    },
    required=("ModelName",),
)

CREATE_ENDPOINT_CONFIG: Final = Structure(
    members={
        "EndpointConfigName": parts.LOOSE_NAME,
        "ProductionVariants": ListOf(member=parts.VARIANT, fewest=1, most=10),
        "ShadowProductionVariants": ListOf(member=parts.VARIANT, fewest=1, most=10),
        "DataCaptureConfig": parts.DATA_CAPTURE,
        "AsyncInferenceConfig": parts.ASYNC_INFERENCE,
        "KmsKeyId": parts.KMS_KEY,
        "ExecutionRoleArn": parts.ROLE_ARN,
        "EnableNetworkIsolation": FLAG,
        "Tags": parts.TAGS,
        "VpcConfig": ANYTHING,
        "MetricsConfig": ANYTHING,
    },
    required=("EndpointConfigName", "ProductionVariants"),
    unserved=frozenset({"ExplainerConfig", "CrossRegionTrafficConfig"}),
)

CREATE_ENDPOINT: Final = Structure(
    members={
        "EndpointName": parts.LOOSE_NAME,
        "EndpointConfigName": parts.LOOSE_NAME,
        "DeploymentConfig": parts.DEPLOYMENT,
        "Tags": parts.TAGS,
    },
    required=("EndpointName", "EndpointConfigName"),
)

UPDATE_ENDPOINT: Final = Structure(
    members={
        "EndpointName": parts.LOOSE_NAME,
        "EndpointConfigName": parts.LOOSE_NAME,
        "DeploymentConfig": parts.DEPLOYMENT,
        "RetainDeploymentConfig": FLAG,
    },
    required=("EndpointName", "EndpointConfigName"),
    unserved=frozenset({"RetainAllVariantProperties", "ExcludeRetainedVariantProperties"}),
)

WEIGHTS_AND_CAPACITIES: Final = Structure(
    members={
        "EndpointName": parts.LOOSE_NAME,
        "DesiredWeightsAndCapacities": ListOf(
            member=Structure(
                members={
                    "VariantName": parts.LOOSE_NAME,
                    "DesiredWeight": Decimal(least=0.0),
                    "DesiredInstanceCount": ANYTHING,
                },
                required=("VariantName",),
                unserved=frozenset({"ServerlessUpdateConfig"}),
            ),
            fewest=1,
        ),
    },
    required=("EndpointName", "DesiredWeightsAndCapacities"),
)

LIST_ENDPOINTS: Final = _listing(
    ("Name", "CreationTime", "Status"),
    parts.LOOSE_NAME_CONTAINS,
    {"LastModifiedTimeAfter": MOMENT, "LastModifiedTimeBefore": MOMENT, "StatusEquals": _ENDPOINT_STATUS},
)

INPUTS: Final[dict[str, Structure]] = {
    "CreateTrainingJob": CREATE_TRAINING_JOB,
    "DescribeTrainingJob": _one("TrainingJobName", parts.ENTITY_NAME),
    "ListTrainingJobs": LIST_TRAINING_JOBS,
    "StopTrainingJob": _one("TrainingJobName", parts.ENTITY_NAME),
    "CreateModelPackageGroup": CREATE_MODEL_PACKAGE_GROUP,
    "DescribeModelPackageGroup": _one("ModelPackageGroupName", parts.ARN_OR_NAME),
    "ListModelPackageGroups": _listing(
        ("Name", "CreationTime"),
        parts.NAME_CONTAINS,
        {"CrossAccountFilterOption": Text(values=("SameAccount", "CrossAccount"))},
    ),
    "CreateModelPackage": CREATE_MODEL_PACKAGE,
    "DescribeModelPackage": Structure(
        members={
            "ModelPackageName": parts.VERSIONED_ARN_OR_NAME,
            "IncludedData": Text(values=("AllData", "MetadataOnly")),
        },
        required=("ModelPackageName",),
    ),
    "ListModelPackages": LIST_MODEL_PACKAGES,
    "UpdateModelPackage": UPDATE_MODEL_PACKAGE,
    "CreateModel": CREATE_MODEL,
    "DescribeModel": _one("ModelName", parts.MODEL_NAME),
    "ListModels": _listing(("Name", "CreationTime"), parts.LOOSE_NAME_CONTAINS),
    "DeleteModel": _one("ModelName", parts.MODEL_NAME),
    "CreateEndpointConfig": CREATE_ENDPOINT_CONFIG,
    "DescribeEndpointConfig": _one("EndpointConfigName", parts.LOOSE_NAME),
    "CreateEndpoint": CREATE_ENDPOINT,
    "DescribeEndpoint": _one("EndpointName", parts.LOOSE_NAME),
    "ListEndpoints": LIST_ENDPOINTS,
    "UpdateEndpoint": UPDATE_ENDPOINT,
    "UpdateEndpointWeightsAndCapacities": WEIGHTS_AND_CAPACITIES,
    "DeleteEndpoint": _one("EndpointName", parts.LOOSE_NAME),
}
