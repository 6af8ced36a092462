"""Networks, which APIs and functions name and which are nowhere here.

Sources: CloudFormation Template Reference, "AWS::EC2::…", "Return values"; https://www.pulumi.com/registry/packages/
aws/api-docs/ec2/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.formats.resources import Coverage

_ARN: Final = "arn:{partition}:ec2:{region}:{account}:"
_OWNER: Final = {"ownerId": "{account}"}


def _numbered(kind: str, pulumi: str, start: str, attributes: dict[str, object]) -> ResourceType:
    """Give a type of which the identifier is a short word with seventeen digits."""
    made = f"{start}-{{hex}}"
    nouns = {"acl": "network-acl", "eni": "network-interface", "igw": "internet-gateway", "nat": "natgateway"}
    noun = nouns.get(start, start)
    return ResourceType(
        cloudformation=kind,
        pulumi=pulumi,
        arn=f"{_ARN}{noun}/{made}",
        reference=made,
        id=made,
        attributes={key: made if value is None else value for key, value in attributes.items()},
        outputs=_OWNER,
    )


NETWORK_TYPES: Final = Service(
    cloudformation="AWS::EC2::", pulumi="aws:ec2/", reason="everything here is on this machine's own network"
).types(
    ResourceType(
        cloudformation="VPC",
        pulumi="Vpc",
        arn=f"{_ARN}vpc/vpc-{{hex}}",
        reference="vpc-{hex}",
        id="vpc-{hex}",
        attributes={
            "CidrBlock": "{CidrBlock=10.0.0.0/16}",
            "CidrBlockAssociations": ["vpc-cidr-assoc-{hex}"],
            "DefaultNetworkAcl": "acl-{hex}",
            "DefaultSecurityGroup": "sg-{hex}",
            "Ipv6CidrBlocks": [],
            "VpcId": "vpc-{hex}",
        },
        outputs={
            **_OWNER,
            "defaultNetworkAclId": "acl-{hex}",
            "defaultRouteTableId": "rtb-{hex}",
            "defaultSecurityGroupId": "sg-{hex}",
            "dhcpOptionsId": "dopt-{hex}",
            "ipv6AssociationId": "",
            "mainRouteTableId": "rtb-{hex}",
            "enableDnsHostnames": False,
        },
    ),
    ResourceType(
        cloudformation="Subnet",
        pulumi="Subnet",
        arn=f"{_ARN}subnet/subnet-{{hex}}",
        reference="subnet-{hex}",
        id="subnet-{hex}",
        attributes={
            "AvailabilityZone": "{AvailabilityZone=local}",
            "AvailabilityZoneId": "local",
            "CidrBlock": "{CidrBlock}",
            "Ipv6CidrBlocks": [],
            "NetworkAclAssociationId": "aclassoc-{hex}",
            "OutpostArn": "",
            "SubnetId": "subnet-{hex}",
            "VpcId": "{VpcId}",
        },
        outputs={
            **_OWNER,
            "availabilityZone": "{availabilityZone=local}",
            "availabilityZoneId": "local",
            "ipv6CidrBlockAssociationId": "",
        },
    ),
    ResourceType(
        cloudformation="SecurityGroup",
        pulumi="SecurityGroup",
        named=("GroupName", "name"),
        length=255,
        arn=f"{_ARN}security-group/sg-{{hex}}",
        reference="sg-{hex}",
        id="sg-{hex}",
        attributes={"GroupId": "sg-{hex}", "Id": "sg-{hex}", "VpcId": "{VpcId}"},
        outputs=_OWNER,
    ),
    _numbered("InternetGateway", "InternetGateway", "igw", {"InternetGatewayId": None}),
    _numbered("NatGateway", "NatGateway", "nat", {"NatGatewayId": None, "EniId": "eni-{hex}"}),
    _numbered("RouteTable", "RouteTable", "rtb", {"RouteTableId": None}),
    _numbered("NetworkAcl", "NetworkAcl", "acl", {"Id": None}),
    _numbered(
        "NetworkInterface",
        "NetworkInterface",
        "eni",
        {"Id": None, "PrimaryPrivateIpAddress": "127.0.0.1", "VpcId": "vpc-{hex}"},
    ),
    ResourceType(
        cloudformation="VPCEndpoint",
        pulumi="VpcEndpoint",
        arn=f"{_ARN}vpc-endpoint/vpce-{{hex}}",
        reference="vpce-{hex}",
        id="vpce-{hex}",
        attributes={
            "CreationTimestamp": "2026-01-01T00:00:00Z",
            "DnsEntries": [],
            "Id": "vpce-{hex}",
            "NetworkInterfaceIds": [],
        },
        outputs={
            **_OWNER,
            "cidrBlocks": [],
            "dnsEntries": [],
            "networkInterfaceIds": [],
            "prefixListId": "",
            "requesterManaged": False,
            "state": "available",
        },
    ),
    ResourceType(
        cloudformation="EIP",
        pulumi="Eip",
        arn=f"{_ARN}elastic-ip/eipalloc-{{hex}}",
        reference="127.0.0.1",
        id="eipalloc-{hex}",
        attributes={"AllocationId": "eipalloc-{hex}", "PublicIp": "127.0.0.1"},
        outputs={"allocationId": "eipalloc-{hex}", "publicIp": "127.0.0.1", "publicDns": "localhost"},
    ),
    ResourceType(
        cloudformation="Route",
        pulumi="Route",
        id="r-{hex}",
        attributes={"CidrBlock": "{DestinationCidrBlock=0.0.0.0/0}"},
    ),
    ResourceType(
        cloudformation="SubnetRouteTableAssociation",
        pulumi="RouteTableAssociation",
        id="rtbassoc-{hex}",
        attributes={"Id": "rtbassoc-{hex}"},
    ),
    ResourceType(cloudformation="VPCGatewayAttachment", attributes={"AttachmentType": "IGW"}),
    ResourceType(
        cloudformation="SecurityGroupIngress",
        pulumi="SecurityGroupRule",
        id="sgrule-{hex}",
        attributes={"Id": "{name}"},
    ),
    ResourceType(cloudformation="SecurityGroupEgress", attributes={"Id": "{name}"}),
    ResourceType(
        cloudformation="Instance",
        pulumi="Instance",
        arn=f"{_ARN}instance/i-{{hex}}",
        reference="i-{hex}",
        id="i-{hex}",
        attributes={
            "AvailabilityZone": "local",
            "InstanceId": "i-{hex}",
            "PrivateDnsName": "localhost",
            "PrivateIp": "127.0.0.1",
            "PublicDnsName": "localhost",
            "PublicIp": "127.0.0.1",
            "VpcId": "vpc-{hex}",
        },
        outputs={
            "instanceState": "running",
            "privateDns": "localhost",
            "publicDns": "localhost",
            "publicIp": "127.0.0.1",
            "privateIp": "127.0.0.1",
            "primaryNetworkInterfaceId": "eni-{hex}",
        },
        coverage=Coverage.IGNORED,
        reason="no machine is started; give [urls] of inferway.toml for what an API calls on it",
    ),
)
