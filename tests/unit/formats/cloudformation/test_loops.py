"""Expected values: CloudFormation, "Fn::ForEach" and its examples."""

from collections.abc import Callable
from typing import Any

import pytest

from inferway.formats.resources import Resource

ReadTemplate = Callable[..., Any]

HEAD = "Transform: AWS::LanguageExtensions\n"


def names(read: Any) -> list[str]:
    return [resource.name for resource in read.graph.resources]


def of(read: Any, name: str) -> dict[str, Any]:
    found: list[Resource] = [resource for resource in read.graph.resources if resource.name == name]
    return dict(found[0].properties)


def test_a_resource_for_each_item(read_template: ReadTemplate) -> None:
    read = read_template(f"""{HEAD}
Resources:
  'Fn::ForEach::Tables':
    - TableName
    - [Points, Score, Name, Leaderboard]
    - 'DynamoDB${{TableName}}':
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: !Ref TableName
          KeySchema: [{{AttributeName: id, KeyType: HASH}}]
""")
    assert read.codes == []
    assert names(read) == ["DynamoDBPoints", "DynamoDBScore", "DynamoDBName", "DynamoDBLeaderboard"]
    assert of(read, "DynamoDBScore") == {
        "TableName": "Score",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }


def test_a_collection_that_is_a_parameter(read_template: ReadTemplate) -> None:
    text = f"""{HEAD}
Parameters: {{pRepoARNs: {{Type: CommaDelimitedList}}}}
Resources:
  'Fn::ForEach::Topics':
    - TopicName
    - !Ref pRepoARNs
    - 'SnsTopic${{TopicName}}':
        Type: AWS::SNS::Topic
        Properties: {{TopicName: {{'Fn::Join': ['.', [!Ref TopicName, fifo]]}}, FifoTopic: true}}
"""
    read = read_template(text, parameters={"pRepoARNs": "Success,Failure,Timeout,Unknown"})
    assert names(read) == ["SnsTopicSuccess", "SnsTopicFailure", "SnsTopicTimeout", "SnsTopicUnknown"]
    assert of(read, "SnsTopicTimeout") == {"TopicName": "Timeout.fifo", "FifoTopic": True}


def test_several_resources_with_conditions_from_a_mapping(read_template: ReadTemplate) -> None:
    """Where the mapping has no key, the Condition is not set."""
    read = read_template(f"""{HEAD}
Mappings: {{NatGateway: {{Condition: {{B: TwoNatGateways, C: ThreeNatGateways}}}}}}
Conditions: {{TwoNatGateways: !Equals [a, a], ThreeNatGateways: !Equals [a, b]}}
Resources:
  PublicSubnetA: {{Type: AWS::Known::Thing}}
  PublicSubnetB: {{Type: AWS::Known::Thing}}
  PublicSubnetC: {{Type: AWS::Known::Thing}}
  Fn::ForEach::NatGatewayAndEIP:
    - Identifier
    - [A, B, C]
    - NatGateway${{Identifier}}:
        Type: AWS::EC2::NatGateway
        Properties:
          AllocationId: !GetAtt [!Sub 'NatGatewayAttachment${{Identifier}}', Arn]
          SubnetId: !Ref
            Fn::Sub: PublicSubnet${{Identifier}}
        Condition: !FindInMap [NatGateway, Condition, !Ref Identifier, DefaultValue: !Ref AWS::NoValue]
      NatGatewayAttachment${{Identifier}}:
        Type: AWS::EC2::EIP
        Properties: {{Domain: vpc}}
        Condition: !FindInMap [NatGateway, Condition, !Ref Identifier, DefaultValue: !Ref AWS::NoValue]
""")
    assert read.codes == []
    assert sorted(names(read)[3:]) == ["NatGatewayA", "NatGatewayAttachmentA", "NatGatewayAttachmentB", "NatGatewayB"]
    assert of(read, "NatGatewayB") == {
        "AllocationId": "arn:us-east-1:NatGatewayAttachmentB",
        "SubnetId": "id-PublicSubnetB",
    }


def test_loops_in_loops(read_template: ReadTemplate) -> None:
    read = read_template(f"""{HEAD}
Resources:
  VPC: {{Type: AWS::EC2::VPC}}
  'Fn::ForEach::SubnetResources':
  - Prefix
  - [Transit, Public]
  - 'Nacl${{Prefix}}Subnet':
      Type: AWS::EC2::NetworkAcl
      Properties: {{VpcId: !Ref VPC}}
    'Fn::ForEach::LoopInner':
    - Suffix
    - [A, B, C]
    - '${{Prefix}}Subnet${{Suffix}}':
        Type: AWS::EC2::Subnet
        Properties: {{VpcId: !Ref VPC}}
      'Nacl${{Prefix}}Subnet${{Suffix}}Association':
        Type: AWS::EC2::SubnetNetworkAclAssociation
        Properties:
          SubnetId: !Ref {{'Fn::Sub': '${{Prefix}}Subnet${{Suffix}}'}}
          NetworkAclId: !Ref {{'Fn::Sub': 'Nacl${{Prefix}}Subnet'}}
""")
    assert read.codes == []
    assert len(names(read)) == 1 + 2 * (1 + 3 * 2)
    assert of(read, "NaclPublicSubnetBAssociation") == {
        "SubnetId": "id-PublicSubnetB",
        "NetworkAclId": "id-NaclPublicSubnet",
    }


def test_properties_for_each_item(read_template: ReadTemplate) -> None:
    read = read_template(f"""{HEAD}
Mappings:
  InstanceA: {{Properties: {{ImageId: ami-id1, InstanceType: m5.xlarge}}}}
  InstanceB: {{Properties: {{ImageId: ami-id2}}}}
Resources:
  'Fn::ForEach::Instances':
  - InstanceLogicalId
  - [InstanceA, InstanceB]
  - '${{InstanceLogicalId}}':
      Type: AWS::EC2::Instance
      Properties:
        DisableApiTermination: true
        'Fn::ForEach::Properties':
          - PropertyName
          - [ImageId, InstanceType]
          - '${{PropertyName}}':
             'Fn::FindInMap':
               - Ref: InstanceLogicalId
               - Properties
               - Ref: PropertyName
               - {{DefaultValue: !Ref 'AWS::NoValue'}}
""")
    assert read.codes == []
    assert of(read, "InstanceA") == {
        "DisableApiTermination": True,
        "ImageId": "ami-id1",
        "InstanceType": "m5.xlarge",
    }
    assert of(read, "InstanceB") == {"DisableApiTermination": True, "ImageId": "ami-id2"}


def test_conditions_and_outputs_for_each_item(read_template: ReadTemplate) -> None:
    read = read_template(f"""{HEAD}
Parameters: {{ParamA: {{Type: String, Default: 'yes'}}, ParamB: {{Type: String, Default: 'no'}}}}
Conditions:
  'Fn::ForEach::CheckTrue':
    - Name
    - [A, B]
    - 'Is${{Name}}': !Equals [!Ref {{'Fn::Sub': 'Param${{Name}}'}}, 'yes']
Resources:
  'Fn::ForEach::Things':
    - Name
    - [A, B]
    - 'Thing${{Name}}': {{Type: AWS::Known::Thing, Condition: 'Is${{Name}}'}}
Outputs:
  'Fn::ForEach::Arns':
    - Name
    - [A, B]
    - 'Arn${{Name}}': {{Value: !GetAtt 'Thing${{Name}}.Arn', Condition: 'Is${{Name}}'}}
""")
    assert read.codes == []
    assert names(read) == ["ThingA"]
    assert read.outputs() == {"ArnA": "arn:us-east-1:ThingA"}


def test_an_ampersand_leaves_letters_and_digits_only(read_template: ReadTemplate) -> None:
    text = """{head}
Resources:
  'Fn::ForEach::Topics':
    - Name
    - ['a-1', 'b.2']
    - 'Topic{mark}{{Name}}': {{Type: AWS::Known::Thing, Properties: {{V: !Ref Name}}}}
"""
    read = read_template(text.format(head=HEAD, mark="&"))
    assert (read.codes, names(read), of(read, "Topica1")) == ([], ["Topica1", "Topicb2"], {"V": "a-1"})
    read = read_template(text.format(head=HEAD, mark="$"))
    assert (read.codes, names(read)) == (["bad-loop"], [])
    assert "'Topica-1'" in read.texts


@pytest.mark.parametrize(
    ("collection", "items"),
    [
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("!FindInMap [M, all, list]", ["x", "y"]),
        ("[!Ref P, b]", ["p", "b"]),
        ("!If [IsP, [yes], [no]]", ["yes"]),
        ("[1, 2]", ["1", "2"]),
        ("[]", []),
    ],
)
def test_collections(read_template: ReadTemplate, collection: str, items: list[str]) -> None:
    read = read_template(f"""{HEAD}
Parameters: {{P: {{Type: String, Default: p}}}}
Mappings: {{M: {{all: {{list: [x, y]}}}}}}
Conditions: {{IsP: !Equals [!Ref P, p]}}
Resources:
  A: {{Type: AWS::Known::Thing}}
  'Fn::ForEach::L': [N, {collection}, {{'R${{N}}': {{Type: AWS::Known::Thing}}}}]
""")
    assert (read.codes, names(read)[1:]) == ([], [f"R{item}" for item in items])


@pytest.mark.parametrize(
    ("loop", "code", "said"),
    [
        ("[N, [a]]", "bad-loop", "takes an identifier"),
        ("text", "bad-loop", "takes an identifier"),
        ("[[N], [a], {}]", "bad-loop", "identifier"),
        ("['N-1', [a], {}]", "bad-loop", "letters and digits"),
        ("[N, [a], text]", "bad-loop", "repeats a mapping"),
        ("[N, [a], {R: {Type: 'A::B::C'}}]", "bad-loop", "needs ${N}"),
        ("[N, [[a]], {'R${N}': {Type: 'A::B::C'}}]", "bad-loop", "list of texts"),
        ("[N, text, {'R${N}': {Type: 'A::B::C'}}]", "bad-intrinsic", "needs a list"),
        ("[N, !Ref Nobody, {'R${N}': {Type: 'A::B::C'}}]", "undefined-name", "'Nobody'"),
        ("[N, !GetAtt A.List, {'R${N}': {Type: 'A::B::C'}}]", "too-early", "there are none yet"),
        ("[N, [a, a], {'R${N}': {Type: 'A::B::C'}}]", "duplicate-key", "'Ra'"),
        ("[N, [a], {'A${N}': {Type: 'A::B::C'}, 'A&{N}': {Type: 'A::B::C'}}]", "duplicate-key", "'Aa' twice"),
    ],
)
def test_a_loop_that_is_none(read_template: ReadTemplate, loop: str, code: str, said: str) -> None:
    read = read_template(f"{HEAD}Resources:\n  A: {{Type: AWS::Known::Thing}}\n  'Fn::ForEach::L': {loop}\n")
    assert read.codes[0] == code
    assert said in read.texts
    assert read.findings[0].place.line == 4
    assert names(read)[0] == "A"


def test_what_a_loop_makes_may_not_be_there_already(read_template: ReadTemplate) -> None:
    read = read_template(f"""{HEAD}
Resources:
  RA: {{Type: AWS::Known::Thing}}
  'Fn::ForEach::L': [N, [A, B], {{'R${{N}}': {{Type: AWS::Known::Thing}}}}]
""")
    assert (read.codes, names(read)) == (["duplicate-key"], ["RA", "RB"])
    assert "line 4" in read.texts


def test_a_loop_needs_its_transform(read_template: ReadTemplate) -> None:
    read = read_template("Resources: {'Fn::ForEach::L': [N, [A], {'R${N}': {Type: 'AWS::Known::Thing'}}]}\n")
    assert (read.codes, names(read)) == (["no-language-extensions"], ["RA"])


def test_loops_in_loops_that_grow_are_stopped(read_template: ReadTemplate) -> None:
    inner = "{'R${A}${B}${C}${D}': {Type: 'A::B::C'}}"
    items = "[" + ", ".join(f"x{number}" for number in range(200)) + "]"
    for identifier in "DCBA":
        inner = f"{{'Fn::ForEach::L{identifier}': [{identifier}, {items}, {inner}]}}"
    read = read_template(f"{HEAD}Resources: {inner}\n")
    assert (read.codes, names(read)) == (["too-large"], [])


def test_places_in_what_a_loop_makes_are_those_of_its_fragment(read_template: ReadTemplate) -> None:
    read = read_template(f"""{HEAD}Resources:
  'Fn::ForEach::L':
    - N
    - [A]
    - 'R${{N}}':
        Type: AWS::Known::Thing
        Properties:
          V: !Sub '${{N}}-${{Nobody}}'
""")
    assert (read.codes, read.findings[0].place.line) == (["undefined-name"], 9)
    assert read.graph.resources[0].places.find("V").line == 9


def test_a_text_in_which_only_the_item_stood_is_a_text(read_template: ReadTemplate) -> None:
    """SAM takes no function for the path of an event; with another name in it the text is still a function's."""
    made = read_template(
        """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Paths:
    - Name
    - [users]
    - "R${Name}":
        Type: AWS::Known::Thing
        Properties:
          V: !Sub "/${Name}"
          W: !Sub "/${Name}/${AWS::Region}"
          X: !Sub "${!Name}-${Name}"
"""
    )
    (resource,) = made.graph.resources
    assert made.codes == []
    assert resource.properties == {"V": "/users", "W": "/users/us-east-1", "X": "${Name}-users"}
