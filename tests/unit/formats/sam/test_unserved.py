"""What SAM makes and nothing here serves: one finding each, at what asks for it, and the rest is served."""

from collections.abc import Callable
from typing import Any

import pytest

FUNCTION = """\
  Predict:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
      AutoPublishAlias: live
      Events:
        Post:
          Type: Api
          Properties: {Path: /predict, Method: post}
"""


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("Schedule", "{Schedule: rate(1 day)}"),
        ("ScheduleV2", "{ScheduleExpression: rate(1 day)}"),
        ("SQS", "{Queue: 'arn:aws:sqs:us-east-1:1:q'}"),
        ("SNS", "{Topic: 'arn:aws:sns:us-east-1:1:t'}"),
        ("Kinesis", "{Stream: 'arn:aws:kinesis:us-east-1:1:stream/s', StartingPosition: LATEST}"),
        ("EventBridgeRule", "{Pattern: {source: [x]}}"),
        ("CloudWatchLogs", "{LogGroupName: g, FilterPattern: x}"),
        ("IoTRule", "{Sql: 'SELECT 1'}"),
        ("AlexaSkill", "{}"),
    ],
)
def test_an_event_is_said_once(sam: Callable[..., Any], kind: str, properties: str) -> None:
    made = sam(f"{FUNCTION}        Other:\n          Type: {kind}\n          Properties: {properties}\n")
    assert made.codes == ["unserved-event"]
    (finding,) = made.findings
    assert (finding.severity, finding.place.line) == ("warning", made.line("Other:"))
    assert kind in finding.text
    assert len(made.of("ApiGateway::RestApi")) == 1
    known = ("AWS::Lambda::", "AWS::IAM::", "AWS::ApiGateway::")
    assert [resource.type for resource in made.graph.resources if not resource.type.startswith(known)] == []


def test_an_event_with_a_short_name_is_served(sam: Callable[..., Any]) -> None:
    made = sam(FUNCTION.replace("Post:", "A:"))
    assert made.findings == []
    assert made.one("Lambda::Alias").places.find().line == made.line("  Predict:")


def test_an_http_api_is_said_once(sam: Callable[..., Any]) -> None:
    event = "        Get:\n          Type: HttpApi\n          Properties: {Path: /x, Method: get}\n"
    made = sam(FUNCTION + event)
    assert made.codes == ["unserved-http-api"]
    assert made.findings[0].place.line == made.line("Get:")
    assert made.of("ApiGatewayV2::Api") == []
    own = "  Web:\n    Type: AWS::Serverless::HttpApi\n    Properties: {StageName: v1}\n"
    made = sam(FUNCTION + event.replace("get}", "get, ApiId: !Ref Web}") + own)
    assert made.codes == ["unserved-http-api"]
    assert made.findings[0].place.line == made.line("  Web:")


def test_traffic_is_not_shifted(sam: Callable[..., Any]) -> None:
    made = sam(FUNCTION.replace("      Events", "      DeploymentPreference: {Type: AllAtOnce}\n      Events"))
    assert made.codes == ["unserved-deployment-preference"]
    assert (made.findings[0].severity, made.findings[0].place.line) == ("note", made.line("  Predict:"))
    assert len(made.of("Lambda::Alias")) == 1
    assert [resource.type for resource in made.graph.resources if "CodeDeploy" in resource.type] == []


def test_connectors_and_policies_are_no_loss(sam: Callable[..., Any]) -> None:
    more = """\
  Table:
    Type: AWS::Serverless::SimpleTable
  Link:
    Type: AWS::Serverless::Connector
    Properties:
      Source: {Id: Predict}
      Destination: {Id: Table}
      Permissions: [Read]
"""
    policies = "      Policies: [AmazonDynamoDBReadOnlyAccess, {DynamoDBReadPolicy: {TableName: t}}]\n      Events"
    assert sam(FUNCTION.replace("      Events", policies) + more).findings == []


def test_what_the_template_makes_itself_is_left_to_its_reader(sam: Callable[..., Any]) -> None:
    made = sam(f"{FUNCTION}  PredictQueue:\n    Type: AWS::SQS::Queue\n")
    assert (made.findings, len(made.of("SQS::Queue"))) == ([], 1)


@pytest.mark.parametrize(
    ("kind", "properties", "source"),
    [
        ("S3", "{Bucket: !Ref Source, Events: 's3:ObjectCreated:*'}", "AWS::S3::Bucket"),
        ("Cognito", "{UserPool: !Ref Source, Trigger: PreSignUp}", "AWS::Cognito::UserPool"),
    ],
)
def test_an_event_that_is_a_setting_of_its_source_is_said_too(
    sam: Callable[..., Any], kind: str, properties: str, source: str
) -> None:
    made = sam(f"{FUNCTION}        Other: {{Type: {kind}, Properties: {properties}}}\n  Source: {{Type: '{source}'}}\n")
    assert made.codes == ["unserved-event"]
    assert made.findings[0].place.line == made.line("Other:")
    assert not made.one(source.removeprefix("AWS::")).properties


def test_paths_of_events_in_a_loop(sam: Callable[..., Any]) -> None:
    """SAM specification, "Language extensions": a function for each item, with a path of its own."""
    made = sam(
        """\
  Fn::ForEach::Services:
    - Name
    - [Users, Orders]
    - ${Name}Function:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.12
          Handler: app.handler
          CodeUri: src/
          Events: {Get: {Type: Api, Properties: {Path: !Sub "/${Name}", Method: get}}}
""",
        transform="[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]",
    )
    assert made.codes == []
    body = made.one("ApiGateway::RestApi").properties["Body"]
    assert sorted(body["paths"]) == ["/Orders", "/Users"]


def test_the_language_extensions_settle_texts_before_sam_sees_them(sam: Callable[..., Any]) -> None:
    """SAM itself takes no function for a CodeUri, nor for a state machine's alias."""
    made = sam(
        """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: !Sub "s3://code-${AWS::Region}/${Version}.zip"
      Environment: {Variables: {TABLE: !Ref Table}}
  S:
    Type: AWS::Serverless::StateMachine
    Properties:
      AutoPublishAlias: !Ref Alias
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
  Table: {Type: AWS::Serverless::SimpleTable}
""",
        "Parameters: {Version: {Type: String, Default: v1}, Alias: {Type: String, Default: live}}\n",
        transform="[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]",
    )
    assert "invalid-sam" not in made.codes
    properties = made.one("Lambda::Function").properties
    assert properties["Code"] == {"S3Bucket": "code-us-east-1", "S3Key": "v1.zip"}
    assert properties["Environment"] == {"Variables": {"TABLE": "Table"}}
    assert made.one("StepFunctions::StateMachineAlias").name == "SAliaslive"
