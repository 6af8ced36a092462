"""A template with everything around a function, read as `inferway run` does."""

from pathlib import Path

from inferway.convert import VENDORS, load
from inferway.definition.bindings import BoundFunction, BoundIndex, BoundTable, CodePart
from inferway.dialects.aws_resources.provisioning import CLAIMS

TEMPLATE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}, Path: /service/}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Label}"}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Models:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: models
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: owner, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: by-owner
          KeySchema: [{AttributeName: owner, KeyType: HASH}]
          Projection: {ProjectionType: ALL}
  Layer: {Type: AWS::Lambda::LayerVersion, Properties: {LayerName: deps, Content: layer}}
  Label:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: label
      Role: !GetAtt Role.Arn
      Runtime: python3.12
      Handler: index.handler
      Code: src
      Layers: [!Ref Layer]
      Environment:
        Variables:
          {TABLE: !Ref Models, STREAM: !GetAtt Models.StreamArn, QUEUE: !Ref Queue, NAME: !GetAtt Queue.QueueName}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Label}}
  Live:
    Type: AWS::Lambda::Alias
    Properties: {Name: live, FunctionName: !Ref Label, FunctionVersion: !GetAtt Version.Version}
  Setup: {Type: "Custom::Setup", Properties: {ServiceToken: !GetAtt Made.Arn}}
  Made:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.12, Handler: index.handler, Role: !GetAtt Role.Arn, Code: {ZipFile: "import cfnresponse"}}
Outputs:
  Live: {Value: !Ref Live}
  Role: {Value: !GetAtt Role.Arn}
"""


def test_a_whole_template(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    for folder in ("src", "layer"):
        (tmp_path / folder).mkdir()
    conversion = load(file)
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/models/stream/2026-01-01T00:00:00.000"
    assert conversion.declared.functions == (
        BoundFunction(
            name="label",
            path=str(tmp_path / "src"),
            handler="index.handler",
            runtime="python3.12",
            layers=(CodePart(path=str(tmp_path / "layer")),),
            environment={
                "TABLE": "models",
                "STREAM": arn,
                "QUEUE": "https://sqs.us-east-1.amazonaws.com/000000000000/q",
                "NAME": "q",
            },
            arn="arn:aws:lambda:us-east-1:000000000000:function:label",
        ),
    )
    index = BoundIndex(name="by-owner", partition_key="owner:S")
    assert conversion.declared.tables == (BoundTable(name="models", partition_key="id:S", indexes=(index,)),)
    assert {output.name: output.value for output in conversion.outputs} == {
        "Live": "arn:aws:lambda:us-east-1:000000000000:function:label:live",
        "Role": f"arn:aws:iam::000000000000:role/service/{_role_of(conversion.outputs[1].value)}",
    }
    said = [(finding.severity, finding.code, finding.text.split()[0]) for finding in conversion.findings]
    assert said == [("note", "unserved-resource", "Queue"), ("warning", "unserved-resource", "Setup")]


def _role_of(arn: object) -> str:
    """Give the role's name, which is made up."""
    return str(arn).rpartition("/")[2]


def test_what_is_claimed_is_what_is_known() -> None:
    (vendor,) = (vendor for vendor in VENDORS if vendor.package.endswith("aws_resources"))
    assert set(vendor.claims) == set(CLAIMS)
