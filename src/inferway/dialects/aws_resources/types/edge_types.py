"""What stands in front of an API: firewalls, certificates, names, distributions and load balancers.

Sources: CloudFormation Template Reference, "AWS::WAFv2::…", "AWS::CertificateManager::…",
"AWS::Route53::…", "AWS::CloudFront::…", "Return values"; https://www.pulumi.com/registry/packages/aws/api-docs/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_MADE: Final = "2026-01-01T00:00:00Z"
_READ: Final = Coverage.READ
_IGNORED: Final = Coverage.IGNORED

_CHECKED: Final = "its rules are applied to the stages and GraphQL APIs that it is associated with"
_IN_ACL: Final = "it is part of a web ACL"


def _firewall(kind: str, noun: str, attributes: dict[str, object], outputs: dict[str, object]) -> ResourceType:
    pulumi = kind.replace("ACL", "Acl").replace("IPSet", "IpSet")
    return ResourceType(
        cloudformation=kind,
        pulumi=pulumi,
        named=("Name", "name"),
        length=128,
        arn=f"arn:{{partition}}:wafv2:{{region}}:{{account}}:regional/{noun}/{{name}}/{{uuid}}",
        reference="{name}|{uuid}|{Scope}",
        id="{uuid}",
        attributes={"Arn": "{arn}", "Id": "{uuid}", **attributes},
        outputs={"lockToken": "{uuid}", **outputs},
        coverage=_READ,
        reason=_CHECKED if kind == "WebACL" else _IN_ACL,
    )


_LABELS: Final = "awswaf:{account}:webacl:{name}:"
WAF_TYPES: Final = Service(cloudformation="AWS::WAFv2::", pulumi="aws:wafv2/", coverage=_READ, reason=_CHECKED).types(
    _firewall(
        "WebACL",
        "webacl",
        {"Capacity": 0, "LabelNamespace": _LABELS},
        {"capacity": 0, "applicationIntegrationUrl": ""},
    ),
    _firewall("IPSet", "ipset", {}, {}),
    _firewall("RegexPatternSet", "regexpatternset", {}, {}),
    _firewall("RuleGroup", "rulegroup", {"LabelNamespace": _LABELS.replace("webacl", "rulegroup")}, {}),
    ResourceType(
        cloudformation="WebACLAssociation",
        pulumi="WebAclAssociation",
        reference="{ResourceArn}|{WebACLArn}",
        id="{webAclArn},{resourceArn}",
        coverage=_READ,
        reason="the web ACL that it names is applied to what it names",
    ),
    ResourceType(
        cloudformation="LoggingConfiguration",
        pulumi="WebAclLoggingConfiguration",
        reference="{ResourceArn}",
        id="{resourceArn}",
        coverage=_READ,
        reason="what it redacts and filters holds for the log that [waf] of inferway.toml names",
        attributes={"ManagedByFirewallManager": False},
    ),
    ResourceType(pulumi="WebAclRule", id="{webAclArn},{name}", coverage=_READ, reason=_IN_ACL),
)

_CERTIFICATE: Final = "arn:{partition}:acm:{region}:{account}:certificate/{uuid}"
ACM_TYPES: Final = Service(
    cloudformation="AWS::CertificateManager::",
    pulumi="aws:acm/",
    reason="it may be referred to; no certificate is issued, and the gateway itself speaks HTTP",
).types(
    ResourceType(
        cloudformation="Certificate",
        pulumi="Certificate",
        arn=_CERTIFICATE,
        reference="{arn}",
        id="{arn}",
        attributes={"CertificateArn": "{arn}"},
        outputs={
            "status": "ISSUED",
            "type": "AMAZON_ISSUED",
            "notBefore": _MADE,
            "notAfter": "2027-01-01T00:00:00Z",
            "pendingRenewal": False,
            "renewalEligibility": "ELIGIBLE",
            "renewalSummaries": [],
            "validationEmails": [],
            "domainValidationOptions": [
                {
                    "domainName": "{domainName}",
                    "resourceRecordName": "_{random}.{domainName}.",
                    "resourceRecordType": "CNAME",
                    "resourceRecordValue": "_{random}.acm-validations.aws.",
                }
            ],
        },
    ),
    ResourceType(pulumi="CertificateValidation", id="{certificateArn}"),
)

_NAME_SERVERS: Final = [f"ns-{number}.awsdns-00.{domain}" for number, domain in enumerate(("com", "net", "org"))]
ROUTE53_TYPES: Final = Service(
    cloudformation="AWS::Route53::", pulumi="aws:route53/", reason="no names are served; call the gateway's own address"
).types(
    ResourceType(
        cloudformation="HostedZone",
        pulumi="Zone",
        named=("Name", "name"),
        arn="arn:{partition}:route53:::hostedzone/Z{upper}",
        reference="Z{upper}",
        id="Z{upper}",
        attributes={"Id": "Z{upper}", "NameServers": _NAME_SERVERS},
        outputs={"zoneId": "Z{upper}", "nameServers": _NAME_SERVERS, "primaryNameServer": _NAME_SERVERS[0]},
    ),
    ResourceType(
        cloudformation="RecordSet",
        pulumi="Record",
        named=("Name", "name"),
        id="{zoneId}_{name}_{type}",
        outputs={"fqdn": "{name}"},
    ),
    ResourceType(cloudformation="RecordSetGroup", attributes={"Id": "{name}"}),
    ResourceType(
        cloudformation="HealthCheck",
        pulumi="HealthCheck",
        arn="arn:{partition}:route53:::healthcheck/{uuid}",
        reference="{uuid}",
        id="{uuid}",
        attributes={"HealthCheckId": "{uuid}"},
    ),
    ResourceType(pulumi="ZoneAssociation", id="{zoneId}:{vpcId}", outputs={"owningAccount": "{account}"}),
)

_CDN: Final = "arn:{partition}:cloudfront::{account}:"
_ETAG: Final = {"etag": "E{upper}"}
CLOUDFRONT_TYPES: Final = Service(
    cloudformation="AWS::CloudFront::",
    pulumi="aws:cloudfront/",
    reason="it belongs to a distribution, which is reported",
).types(
    ResourceType(
        cloudformation="Distribution",
        pulumi="Distribution",
        random=13,
        arn=f"{_CDN}distribution/E{{upper}}",
        reference="E{upper}",
        id="E{upper}",
        attributes={"Id": "E{upper}", "DomainName": "d{random}.cloudfront.net"},
        outputs={
            **_ETAG,
            "domainName": "d{random}.cloudfront.net",
            "callerReference": "{uuid}",
            "hostedZoneId": "Z2FDTNDATAQYW2",
            "inProgressValidationBatches": 0,
            "lastModifiedTime": _MADE,
            "loggingV1Enabled": False,
            "status": "Deployed",
            "trustedKeyGroups": [],
            "trustedSigners": [],
        },
        coverage=_IGNORED,
        reason="nothing stands in front of the gateway; call its own address",
    ),
    ResourceType(
        cloudformation="OriginAccessControl",
        pulumi="OriginAccessControl",
        random=13,
        arn=f"{_CDN}origin-access-control/E{{upper}}",
        reference="E{upper}",
        id="E{upper}",
        attributes={"Id": "E{upper}"},
        outputs=_ETAG,
    ),
    ResourceType(
        cloudformation="CloudFrontOriginAccessIdentity",
        pulumi="OriginAccessIdentity",
        random=13,
        arn=f"{_CDN}origin-access-identity/E{{upper}}",
        reference="E{upper}",
        id="E{upper}",
        attributes={"Id": "E{upper}", "S3CanonicalUserId": "{hex}"},
        outputs={
            **_ETAG,
            "callerReference": "{uuid}",
            "cloudfrontAccessIdentityPath": "origin-access-identity/cloudfront/E{upper}",
            "iamArn": "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity E{upper}",
            "s3CanonicalUserId": "{hex}",
        },
    ),
    ResourceType(
        cloudformation="Function",
        pulumi="Function",
        named=("Name", "name"),
        arn=f"{_CDN}function/{{name}}",
        reference="{arn}",
        attributes={"FunctionARN": "{arn}", "FunctionMetadata.FunctionARN": "{arn}", "Stage": "LIVE"},
        outputs={**_ETAG, "liveStageEtag": "E{upper}", "status": "DEPLOYED"},
    ),
    *(
        ResourceType(
            cloudformation=kind,
            pulumi=kind,
            arn=f"{_CDN}{noun}/{{uuid}}",
            reference="{uuid}",
            id="{uuid}",
            attributes={"Id": "{uuid}", "LastModifiedTime": _MADE, "CreatedTime": _MADE},
            outputs=_ETAG,
        )
        for kind, noun in (
            ("CachePolicy", "cache-policy"),
            ("OriginRequestPolicy", "origin-request-policy"),
            ("ResponseHeadersPolicy", "response-headers-policy"),
            ("KeyGroup", "key-group"),
            ("PublicKey", "public-key"),
        )
    ),
)

_BALANCER: Final = "arn:{partition}:elasticloadbalancing:{region}:{account}:"
_PATH: Final = "app/{name}/{hex}"
_DNS: Final = "{name}-{random}.{region}.elb.{suffix}"
BALANCER_TYPES: Final = Service(
    cloudformation="AWS::ElasticLoadBalancingV2::",
    pulumi="aws:lb/",
    coverage=_IGNORED,
    severity=Severity.NOTE,
    reason="no load balancer is run; give [urls] of inferway.toml for what an API calls through it",
).types(
    ResourceType(
        cloudformation="LoadBalancer",
        pulumi="LoadBalancer",
        named=("Name", "name"),
        length=32,
        arn=f"{_BALANCER}loadbalancer/{_PATH}",
        reference="{arn}",
        id="{arn}",
        attributes={
            "CanonicalHostedZoneID": "Z35SXDOTRQ7X7K",
            "DNSName": _DNS,
            "LoadBalancerArn": "{arn}",
            "LoadBalancerFullName": _PATH,
            "LoadBalancerName": "{name}",
            "SecurityGroups": [],
        },
        outputs={"arnSuffix": _PATH, "dnsName": _DNS, "vpcId": "vpc-{hex}", "zoneId": "Z35SXDOTRQ7X7K"},
    ),
    ResourceType(
        cloudformation="TargetGroup",
        pulumi="TargetGroup",
        named=("Name", "name"),
        length=32,
        arn=f"{_BALANCER}targetgroup/{{name}}/{{hex}}",
        reference="{arn}",
        id="{arn}",
        attributes={
            "LoadBalancerArns": [],
            "TargetGroupArn": "{arn}",
            "TargetGroupFullName": "targetgroup/{name}/{hex}",
            "TargetGroupName": "{name}",
        },
        outputs={"arnSuffix": "targetgroup/{name}/{hex}", "loadBalancerArns": []},
        coverage=_READ,
        reason="it belongs to a load balancer, which is reported",
    ),
    *(
        ResourceType(
            cloudformation=kind,
            pulumi=kind,
            arn=f"{_BALANCER}{noun}/app/{{logical}}/{{hex}}",
            reference="{arn}",
            id="{arn}",
            attributes={f"{attribute}Arn": "{arn}"},
            coverage=_READ,
            reason="it belongs to a load balancer, which is reported",
        )
        for kind, noun, attribute in (("Listener", "listener", "Listener"), ("ListenerRule", "listener-rule", "Rule"))
    ),
)
