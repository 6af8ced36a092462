"""Tables, buckets, parameters, secrets, keys and images.

Sources: CloudFormation Template Reference, "AWS::DynamoDB::…", "AWS::S3::…", "AWS::SSM::Parameter",
"AWS::SecretsManager::…", "AWS::KMS::…", "AWS::ECR::Repository", "Return values"; https://www.pulumi.com/registry/
packages/aws/api-docs/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_CREATED: Final = "2026-01-01T00:00:00.000"
_TABLE: Final = "arn:{partition}:dynamodb:{region}:{account}:table/{name}"
_STREAM: Final = f"{{arn}}/stream/{_CREATED}"
_SERVED_TABLE: Final = "its items are kept in a table here"

DYNAMODB_TYPES: Final = Service(
    cloudformation="AWS::DynamoDB::",
    pulumi="aws:dynamodb/",
    reason="nothing of it is kept; tables hold items, keys and indexes",
).types(
    ResourceType(
        cloudformation="Table",
        pulumi="Table",
        named=("TableName", "name"),
        length=255,
        arn=_TABLE,
        attributes={"Arn": "{arn}", "StreamArn": _STREAM},
        outputs={"streamArn": _STREAM, "streamLabel": _CREATED},
        coverage=Coverage.SERVED,
        reason=_SERVED_TABLE,
    ),
    ResourceType(
        cloudformation="GlobalTable",
        named=("TableName", ""),
        length=255,
        arn=_TABLE,
        attributes={"Arn": "{arn}", "StreamArn": _STREAM, "TableId": "{uuid}"},
        coverage=Coverage.SERVED,
        reason=f"{_SERVED_TABLE}; all its replicas are one",
    ),
    ResourceType(pulumi="GlobalTable", named=("", "name"), length=255, arn=_TABLE),
    ResourceType(
        pulumi="TableItem",
        id="{tableName}|{random}",
        coverage=Coverage.IGNORED,
        severity=Severity.NOTE,
        reason="items are not put into tables while a definition is read; put them with a client",
    ),
    ResourceType(
        pulumi="GlobalSecondaryIndex",
        id="{tableName},{indexName}",
        arn="arn:{partition}:dynamodb:{region}:{account}:table/{tableName}/index/{indexName}",
        coverage=Coverage.IGNORED,
        reason="an index is read only where its table declares it",
    ),
    ResourceType(pulumi="TableReplica", id="{tableName}:{region}", arn="{globalTableArn}"),
    ResourceType(pulumi="TableExport", id="{arn}", arn="{tableArn}/export/{hex}"),
    ResourceType(pulumi="ContributorInsights", id="{tableName}"),
    ResourceType(pulumi="KinesisStreamingDestination", id="{tableName},{streamArn}"),
    ResourceType(pulumi="ResourcePolicy", id="{resourceArn}", outputs={"revisionId": "{uuid}"}),
    ResourceType(pulumi="Tag", id="{resourceArn},{key}"),
)

_BUCKET: Final = "{name}.s3"
_WEBSITE: Final = "s3-website-{region}.{suffix}"
_OBJECT: Final = "arn:{partition}:s3:::{bucket}/{key}"
_CHECKSUMS: Final = dict.fromkeys(
    ("checksumCrc32", "checksumCrc32c", "checksumCrc64nvme", "checksumSha1", "checksumSha256", "versionId"), ""
)
_BUCKET_PARTS: Final = (
    *("BucketPolicy", "BucketPublicAccessBlock", "BucketOwnershipControls", "BucketNotification"),
    *("BucketCorsConfiguration", "BucketLifecycleConfiguration", "BucketLogging", "BucketObjectLockConfiguration"),
    *("BucketServerSideEncryptionConfiguration", "BucketVersioning", "BucketAcl", "BucketReplicationConfig"),
    *("BucketAccelerateConfiguration", "BucketRequestPaymentConfiguration", "BucketAccelerateConfigurationV2"),
    *("BucketAclV2", "BucketCorsConfigurationV2", "BucketLifecycleConfigurationV2", "BucketLoggingV2"),
    *("BucketObjectLockConfigurationV2", "BucketRequestPaymentConfigurationV2", "BucketVersioningV2"),
    *("BucketServerSideEncryptionConfigurationV2",),
)

S3_TYPES: Final = Service(
    cloudformation="AWS::S3::",
    pulumi="aws:s3/",
    reason="no objects are kept here; [storage] of inferway.toml gives folders for s3:// locations",
).types(
    ResourceType(
        cloudformation="Bucket",
        pulumi="Bucket",
        also=("BucketV2",),
        named=("BucketName", "bucket"),
        length=63,
        lower=True,
        arn="arn:{partition}:s3:::{name}",
        attributes={
            "Arn": "{arn}",
            "DomainName": f"{_BUCKET}.{{suffix}}",
            "DualStackDomainName": f"{_BUCKET}.dualstack.{{region}}.{{suffix}}",
            "RegionalDomainName": f"{_BUCKET}.{{region}}.{{suffix}}",
            "WebsiteURL": f"http://{{name}}.{_WEBSITE}",
        },
        outputs={
            "bucketDomainName": f"{_BUCKET}.{{suffix}}",
            "bucketRegionalDomainName": f"{_BUCKET}.{{region}}.{{suffix}}",
            "bucketRegion": "{region}",
            "hostedZoneId": "Z3AQBSTGFYJSTF",
            "websiteDomain": _WEBSITE,
            "websiteEndpoint": f"{{name}}.{_WEBSITE}",
        },
    ),
    ResourceType(cloudformation="BucketPolicy", reference="{Bucket}"),
    *(ResourceType(pulumi=part, id="{bucket}") for part in _BUCKET_PARTS),
    ResourceType(
        pulumi="BucketWebsiteConfiguration",
        also=("BucketWebsiteConfigurationV2",),
        id="{bucket}",
        outputs={"websiteDomain": _WEBSITE, "websiteEndpoint": f"{{bucket}}.{_WEBSITE}"},
    ),
    ResourceType(
        pulumi="BucketObject",
        also=("BucketObjectv2",),
        id="{bucket}/{key}",
        arn=_OBJECT,
        outputs={**_CHECKSUMS, "etag": "{hex}"},
        reason="code of functions that lies in it is found; nothing else reads it",
    ),
    ResourceType(
        pulumi="ObjectCopy",
        id="{bucket}/{key}",
        arn=_OBJECT,
        outputs={**_CHECKSUMS, "etag": "{hex}", "requestCharged": False},
    ),
    ResourceType(pulumi="AccountPublicAccessBlock", id="{account}"),
    ResourceType(
        cloudformation="AccessPoint",
        pulumi="AccessPoint",
        named=("Name", "name"),
        length=50,
        lower=True,
        arn="arn:{partition}:s3:{region}:{account}:accesspoint/{name}",
        id="{arn}",
        attributes={"Arn": "{arn}", "Alias": "{name}-{random}-s3alias", "Name": "{name}", "NetworkOrigin": "Internet"},
        outputs={
            "alias": "{name}-{random}-s3alias",
            "domainName": "{name}-{account}.s3-accesspoint.{region}.{suffix}",
            "hasPublicAccessPolicy": False,
            "networkOrigin": "Internet",
            "endpoints": {},
        },
    ),
)

SSM_TYPES: Final = Service(
    cloudformation="AWS::SSM::",
    pulumi="aws:ssm/",
    reason="its value is known to what refers to it; the parameter store itself is not served",
).types(
    ResourceType(
        cloudformation="Parameter",
        pulumi="Parameter",
        named=("Name", "name"),
        length=1011,
        arn="arn:{partition}:ssm:{region}:{account}:parameter{slashed}",
        attributes={"Arn": "{arn}", "Type": "{Type=String}", "Value": "{Value}"},
        outputs={"version": 1, "dataType": "text", "tier": "Standard", "insecureValue": "{value}", "hasValueWo": False},
    ),
    ResourceType(
        cloudformation="Document",
        pulumi="Document",
        named=("Name", "name"),
        arn="arn:{partition}:ssm:{region}:{account}:document/{name}",
        coverage=Coverage.IGNORED,
        reason="documents are not run",
    ),
)

SECRETS_TYPES: Final = Service(
    cloudformation="AWS::SecretsManager::",
    pulumi="aws:secretsmanager/",
    reason="it may be referred to; reading its value while a function runs is not served",
).types(
    ResourceType(
        cloudformation="Secret",
        pulumi="Secret",
        named=("Name", "name"),
        length=512,
        random=6,
        arn="arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{random}",
        reference="{arn}",
        id="{arn}",
        attributes={"Id": "{arn}"},
    ),
    ResourceType(
        pulumi="SecretVersion",
        id="{secretId}|{uuid}",
        arn="{secretId}",
        outputs={
            "secretArn": "{secretId}",
            "versionId": "{uuid}",
            "versionStages": ["AWSCURRENT"],
            "hasSecretStringWo": False,
        },
    ),
    ResourceType(
        cloudformation="ResourcePolicy",
        pulumi="SecretPolicy",
        reference="{SecretId}",
        id="{secretArn}",
        attributes={"Id": "{SecretId}"},
    ),
    ResourceType(
        cloudformation="RotationSchedule",
        pulumi="SecretRotation",
        reference="{SecretId}",
        id="{secretId}",
        attributes={"Id": "{SecretId}"},
    ),
    ResourceType(cloudformation="SecretTargetAttachment", reference="{SecretId}", attributes={"Id": "{SecretId}"}),
)

_KEY: Final = "arn:{partition}:kms:{region}:{account}:key/{uuid}"
KMS_TYPES: Final = Service(
    cloudformation="AWS::KMS::", pulumi="aws:kms/", reason="nothing is encrypted with it; what is stored here is not"
).types(
    ResourceType(
        cloudformation="Key",
        pulumi="Key",
        arn=_KEY,
        reference="{uuid}",
        id="{uuid}",
        attributes={"Arn": "{arn}", "KeyId": "{uuid}"},
        outputs={"keyId": "{uuid}", "multiRegion": False},
    ),
    ResourceType(
        cloudformation="ReplicaKey",
        pulumi="ReplicaKey",
        arn=_KEY,
        reference="{uuid}",
        id="{uuid}",
        attributes={"Arn": "{arn}", "KeyId": "{uuid}"},
        outputs={
            "keyId": "{uuid}",
            "keyRotationEnabled": False,
            "keySpec": "SYMMETRIC_DEFAULT",
            "keyUsage": "ENCRYPT_DECRYPT",
        },
    ),
    ResourceType(
        cloudformation="Alias",
        pulumi="Alias",
        named=("AliasName", "name"),
        arn="arn:{partition}:kms:{region}:{account}:{name}",
        outputs={"targetKeyArn": "arn:{partition}:kms:{region}:{account}:key/{targetKeyId}"},
    ),
    ResourceType(pulumi="KeyPolicy", id="{keyId}"),
    ResourceType(pulumi="Grant", id="{keyId}:{hex}", outputs={"grantId": "{hex}", "grantToken": "{hex}"}),
)

_IMAGES: Final = "{account}.dkr.ecr.{region}.{suffix}/"
ECR_TYPES: Final = Service(
    cloudformation="AWS::ECR::", pulumi="aws:ecr/", reason="no images are kept; its URI is known to what refers to it"
).types(
    ResourceType(
        cloudformation="Repository",
        pulumi="Repository",
        named=("RepositoryName", "name"),
        length=256,
        lower=True,
        arn="arn:{partition}:ecr:{region}:{account}:repository/{name}",
        attributes={"Arn": "{arn}", "RepositoryUri": f"{_IMAGES}{{name}}"},
        outputs={"registryId": "{account}", "repositoryUrl": f"{_IMAGES}{{name}}"},
    ),
    *(
        ResourceType(pulumi=part, id="{repository}", outputs={"registryId": "{account}"})
        for part in ("LifecyclePolicy", "RepositoryPolicy")
    ),
)
