"""What functions of a definition call with boto3: the definition's tables and its other functions."""

import json
from pathlib import Path
from typing import Any

import pytest

TEMPLATE = {
    "Resources": {
        "Ratings": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        },
        "Model": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.11",
                "Handler": "index.handler",
                "Role": "arn:aws:iam::123456789012:role/r",
                "Code": {"ZipFile": "def handler(event, context):\n    return {'rating': event['n'] / 2}\n"},
            },
        },
        "Front": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.11",
                "Handler": "front.handler",
                "Role": "arn:aws:iam::123456789012:role/r",
                "Timeout": 30,
                "Code": "front",
                "Environment": {"Variables": {"TABLE": {"Ref": "Ratings"}, "MODEL": {"Fn::GetAtt": ["Model", "Arn"]}}},
            },
        },
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "ratings"}},
        "Method": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "HttpMethod": "POST",
                "AuthorizationType": "NONE",
                "Integration": {
                    "Type": "AWS_PROXY",
                    "IntegrationHttpMethod": "POST",
                    "Uri": {
                        "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Front.Arn}"
                        "/invocations"
                    },
                },
            },
        },
        "Deployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": "Method",
            "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "v1"},
        },
    }
}
FRONT = """
import json, os
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    asked = json.loads(event["body"])
    functions, table = boto3.client("lambda"), boto3.resource("dynamodb").Table(os.environ["TABLE"])
    answer = json.load(functions.invoke(FunctionName=os.environ["MODEL"], Payload=json.dumps(asked))["Payload"])
    table.put_item(Item={"id": str(asked["n"]), "rating": str(answer["rating"])})
    codes = []
    for attempt in (
        lambda: functions.invoke(FunctionName="nobody"),
        lambda: boto3.client("dynamodb").get_item(TableName="none", Key={"id": {"S": "1"}}),
        lambda: boto3.client("s3").get_object(Bucket="b", Key="k"),
    ):
        try:
            attempt()
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    return {"statusCode": 200, "body": json.dumps({"items": table.scan()["Items"], "codes": codes})}
"""


@pytest.mark.parametrize("more", [(), ("--workers", "2")])
def test_functions_reach_tables_and_functions_of_their_definition(
    start: Any, tmp_path: Path, more: tuple[str, ...]
) -> None:
    project = tmp_path / "ratings"
    (project / "front").mkdir(parents=True)
    (project / "template.json").write_text(json.dumps(TEMPLATE))
    (project / "front" / "front.py").write_text(FRONT)
    gateway = start(project, *more)
    answer = gateway.send("POST", "/ratings/v1/", body=json.dumps({"n": 7}))
    assert (answer.status, answer.json) == (
        200,
        {
            "items": [{"id": "7", "rating": "3.5"}],
            "codes": ["ResourceNotFoundException", "ResourceNotFoundException", "NotImplemented"],
        },
    )
