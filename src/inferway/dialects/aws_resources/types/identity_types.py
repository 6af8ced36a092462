"""Who may do what: roles, policies, users and user pools.

Sources: CloudFormation Template Reference, "AWS::IAM::…" and "AWS::Cognito::…", "Return values";
https://www.pulumi.com/registry/packages/aws/api-docs/iam/ and …/cognito/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_IAM_ARN: Final = "arn:{partition}:iam::{account}:"
_MADE: Final = "2026-01-01T00:00:00Z"

_IAM: Final = Service(
    cloudformation="AWS::IAM::",
    pulumi="aws:iam/",
    reason="who may do what behind an API is not restricted; callers are identities of inferway.toml",
)
_ATTACHED: Final = "{role|user|group}-{random}"
_BOUND: Final = "bind the user to an identity of inferway.toml, [identities.NAME], to let it sign requests"

IAM_TYPES: Final = _IAM.types(
    ResourceType(
        cloudformation="Role",
        pulumi="Role",
        named=("RoleName", "name"),
        random=17,
        arn=f"{_IAM_ARN}role{{Path|path=/}}{{name}}",
        attributes={"Arn": "{arn}", "RoleId": "AROA{upper}"},
        outputs={"uniqueId": "AROA{upper}", "createDate": _MADE},
    ),
    ResourceType(cloudformation="Policy", attributes={"Id": "{name}"}, named=("PolicyName", ""), length=128),
    ResourceType(cloudformation="RolePolicy", pulumi="RolePolicy", named=("PolicyName", "name"), id="{role}:{name}"),
    ResourceType(cloudformation="UserPolicy", pulumi="UserPolicy", named=("PolicyName", "name"), id="{user}:{name}"),
    ResourceType(cloudformation="GroupPolicy", pulumi="GroupPolicy", named=("PolicyName", "name"), id="{group}:{name}"),
    ResourceType(
        cloudformation="ManagedPolicy",
        pulumi="Policy",
        named=("ManagedPolicyName", "name"),
        length=128,
        random=17,
        arn=f"{_IAM_ARN}policy{{Path|path=/}}{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={
            "PolicyArn": "{arn}",
            "PolicyId": "ANPA{upper}",
            "AttachmentCount": 0,
            "CreateDate": _MADE,
            "DefaultVersionId": "v1",
            "IsAttachable": True,
            "PermissionsBoundaryUsageCount": 0,
            "UpdateDate": _MADE,
        },
        outputs={"policyId": "ANPA{upper}", "attachmentCount": 0},
    ),
    ResourceType(pulumi="RolePolicyAttachment", id=_ATTACHED),
    ResourceType(pulumi="UserPolicyAttachment", id=_ATTACHED),
    ResourceType(pulumi="GroupPolicyAttachment", id=_ATTACHED),
    ResourceType(pulumi="PolicyAttachment", named=("", "name")),
    ResourceType(pulumi="RolePoliciesExclusive", id="{roleName}"),
    ResourceType(pulumi="RolePolicyAttachmentsExclusive", id="{roleName}"),
    ResourceType(
        cloudformation="User",
        pulumi="User",
        named=("UserName", "name"),
        random=17,
        arn=f"{_IAM_ARN}user{{Path|path=/}}{{name}}",
        attributes={"Arn": "{arn}"},
        outputs={"uniqueId": "AIDA{upper}"},
        reason=_BOUND,
    ),
    ResourceType(
        cloudformation="AccessKey",
        pulumi="AccessKey",
        random=16,
        reference="AKIA{upper}",
        id="AKIA{upper}",
        attributes={"Id": "AKIA{upper}", "SecretAccessKey": ""},
        outputs={
            "secret": "",
            "sesSmtpPasswordV4": "",
            "encryptedSecret": "",
            "encryptedSesSmtpPasswordV4": "",
            "keyFingerprint": "",
            "createDate": _MADE,
        },
        secrets=("SecretAccessKey", "secret", "sesSmtpPasswordV4"),
        coverage=Coverage.IGNORED,
        severity=Severity.NOTE,
        reason=f"no request is accepted that is signed with it; {_BOUND}",
    ),
    ResourceType(
        cloudformation="Group",
        pulumi="Group",
        named=("GroupName", "name"),
        random=17,
        length=128,
        arn=f"{_IAM_ARN}group{{Path|path=/}}{{name}}",
        attributes={"Arn": "{arn}"},
        outputs={"uniqueId": "AGPA{upper}"},
    ),
    ResourceType(cloudformation="UserToGroupAddition", attributes={"Id": "{name}"}),
    ResourceType(pulumi="GroupMembership", named=("", "name")),
    ResourceType(pulumi="UserGroupMembership", id="{random}"),
    ResourceType(
        cloudformation="InstanceProfile",
        pulumi="InstanceProfile",
        named=("InstanceProfileName", "name"),
        random=17,
        length=128,
        arn=f"{_IAM_ARN}instance-profile{{Path|path=/}}{{name}}",
        attributes={"Arn": "{arn}"},
        outputs={"uniqueId": "AIPA{upper}", "createDate": _MADE},
    ),
    ResourceType(
        cloudformation="ServiceLinkedRole",
        pulumi="ServiceLinkedRole",
        random=17,
        arn=f"{_IAM_ARN}role/aws-service-role/{{AWSServiceName|awsServiceName}}/{{name}}",
        id="{arn}",
        attributes={"RoleName": "{name}"},
        outputs={
            "name": "{name}",
            "path": "/aws-service-role/{awsServiceName}/",
            "uniqueId": "AROA{upper}",
            "createDate": _MADE,
        },
    ),
    ResourceType(
        cloudformation="OIDCProvider",
        pulumi="OpenIdConnectProvider",
        arn=f"{_IAM_ARN}oidc-provider/{{random}}",
        reference="{arn}",
        id="{arn}",
        attributes={"Arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="SAMLProvider",
        pulumi="SamlProvider",
        named=("Name", "name"),
        arn=f"{_IAM_ARN}saml-provider/{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"Arn": "{arn}", "SamlProviderUUID": "{uuid}"},
        outputs={"samlProviderUuid": "{uuid}"},
    ),
    ResourceType(
        cloudformation="ServerCertificate",
        pulumi="ServerCertificate",
        named=("ServerCertificateName", "name"),
        arn=f"{_IAM_ARN}server-certificate{{Path|path=/}}{{name}}",
        attributes={"Arn": "{arn}"},
    ),
)

_COGNITO: Final = Service(
    cloudformation="AWS::Cognito::",
    pulumi="aws:cognito/",
    reason="authorizers may refer to it; no users are kept here, and no tokens of theirs are given out",
)
_POOL: Final = "{region}_{random}"
_ISSUER: Final = f"cognito-idp.{{region}}.{{suffix}}/{_POOL}"
_CLIENT: Final = {"refreshTokenValidity": 30, "accessTokenValidity": 0, "idTokenValidity": 0}

COGNITO_TYPES: Final = _COGNITO.types(
    ResourceType(
        cloudformation="UserPool",
        pulumi="UserPool",
        named=("UserPoolName", "name"),
        length=128,
        random=9,
        arn=f"arn:{{partition}}:cognito-idp:{{region}}:{{account}}:userpool/{_POOL}",
        reference=_POOL,
        id=_POOL,
        attributes={
            "Arn": "{arn}",
            "ProviderName": _ISSUER,
            "ProviderURL": f"https://{_ISSUER}",
            "UserPoolId": _POOL,
        },
        outputs={
            "endpoint": _ISSUER,
            "creationDate": _MADE,
            "lastModifiedDate": _MADE,
            "domain": "",
            "customDomain": "",
            "estimatedNumberOfUsers": 0,
        },
    ),
    ResourceType(
        cloudformation="UserPoolClient",
        pulumi="UserPoolClient",
        also=("ManagedUserPoolClient",),
        named=("ClientName", "name"),
        length=128,
        random=26,
        reference="{random}",
        id="{random}",
        attributes={"ClientId": "{random}", "ClientSecret": "", "Name": "{name}"},
        outputs={"clientSecret": "", **_CLIENT},
        secrets=("ClientSecret", "clientSecret"),
    ),
    ResourceType(
        cloudformation="UserPoolDomain",
        pulumi="UserPoolDomain",
        reference="{Domain}",
        id="{domain}",
        attributes={"CloudFrontDistribution": "{random}.cloudfront.net"},
        outputs={
            "awsAccountId": "{account}",
            "cloudfrontDistribution": "{random}.cloudfront.net",
            "cloudfrontDistributionArn": "{random}.cloudfront.net",
            "cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2",
            "s3Bucket": "",
            "version": "1",
        },
    ),
    ResourceType(
        cloudformation="UserPoolResourceServer",
        pulumi="ResourceServer",
        reference="{Identifier}",
        id="{userPoolId}|{identifier}",
    ),
    ResourceType(
        cloudformation="UserPoolGroup",
        pulumi="UserGroup",
        named=("GroupName", "name"),
        id="{userPoolId}/{name}",
    ),
    ResourceType(
        cloudformation="UserPoolUser",
        pulumi="User",
        named=("Username", "username"),
        id="{userPoolId}/{name}",
        outputs={"sub": "{uuid}", "status": "FORCE_CHANGE_PASSWORD", "creationDate": _MADE, "lastModifiedDate": _MADE},
    ),
    ResourceType(cloudformation="UserPoolUserToGroupAttachment", pulumi="UserInGroup", id="{random}"),
    ResourceType(
        cloudformation="UserPoolIdentityProvider",
        pulumi="IdentityProvider",
        reference="{ProviderName}",
        id="{userPoolId}:{providerName}",
    ),
    ResourceType(
        cloudformation="UserPoolUICustomizationAttachment",
        pulumi="UserPoolUICustomization",
        id="{userPoolId},{clientId=ALL}",
    ),
    ResourceType(
        cloudformation="IdentityPool",
        pulumi="IdentityPool",
        named=("IdentityPoolName", "identityPoolName"),
        length=128,
        arn="arn:{partition}:cognito-identity:{region}:{account}:identitypool/{region}:{uuid}",
        reference="{region}:{uuid}",
        id="{region}:{uuid}",
        attributes={"Id": "{region}:{uuid}", "Name": "{name}"},
    ),
    ResourceType(
        cloudformation="IdentityPoolRoleAttachment",
        pulumi="IdentityPoolRoleAttachment",
        id="{identityPoolId}",
        attributes={"Id": "{name}"},
    ),
)
