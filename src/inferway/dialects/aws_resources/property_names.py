"""The properties that functions, layers and tables have in CloudFormation.

Source: CloudFormation Template Reference, "AWS::Lambda::Function", "AWS::Lambda::LayerVersion",
"AWS::DynamoDB::Table" and the property types of each.
"""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.aws_resources.property_check import ANY, FLAG, INTEGER, NUMBER, TEXT, Rule, one_of

_TAGS: Final[Rule] = [{"Key!": TEXT, "Value!": TEXT}]
_KEYS: Final[Rule] = [{"AttributeName!": TEXT, "KeyType!": one_of("HASH RANGE")}]
_PROJECTION: Final[Rule] = {"NonKeyAttributes": [TEXT], "ProjectionType": TEXT}
_PROVISIONED: Final[Rule] = {"ReadCapacityUnits!": INTEGER, "WriteCapacityUnits!": INTEGER}
_ON_DEMAND: Final[Rule] = {"MaxReadRequestUnits": INTEGER, "MaxWriteRequestUnits": INTEGER}
_WARM: Final[Rule] = {"ReadUnitsPerSecond": INTEGER, "WriteUnitsPerSecond": INTEGER}
_INSIGHTS: Final[Rule] = {"Enabled!": FLAG, "Mode": one_of("ACCESSED_AND_THROTTLED_KEYS THROTTLED_KEYS")}

PROPERTIES: Final[Mapping[str, Mapping[str, Rule]]] = {
    "AWS::Lambda::Function": {
        "Architectures": [one_of("x86_64 arm64")],
        "CapacityProviderConfig": {
            "LambdaManagedInstancesCapacityProviderConfig!": {
                "CapacityProviderArn!": TEXT,
                "ExecutionEnvironmentMemoryGiBPerVCpu": NUMBER,
                "PerExecutionEnvironmentMaxConcurrency": INTEGER,
            }
        },
        "Code!": {
            "ImageUri": TEXT,
            "S3Bucket": TEXT,
            "S3Key": TEXT,
            "S3ObjectStorageMode": one_of("COPY REFERENCE"),
            "S3ObjectVersion": TEXT,
            "SourceKMSKeyArn": TEXT,
            "ZipFile": TEXT,
        },
        "CodeSigningConfigArn": TEXT,
        "DeadLetterConfig": {"TargetArn": TEXT},
        "Description": TEXT,
        "DurableConfig": {"ExecutionTimeout!": INTEGER, "KMSKeyArn": TEXT, "RetentionPeriodInDays": INTEGER},
        "Environment": {"Variables": {"*": TEXT}},
        "EphemeralStorage": {"Size!": INTEGER},
        "FileSystemConfigs": [
            {"Arn!": TEXT, "LocalMountPath!": TEXT, "S3FilesConfig": {"DirectS3Read": one_of("ENABLED DISABLED AUTO")}}
        ],
        "FunctionName": TEXT,
        "FunctionScalingConfig": {"MaxExecutionEnvironments": INTEGER, "MinExecutionEnvironments": INTEGER},
        "Handler": TEXT,
        "ImageConfig": {"Command": [TEXT], "EntryPoint": [TEXT], "WorkingDirectory": TEXT},
        "KmsKeyArn": TEXT,
        "Layers": [TEXT],
        "LoggingConfig": {
            "ApplicationLogLevel": one_of("TRACE DEBUG INFO WARN ERROR FATAL"),
            "LogFormat": one_of("Text JSON"),
            "LogGroup": TEXT,
            "SystemLogLevel": one_of("DEBUG INFO WARN"),
        },
        "MemorySize": INTEGER,
        "PackageType": one_of("Image Zip"),
        "PublishToLatestPublished": FLAG,
        "RecursiveLoop": one_of("Allow Terminate"),
        "ReservedConcurrentExecutions": INTEGER,
        "Role!": TEXT,
        "Runtime": TEXT,
        "RuntimeManagementConfig": {
            "RuntimeVersionArn": TEXT,
            "UpdateRuntimeOn!": one_of("Auto FunctionUpdate Manual"),
        },
        "SnapStart": {"ApplyOn!": one_of("PublishedVersions None")},
        "Tags": [{"Key!": TEXT, "Value": TEXT}],
        "TenancyConfig": {"TenantIsolationMode!": one_of("PER_TENANT")},
        "Timeout": INTEGER,
        "TracingConfig": {"Mode": one_of("Active PassThrough")},
        "VpcConfig": {"Ipv6AllowedForDualStack": FLAG, "SecurityGroupIds": [TEXT], "SubnetIds": [TEXT]},
    },
    "AWS::Lambda::LayerVersion": {
        "CompatibleArchitectures": [one_of("arm64 x86_64")],
        "CompatibleRuntimes": [TEXT],
        "Content!": {
            "S3Bucket!": TEXT,
            "S3Key!": TEXT,
            "S3ObjectStorageMode": one_of("COPY REFERENCE"),
            "S3ObjectVersion": TEXT,
        },
        "Description": TEXT,
        "LayerName": TEXT,
        "LicenseInfo": TEXT,
    },
    "AWS::DynamoDB::Table": {
        "AttributeDefinitions": [{"AttributeName!": TEXT, "AttributeType!": TEXT}],
        "BillingMode": one_of("PAY_PER_REQUEST PROVISIONED"),
        "ContributorInsightsSpecification": _INSIGHTS,
        "DeletionProtectionEnabled": FLAG,
        "GlobalSecondaryIndexes": [
            {
                "ContributorInsightsSpecification": _INSIGHTS,
                "IndexName!": TEXT,
                "KeySchema!": [{"AttributeName!": TEXT, "KeyType!": one_of("HASH RANGE")}],
                "OnDemandThroughput": _ON_DEMAND,
                "Projection!": _PROJECTION,
                "ProvisionedThroughput": _PROVISIONED,
                "WarmThroughput": _WARM,
            }
        ],
        "ImportSourceSpecification": {
            "InputCompressionType": TEXT,
            "InputFormat!": TEXT,
            "InputFormatOptions": {"Csv": {"Delimiter": TEXT, "HeaderList": [TEXT]}},
            "S3BucketSource!": {"S3Bucket!": TEXT, "S3BucketOwner": TEXT, "S3KeyPrefix": TEXT},
        },
        "KeySchema!": [{"AttributeName!": TEXT, "KeyType!": one_of("HASH RANGE")}],
        "KinesisStreamSpecification": {
            "ApproximateCreationDateTimePrecision": one_of("MICROSECOND MILLISECOND"),
            "StreamArn!": TEXT,
        },
        "LocalSecondaryIndexes": [
            {
                "IndexName!": TEXT,
                "KeySchema!": [{"AttributeName!": TEXT, "KeyType!": one_of("HASH RANGE")}],
                "Projection!": _PROJECTION,
            }
        ],
        "OnDemandThroughput": _ON_DEMAND,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": FLAG, "RecoveryPeriodInDays": INTEGER},
        "ProvisionedThroughput": _PROVISIONED,
        "ResourcePolicy": {"PolicyDocument!": ANY},
        "SSESpecification": {"KMSMasterKeyId": TEXT, "SSEEnabled!": FLAG, "SSEType": one_of("KMS")},
        "StreamSpecification": {
            "ResourcePolicy": {"PolicyDocument!": ANY},
            "StreamViewType!": one_of("KEYS_ONLY NEW_AND_OLD_IMAGES NEW_IMAGE OLD_IMAGE"),
            "Tags": [{"Key!": TEXT, "Value!": TEXT}],
        },
        "TableClass": one_of("STANDARD STANDARD_INFREQUENT_ACCESS"),
        "TableName": TEXT,
        "Tags": [{"Key!": TEXT, "Value!": TEXT}],
        "TimeToLiveSpecification": {"AttributeName": TEXT, "Enabled!": FLAG},
        "VectorIndexes": [
            {
                "Dimensions!": INTEGER,
                "DistanceFunction!": one_of("COSINE DOT_PRODUCT EUCLIDEAN"),
                "IndexName!": TEXT,
                "Projection!": _PROJECTION,
                "SearchSchema": [{"AttributeName!": TEXT, "SearchSchemaElementType!": one_of("HASH INLINE_FILTER")}],
                "VectorAttribute!": {"AttributeName!": TEXT},
            }
        ],
        "WarmThroughput": _WARM,
    },
}
"""The properties of each type: `!` behind a name says that it is required, `*` stands for any name."""
