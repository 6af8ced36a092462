"""DynamoDB data sources."""

import base64
import json
from typing import Any

import pytest

SCHEMA = """
type Query { get(id: ID!): Model  list(nextToken: String): Page  some: AWSJSON }
type Mutation { put(id: ID!, name: String, n: Float): Model  set(id: ID!): Model  drop(id: ID!): Model }
type Page { items: [Model], nextToken: String, scannedCount: Int }
type Model { id: ID!, name: String, n: Float, tags: [String] }
"""
KEY = '"key": {"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}'
RERAISE = "#if($ctx.error) $util.error($ctx.error.message, $ctx.error.type, $ctx.result) #end $util.toJson($ctx.result)"


def request(operation: str, *members: str, version: str = "2018-05-29") -> str:
    return "{" + ", ".join((f'"version": "{version}", "operation": "{operation}"', *members)) + "}"


@pytest.fixture
def table(build: Any, serve: Any) -> Any:
    def make(field: str, template: str, reply: object, status: int = 200, response: str = RERAISE) -> Any:
        given = [*build.api(SCHEMA), build.table_source(table="models"), build.resolver(field, template, response)]
        return serve(given, {"models": build.replying(reply, status)})

    return make


def sent(lab: Any) -> tuple[str, Any]:
    (call,) = lab.calls
    assert (b"content-type", b"application/x-amz-json-1.0") in call.headers
    return dict(call.headers)[b"x-amz-target"].decode(), json.loads(call.body)


def test_an_item_is_read(table: Any) -> None:
    item = {"id": {"S": "a"}, "n": {"N": "1.5"}, "tags": {"SS": ["x"]}}
    lab = table("Query.get", request("GetItem", KEY, '"consistentRead": true'), {"Item": item})
    assert lab.ask('{ get(id: "a") { id n tags name } }').data == {
        "get": {"id": "a", "n": 1.5, "tags": ["x"], "name": None}
    }
    assert sent(lab) == (
        "DynamoDB_20120810.GetItem",
        {"TableName": "models", "Key": {"id": {"S": "a"}}, "ConsistentRead": True},
    )


def test_an_item_that_is_not_there_is_null(table: Any) -> None:
    assert table("Query.get", request("GetItem", KEY), {}).ask('{ get(id: "a") { id } }').json == {
        "data": {"get": None}
    }


def test_an_item_is_written_and_given_back(table: Any) -> None:
    values = '"attributeValues": $util.dynamodb.toMapValuesJson({"name": $ctx.args.name, "n": $ctx.args.n})'
    condition = '"condition": {"expression": "attribute_not_exists(#id)", "expressionNames": {"#id": "id"}}'
    lab = table("Mutation.put", request("PutItem", KEY, values, condition), {})
    assert lab.ask('mutation { put(id: "a", name: "b", n: 2) { id name n } }').data == {
        "put": {"id": "a", "name": "b", "n": 2.0}
    }
    assert sent(lab) == (
        "DynamoDB_20120810.PutItem",
        {
            "TableName": "models",
            "Item": {"id": {"S": "a"}, "name": {"S": "b"}, "n": {"N": "2.0"}},
            "ConditionExpression": "attribute_not_exists(#id)",
            "ExpressionAttributeNames": {"#id": "id"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    )


def test_an_item_is_changed(table: Any) -> None:
    update = (
        '"update": {"expression": "SET #n = :n", "expressionNames": {"#n": "name"}, '
        '"expressionValues": {":n": {"N": 5}}}'
    )
    lab = table("Mutation.set", request("UpdateItem", KEY, update), {"Attributes": {"id": {"S": "a"}, "n": {"N": "5"}}})
    assert lab.ask('mutation { set(id: "a") { id n } }').data == {"set": {"id": "a", "n": 5.0}}
    assert sent(lab) == (
        "DynamoDB_20120810.UpdateItem",
        {
            "TableName": "models",
            "Key": {"id": {"S": "a"}},
            "ReturnValues": "ALL_NEW",
            "UpdateExpression": "SET #n = :n",
            "ExpressionAttributeNames": {"#n": "name"},
            "ExpressionAttributeValues": {":n": {"N": "5"}},
        },
    )


def test_an_item_is_deleted_and_given_back(table: Any) -> None:
    lab = table("Mutation.drop", request("DeleteItem", KEY), {"Attributes": {"id": {"S": "a"}}})
    assert lab.ask('mutation { drop(id: "a") { id } }').data == {"drop": {"id": "a"}}
    assert sent(lab)[1]["ReturnValues"] == "ALL_OLD"


def test_a_page_of_a_query_and_the_next(table: Any) -> None:
    query = '"query": {"expression": "id = :id", "expressionValues": {":id": {"S": "a"}}}'
    more = '"limit": 10, "index": "by-name", "scanIndexForward": false'
    token = '"nextToken": $util.toJson($ctx.args.nextToken)'
    last = {"id": {"S": "a"}}
    reply = {"Items": [{"id": {"S": "a"}}], "ScannedCount": 3, "LastEvaluatedKey": last}
    lab = table("Query.list", request("Query", query, more, token), reply)
    page = lab.ask("{ list { items { id } nextToken scannedCount } }").data["list"]
    assert (page["items"], page["scannedCount"]) == ([{"id": "a"}], 3)
    assert sent(lab) == (
        "DynamoDB_20120810.Query",
        {
            "TableName": "models",
            "KeyConditionExpression": "id = :id",
            "ExpressionAttributeValues": {":id": {"S": "a"}},
            "Limit": 10,
            "IndexName": "by-name",
            "ScanIndexForward": False,
        },
    )
    lab.ask("query($t: String) { list(nextToken: $t) { scannedCount } }", {"t": page["nextToken"]})
    assert json.loads(lab.calls[1].body)["ExclusiveStartKey"] == last


def test_a_token_that_is_none_is_refused(table: Any) -> None:
    for token in ("nonsense", base64.b64encode(b"[1]").decode(), "é"):
        lab = table("Query.list", request("Scan", f'"nextToken": "{token}"'), {})
        assert lab.ask("{ list { scannedCount } }").errors[0]["message"] == "Invalid pagination token given."
        assert lab.calls == []


def test_a_scan_with_a_filter_from_the_query(table: Any) -> None:
    template = request("Scan", '"filter": $util.transform.toDynamoDBFilterExpression({"title": {"contains": "Hello"}})')
    lab = table("Query.list", template, {"Items": [], "ScannedCount": 0})
    assert lab.ask("{ list { items { id } nextToken } }").data == {"list": {"items": [], "nextToken": None}}
    assert sent(lab)[1] == {
        "TableName": "models",
        "FilterExpression": "contains(#title, :title_contains)",
        "ExpressionAttributeNames": {"#title": "title"},
        "ExpressionAttributeValues": {":title_contains": {"S": "Hello"}},
    }


def test_a_batch(table: Any) -> None:
    template = request("BatchGetItem", '"tables": {"models": {"keys": [{"id": {"S": "a"}}]}}')
    reply = {"Responses": {"models": [{"id": {"S": "a"}}]}, "UnprocessedKeys": {}}
    lab = table("Query.some", template, reply)
    assert json.loads(lab.ask("{ some }").data["some"]) == {"data": {"models": [{"id": "a"}]}, "unprocessedKeys": {}}
    assert sent(lab)[1] == {"RequestItems": {"models": {"Keys": [{"id": {"S": "a"}}]}}}


def test_a_batch_of_nothing(table: Any) -> None:
    lab = table("Query.some", request("BatchGetItem", '"tables": {"models": {"keys": []}}'), {})
    (found,) = lab.ask("{ some }").errors
    assert (found["errorType"], found["message"]) == (
        "MappingTemplate",
        "RequestItem keys '$[tables][models]' can't be empty",
    )


def test_a_condition_that_fails(table: Any) -> None:
    failure = {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed",
        "Item": {"id": {"S": "a"}, "name": {"S": "old"}},
    }
    condition = '"condition": {"expression": "attribute_not_exists(id)"}'
    lab = table("Mutation.put", request("PutItem", KEY, condition), failure, 400)
    answer = lab.ask('mutation { put(id: "a") { id name } }')
    (found,) = answer.errors
    assert (answer.data, found["errorType"], found["data"]) == (
        {"put": None},
        "DynamoDB:ConditionalCheckFailedException",
        {"id": "a", "name": "old"},
    )
    assert found["message"].startswith(
        "The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: "
    )


FAILED = {
    "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
    "message": "The conditional request failed",
}


@pytest.mark.parametrize(
    ("ignored", "there", "done"),
    [
        ("", {"id": {"S": "a"}, "name": {"S": "new"}}, True),
        ("", {"id": {"S": "a"}, "name": {"S": "old"}}, False),
        ("", {"id": {"S": "a"}, "name": {"S": "new"}, "more": {"N": "1"}}, False),
        (', "equalsIgnore": ["name"]', {"id": {"S": "a"}, "name": {"S": "old"}}, True),
        (', "equalsIgnore": ["other"]', {"id": {"S": "a"}, "name": {"S": "old"}}, False),
    ],
)
def test_an_item_that_is_there_already_is_put(table: Any, ignored: str, there: Any, done: bool) -> None:
    values = '"attributeValues": {"name": {"S": "new"}}'
    condition = f'"condition": {{"expression": "attribute_not_exists(id)"{ignored}}}'
    lab = table("Mutation.put", request("PutItem", KEY, values, condition), {**FAILED, "Item": there}, 400)
    answer = lab.ask('mutation { put(id: "a") { id name } }')
    if done:
        assert answer.data == {"put": {"id": "a", "name": there["name"]["S"]}}
        assert not answer.errors
    else:
        assert [error["errorType"] for error in answer.errors] == ["DynamoDB:ConditionalCheckFailedException"]


def test_a_handler_of_failed_conditions_is_refused(table: Any) -> None:
    handler = '"conditionalCheckFailedHandler": {"strategy": "Custom", "lambdaArn": "arn:aws:lambda:x"}'
    condition = f'"condition": {{"expression": "attribute_not_exists(id)", {handler}}}'
    (found,) = (
        table("Mutation.put", request("PutItem", KEY, condition), {}).ask('mutation { put(id: "a") { id } }').errors
    )
    assert found["message"].startswith("A conditionalCheckFailedHandler other than Reject is not served")


@pytest.mark.parametrize("operation", ["Nonsense", "TransactWriteItems", "Sync"])
def test_an_operation_that_is_not_served(table: Any, operation: str) -> None:
    lab = table("Query.some", request(operation), {})
    (found,) = lab.ask("{ some }").errors
    assert found["errorType"] == "MappingTemplate"
    assert found["message"].startswith(f"Unsupported operation '{operation}'.")


@pytest.mark.parametrize("key", ['"key": {"id": "a"}', '"key": {"id": {"N": "x", "S": "y"}}', '"key": 1', '"other": 1'])
def test_a_key_that_is_none(table: Any, key: str) -> None:
    lab = table("Query.some", request("GetItem", key), {})
    assert lab.ask("{ some }").errors[0]["errorType"] == "MappingTemplate"
    assert lab.calls == []
