"""The parts of SageMaker's requests, with their constraints.

Source: the service model of API version 2017-07-24; a test holds every constraint here against it. Instance types alone
are not held to the service's list, which grows by the month, but to their form.
"""

from typing import Final

from inferway.control.shapes import Anything, Decimal, Flag, ListOf, MapOf, Moment, Structure, Text, Whole

ANYTHING: Final = Anything()
FLAG: Final = Flag()
MOMENT: Final = Moment()

ENTITY_NAME: Final = Text(shortest=1, longest=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
LOOSE_NAME: Final = Text(longest=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
MODEL_NAME: Final = Text(longest=63, pattern="[a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?")
_ARN: Final = "(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:[a-z\\-]*\\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)"
ARN_OR_NAME: Final = Text(shortest=1, longest=170, pattern=_ARN)
VERSIONED_ARN_OR_NAME: Final = Text(shortest=1, longest=176, pattern=f"{_ARN}(\\/[0-9]{{1,9}})?")
MODEL_PACKAGE_ARN: Final = Text(
    shortest=1,
    longest=2048,
    pattern="arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]{9,16}:[0-9]{12}:model-package/[\\S]{1,2048}",
)
ROLE_ARN: Final = Text(shortest=20, longest=2048, pattern="arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+")
S3_URI: Final = Text(longest=1024, pattern="(https|s3)://([^/]+)/?(.*)")
KMS_KEY: Final = Text(longest=2048, pattern="[a-zA-Z0-9:/_-]*")
INSTANCE_TYPE: Final = Text(pattern="ml\\.[a-z0-9-]+\\.[a-z0-9-]+")
DESCRIPTION: Final = Text(longest=1024, pattern="[\\p{L}\\p{M}\\p{Z}\\p{S}\\p{N}\\p{P}]*")
CONTENT_TYPE: Final = Text(longest=256, pattern=".*")
FREE_TEXT: Final = Text()
APPROVAL_STATUS: Final = Text(values=("Approved", "Rejected", "PendingManualApproval"))
REGISTRATION_TYPE: Final = Text(values=("Logged", "Registered"))

TAGS: Final = ListOf(
    member=Structure(
        members={
            "Key": Text(shortest=1, longest=128, pattern="([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"),
            "Value": Text(longest=256, pattern="([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"),
        },
        required=("Key", "Value"),
    ),
    most=50,
)

HYPERPARAMETERS: Final = MapOf(key=Text(longest=256, pattern=".*"), value=Text(longest=2500, pattern=".*"), most=100)
TRAINING_ENVIRONMENT: Final = MapOf(
    key=Text(longest=512, pattern="[a-zA-Z_][a-zA-Z0-9_]*"), value=Text(longest=512, pattern="[\\S\\s]*"), most=100
)
CONTAINER_ENVIRONMENT: Final = MapOf(
    key=Text(longest=1024, pattern="[a-zA-Z_][a-zA-Z0-9_]*"), value=Text(longest=1024, pattern="[\\S\\s]*"), most=100
)
METADATA_KEY: Final = Text(shortest=1, longest=128, pattern="[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*")
CUSTOMER_METADATA: Final = MapOf(
    key=METADATA_KEY,
    value=Text(shortest=1, longest=256, pattern="[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*"),
    fewest=1,
    most=50,
)
INPUT_MODE: Final = Text(values=("Pipe", "File", "FastFile"))

ALGORITHM: Final = Structure(
    members={
        "TrainingImage": Text(longest=255, pattern=".*"),
        "TrainingInputMode": INPUT_MODE,
        "MetricDefinitions": ListOf(
            member=Structure(
                members={
                    "Name": Text(shortest=1, longest=255, pattern=".+"),
                    "Regex": Text(shortest=1, longest=500, pattern=".+"),
                },
                required=("Name", "Regex"),
            ),
            most=40,
        ),
        "EnableSageMakerMetricsTimeSeries": FLAG,
    },
    required=("TrainingInputMode",),
    unserved=frozenset({"AlgorithmName", "ContainerEntrypoint", "ContainerArguments", "TrainingImageConfig"}),
)

S3_DATA_SOURCE: Final = Structure(
    members={
        "S3DataType": Text(values=("ManifestFile", "S3Prefix", "AugmentedManifestFile", "Converse")),
        "S3Uri": S3_URI,
        "S3DataDistributionType": Text(values=("FullyReplicated", "ShardedByS3Key")),
    },
    required=("S3DataType", "S3Uri"),
    unserved=frozenset({"AttributeNames", "InstanceGroupNames", "ModelAccessConfig", "HubAccessConfig"}),
)

CHANNEL: Final = Structure(
    members={
        "ChannelName": Text(shortest=1, longest=64, pattern="[A-Za-z0-9\\.\\-_]+"),
        "DataSource": Structure(
            members={"S3DataSource": S3_DATA_SOURCE},
            unserved=frozenset({"FileSystemDataSource", "DatasetSource"}),
        ),
        "ContentType": CONTENT_TYPE,
        "CompressionType": Text(values=("None", "Gzip")),
        "RecordWrapperType": Text(values=("None", "RecordIO")),
        "InputMode": INPUT_MODE,
    },
    required=("ChannelName", "DataSource"),
    unserved=frozenset({"ShuffleConfig"}),
)

OUTPUT: Final = Structure(
    members={"KmsKeyId": KMS_KEY, "S3OutputPath": S3_URI, "CompressionType": Text(values=("GZIP", "NONE"))},
    required=("S3OutputPath",),
)

RESOURCES: Final = Structure(
    members={
        "InstanceType": INSTANCE_TYPE,
        "InstanceCount": Whole(least=0),
        "VolumeSizeInGB": Whole(least=0),
        "VolumeKmsKeyId": KMS_KEY,
        "KeepAlivePeriodInSeconds": Whole(least=0, most=21_600),
    },
    unserved=frozenset(
        {"InstanceGroups", "TrainingPlanArn", "InstancePlacementConfig", "InstancePreferences"}
        | {"SelectedInstanceType", "SelectedInstanceCount"}
    ),
)

STOPPING: Final = Structure(
    members={
        "MaxRuntimeInSeconds": Whole(least=1),
        "MaxWaitTimeInSeconds": Whole(least=1),
        "MaxPendingTimeInSeconds": Whole(least=1800, most=2_419_200),
    }
)

MODEL_DATA_SOURCE: Final = Structure(
    members={
        "S3DataSource": Structure(
            members={
                "S3Uri": S3_URI,
                "S3DataType": Text(values=("S3Prefix", "S3Object")),
                "CompressionType": Text(values=("None", "Gzip")),
                "ModelAccessConfig": ANYTHING,
                "ETag": FREE_TEXT,
            },
            required=("S3Uri", "S3DataType", "CompressionType"),
            unserved=frozenset({"HubAccessConfig", "ManifestS3Uri", "ManifestEtag"}),
        )
    }
)

CONTAINER: Final = Structure(
    members={
        "ContainerHostname": LOOSE_NAME,
        "Image": Text(longest=255, pattern="[\\S]+"),
        "ImageConfig": ANYTHING,
        "Mode": Text(values=("SingleModel", "MultiModel")),
        "ModelDataUrl": S3_URI,
        "ModelDataSource": MODEL_DATA_SOURCE,
        "Environment": CONTAINER_ENVIRONMENT,
        "ModelPackageName": VERSIONED_ARN_OR_NAME,
        "ContainerMetricsConfig": ANYTHING,
    },
    unserved=frozenset({"AdditionalModelDataSources", "InferenceSpecificationName", "MultiModelConfig"}),
)

INFERENCE: Final = Structure(
    members={
        "Containers": ListOf(
            member=Structure(
                members={
                    "ContainerHostname": LOOSE_NAME,
                    "Image": Text(longest=255, pattern="[\\S]+"),
                    "ImageDigest": Text(longest=72, pattern="[Ss][Hh][Aa]256:[0-9a-fA-F]{64}"),
                    "ModelDataUrl": S3_URI,
                    "ModelDataSource": MODEL_DATA_SOURCE,
                    "ProductId": Text(longest=256, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9])*"),
                    "Environment": CONTAINER_ENVIRONMENT,
                    "ModelInput": ANYTHING,
                    "Framework": FREE_TEXT,
                    "FrameworkVersion": Text(shortest=3, longest=10, pattern="[0-9]\\.[A-Za-z0-9.-]+"),
                    "NearestModelName": FREE_TEXT,
                    "ModelDataETag": FREE_TEXT,
                    "IsCheckpoint": FLAG,
                    "BaseModel": ANYTHING,
                },
                unserved=frozenset({"AdditionalModelDataSources", "AdditionalS3DataSource"}),
            ),
            fewest=1,
            most=15,
        ),
        "SupportedTransformInstanceTypes": ListOf(member=INSTANCE_TYPE, fewest=1),
        "SupportedRealtimeInferenceInstanceTypes": ListOf(member=INSTANCE_TYPE),
        "SupportedContentTypes": ListOf(member=CONTENT_TYPE),
        "SupportedResponseMIMETypes": ListOf(member=Text(longest=1024, pattern="[-\\w]+\\/.+")),
    },
    required=("Containers",),
)

_METRICS_SOURCE: Final = Structure(
    members={
        "ContentType": CONTENT_TYPE,
        "ContentDigest": Text(longest=72, pattern="[Ss][Hh][Aa]256:[0-9a-fA-F]{64}"),
        "S3Uri": S3_URI,
    },
    required=("ContentType", "S3Uri"),
)
MODEL_METRICS: Final = Structure(
    members={
        "ModelQuality": Structure(members={"Statistics": _METRICS_SOURCE, "Constraints": _METRICS_SOURCE}),
        "ModelDataQuality": ANYTHING,
        "Bias": ANYTHING,
        "Explainability": ANYTHING,
    }
)

_PROPERTY: Final = Text(longest=1024, pattern=".*")
METADATA: Final = Structure(
    members={"CommitId": _PROPERTY, "Repository": _PROPERTY, "GeneratedBy": _PROPERTY, "ProjectId": _PROPERTY}
)
SOURCE_URI: Final = Text(longest=1024, pattern="[\\p{L}\\p{M}\\p{Z}\\p{N}\\p{P}]{0,1024}")
APPROVAL_DESCRIPTION: Final = Text(longest=1024, pattern=".*")

VARIANT: Final = Structure(
    members={
        "VariantName": LOOSE_NAME,
        "ModelName": MODEL_NAME,
        "InitialInstanceCount": Whole(least=1),
        "InstanceType": INSTANCE_TYPE,
        "InitialVariantWeight": Decimal(least=0.0),
        "ServerlessConfig": ANYTHING,
        "VolumeSizeInGB": Whole(least=1, most=512),
        "ModelDataDownloadTimeoutInSeconds": Whole(least=60, most=3600),
        "ContainerStartupHealthCheckTimeoutInSeconds": Whole(least=60, most=3600),
        "EnableSSMAccess": FLAG,
        "ManagedInstanceScaling": ANYTHING,
        "RoutingConfig": Structure(
            members={
                "RoutingStrategy": Text(values=("LEAST_OUTSTANDING_REQUESTS", "RANDOM", "PREFIX_AWARE", "KV_AWARE"))
            },
            required=("RoutingStrategy",),
            unserved=frozenset({"PrefixAwareRoutingConfig"}),
        ),
        "InferenceAmiVersion": ANYTHING,
        "CoreDumpConfig": ANYTHING,
        "CapacityReservationConfig": ANYTHING,
        "VariantInstanceProvisionTimeoutInSeconds": Whole(least=300, most=3600),
    },
    required=("VariantName",),
    unserved=frozenset({"AcceleratorType", "AcceleratorPartitionLayouts", "InstancePools"}),
)

_CAPTURED_TYPE: Final = Text(
    shortest=1, longest=256, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9])*\\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*"
)
_DESTINATION: Final = Text(longest=512, pattern="(https|s3)://([^/])/?(.*)")

DATA_CAPTURE: Final = Structure(
    members={
        "EnableCapture": FLAG,
        "InitialSamplingPercentage": Whole(least=0, most=100),
        "DestinationS3Uri": _DESTINATION,
        "KmsKeyId": KMS_KEY,
        "CaptureOptions": ListOf(
            member=Structure(
                members={"CaptureMode": Text(values=("Input", "Output", "InputAndOutput"))}, required=("CaptureMode",)
            ),
            fewest=1,
            most=32,
        ),
        "CaptureContentTypeHeader": Structure(
            members={
                "CsvContentTypes": ListOf(member=_CAPTURED_TYPE, fewest=1, most=10),
                "JsonContentTypes": ListOf(member=_CAPTURED_TYPE, fewest=1, most=10),
            }
        ),
    },
    required=("InitialSamplingPercentage", "DestinationS3Uri", "CaptureOptions"),
)

ASYNC_INFERENCE: Final = Structure(
    members={
        "ClientConfig": Structure(members={"MaxConcurrentInvocationsPerInstance": Whole(least=1, most=1000)}),
        "OutputConfig": Structure(
            members={"KmsKeyId": KMS_KEY, "S3OutputPath": _DESTINATION, "S3FailurePath": _DESTINATION},
            unserved=frozenset({"NotificationConfig"}),
        ),
    },
    required=("OutputConfig",),
)

_SIZE: Final = Structure(
    members={"Type": Text(values=("INSTANCE_COUNT", "CAPACITY_PERCENT")), "Value": Whole(least=1)},
    required=("Type", "Value"),
)
_WAIT: Final = Whole(least=0, most=3600)
_EXECUTION: Final = Whole(least=600, most=28_800)

DEPLOYMENT: Final = Structure(
    members={
        "BlueGreenUpdatePolicy": Structure(
            members={
                "TrafficRoutingConfiguration": Structure(
                    members={
                        "Type": Text(values=("ALL_AT_ONCE", "CANARY", "LINEAR")),
                        "WaitIntervalInSeconds": _WAIT,
                        "CanarySize": _SIZE,
                        "LinearStepSize": _SIZE,
                    },
                    required=("Type", "WaitIntervalInSeconds"),
                ),
                "TerminationWaitInSeconds": _WAIT,
                "MaximumExecutionTimeoutInSeconds": _EXECUTION,
            },
            required=("TrafficRoutingConfiguration",),
        ),
        "RollingUpdatePolicy": Structure(
            members={
                "MaximumBatchSize": _SIZE,
                "WaitIntervalInSeconds": _WAIT,
                "MaximumExecutionTimeoutInSeconds": _EXECUTION,
                "RollbackMaximumBatchSize": _SIZE,
            },
            required=("MaximumBatchSize", "WaitIntervalInSeconds"),
        ),
        "AutoRollbackConfiguration": Structure(
            members={
                "Alarms": ListOf(
                    member=Structure(members={"AlarmName": Text(shortest=1, longest=255, pattern="(?!\\s*$).+")}),
                    fewest=1,
                    most=10,
                )
            }
        ),
    }
)

SORT_ORDER: Final = Text(values=("Ascending", "Descending"))
NAME_CONTAINS: Final = Text(longest=63, pattern="[a-zA-Z0-9\\-]+")
LOOSE_NAME_CONTAINS: Final = Text(longest=63, pattern="[a-zA-Z0-9-]+")
NEXT_TOKEN: Final = Text(longest=8192, pattern=".*")
MAX_RESULTS: Final = Whole(least=1, most=100)
