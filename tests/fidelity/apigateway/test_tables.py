"""AWS integrations with tables, served on the local ones.

Sources: API Gateway API reference, `PutIntegration` (uri: `…:dynamodb:action/OPERATION`), "Set up integration
responses" (patterns are held against the status); DynamoDB developer guide, "DynamoDB low-level API", "Error
handling with DynamoDB" (400 and 500 statuses, `__type`).
"""

from typing import Any

from inferway.definition.stage import StageSettings

PUT = """{"TableName": "things", "Item": {"id": {"S": "$input.params('id')"}, "name": {"S": $input.json('$.name')}}}"""
GET = """{"TableName": "things", "Key": {"id": {"S": "$input.params('id')"}}}"""
ITEM = {"default": {"statusCode": "200", "responseTemplates": {"application/json": "$input.path('$.Item.name.S')"}}}
SCAN = '{"TableName": "$stageVariables.table"}'


def things(lab: Any) -> dict[str, Any]:
    """Give a document with the methods that people write in front of a table."""
    identifier = {"in": "path", "name": "id", "required": True}
    refused = {
        "default": {"statusCode": "200"},
        "4\\d{2}": {
            "statusCode": "422",
            "responseTemplates": {"application/json": "$input.path('$.__type').split('#')[1]"},
        },
    }
    condition = PUT[:-1] + ', "ConditionExpression": "attribute_not_exists(id)"}'
    operations = {
        "put": lab.operation(lab.table("PutItem", PUT), parameters=[identifier]),
        "get": lab.operation(lab.table("GetItem", GET, responses=ITEM), parameters=[identifier]),
        "post": lab.operation(lab.table("PutItem", condition, responses=refused), parameters=[identifier]),
        "delete": lab.operation(lab.table("DeleteItem", GET), parameters=[identifier]),
    }
    count = {"default": {"statusCode": "200", "responseTemplates": {"application/json": "$input.path('$.Count')"}}}
    query = (
        '{"TableName": "things", "KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": "1"}}}'
    )
    paths = {
        "/things/{id}": operations,
        "/count": {"get": lab.operation(lab.table("Scan", SCAN, responses=count))},
        "/query": {"get": lab.operation(lab.table("Query", query, responses=count))},
    }
    made: dict[str, Any] = lab.document(paths)
    return made


def test_items_are_written_read_and_counted(lab: Any) -> None:
    """Documented: the operations of a table by their names, with the service's own requests and responses."""
    played = lab.play(
        things(lab),
        ("PUT", "/things/1", {}, '{"name": "one"}'),
        ("GET", "/things/1"),
        ("GET", "/count"),
        ("GET", "/query"),
        ("DELETE", "/things/1"),
        ("GET", "/count"),
        tables=("things",),
        stage=StageSettings(variables={"table": "things"}),
    )
    assert [answer.status for answer in played.answers] == [200] * 6
    assert [answer.text for answer in played.answers] == ["{}", "one", "1", "1", "{}", "0"]


def test_a_selection_pattern_is_held_against_the_status_of_a_table(lab: Any) -> None:
    """Documented: but for Lambda the pattern matches the status; 400 for a condition that fails."""
    request: tuple[Any, ...] = ("POST", "/things/1", {}, '{"name": "one"}')
    first, second = lab.play(things(lab), request, request, tables=("things",)).answers
    assert (first.status, second.status, second.text) == (200, 422, "ConditionalCheckFailedException")


def test_a_table_that_is_not_there_is_the_service_s_error(lab: Any) -> None:
    """Documented: ResourceNotFoundException, 400."""
    made = lab.table("Scan", '{"TableName": "others"}')
    answer = lab.play(lab.document({"/t": {"get": lab.operation(made)}}), ("GET", "/t"), tables=("things",)).answer
    assert answer.status == 200
    assert answer.json["__type"].endswith("#ResourceNotFoundException")


def test_a_service_that_is_not_served_is_an_internal_error(lab: Any) -> None:
    """Assumed: as an integration that is misconfigured; the other methods are served."""
    away: dict[str, Any] = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/queue",
    }
    away["responses"] = {"default": {"statusCode": "200"}}
    document = lab.document({"/t": {"get": lab.operation(lab.mock()), "post": lab.operation(away)}})
    played = lab.play(document, ("GET", "/t"), ("POST", "/t", {}, "{}"))
    assert [answer.status for answer in played.answers] == [200, 500]
    assert played.answer.text == '{"message": "Internal server error"}'
    assert any("warning" in finding and "unserved-target" in finding for finding in played.findings)
