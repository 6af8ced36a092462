"""PutItem, GetItem, UpdateItem and DeleteItem, against the DynamoDB API reference and developer guide."""

from collections.abc import Callable
from typing import Any

import pytest

Serve = Callable[[Callable[[Any], Any]], None]

UPDATE = "Invalid UpdateExpression: "
OVERLAP = "must remove or rewrite one of these paths"
NULL = "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"
MIXED = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
KEY = {"id": {"S": "m1"}}
ITEM = {**KEY, "metric": {"N": "0.97"}, "tags": {"SS": ["a", "b"]}, "run": {"M": {"steps": {"L": [{"N": "1"}]}}}}


def test_an_item_is_put_got_replaced_and_deleted(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        assert await service.ask("PutItem", TableName="models", Item=ITEM) == {}
        assert await service.get("models", KEY) == ITEM
        # PutItem, ReturnValues ALL_OLD: "the content of the old item"
        old = await service.ask("PutItem", TableName="models", Item=KEY, ReturnValues="ALL_OLD")
        assert old == {"Attributes": ITEM}
        assert await service.get("models", KEY) == KEY  # put replaces the whole item
        gone = await service.ask("DeleteItem", TableName="models", Key=KEY, ReturnValues="ALL_OLD")
        assert gone == {"Attributes": KEY}
        # DeleteItem "is an idempotent operation"; GetItem without a match gives no Item
        assert await service.ask("DeleteItem", TableName="models", Key=KEY) == {}
        assert await service.ask("GetItem", TableName="models", Key=KEY) == {}

    serve(scenario)


def test_every_type_comes_back(serve: Serve) -> None:
    # AttributeValue: B, BOOL, BS, L, M, N, NS, NULL, S, SS
    item = {
        **KEY,
        "b": {"B": "AAH/"},
        "bool": {"BOOL": False},
        "bs": {"BS": ["AA==", "AQ=="]},
        "l": {"L": [{"S": ""}, {"NULL": True}, {"L": []}]},
        "m": {"M": {"": {"N": "-1.5"}}},
        "ns": {"NS": ["1", "2.5", "10"]},
        "s": {"S": "é ☃ 𝄞"},
    }

    async def scenario(service: Any) -> None:
        await service.put("models", item)
        assert await service.get("models", KEY) == item

    serve(scenario)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # developer guide, Number: "leading and trailing zeroes are trimmed", 38 digits, 1E-130 to 9.9…E+125
        ("007.50", "7.5"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("1.23E-2", "0.0123"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ],
)
def test_a_number_keeps_its_value_and_loses_needless_zeros(serve: Serve, text: str, kept: str) -> None:
    async def scenario(service: Any) -> None:
        await service.put("models", {**KEY, "n": {"N": text}})
        assert await service.get("models", KEY) == {**KEY, "n": {"N": kept}}

    serve(scenario)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"N": "abc"}, "The parameter cannot be converted to a numeric value: abc"),
        ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
        ({"N": "1e126"}, "Number overflow. Attempting to store a number with magnitude larger than supported range"),
        ({"N": "1e-131"}, "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
        ({"SS": []}, "One or more parameter values were invalid: An string set  may not be empty"),
        ({"SS": ["a", "a"]}, "One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        ({"S": None}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        (
            {"S": "a", "N": "1"},
            MIXED,
        ),
        (
            {"NULL": False},
            "One or more parameter values were invalid: Null attribute value types must have the value of true",
        ),
    ],
)
def test_a_value_that_is_none_is_refused(serve: Serve, value: dict[str, Any], message: str) -> None:
    async def scenario(service: Any) -> None:
        error = await service.refused("PutItem", TableName="models", Item={**KEY, "x": value})
        assert (error["kind"], error["message"]) == ("ValidationException", message)

    serve(scenario)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"S": 1}, "NUMBER_VALUE cannot be converted to String"),
        ({"N": 1.5}, "NUMBER_VALUE cannot be converted to String"),
        ({"S": True}, "TRUE_VALUE cannot be converted to String"),
        ({"SS": ["a", 1]}, "NUMBER_VALUE cannot be converted to String"),
        ({"BOOL": "true"}, "STRING_VALUE cannot be converted to Boolean"),
        ({"NULL": "true"}, "STRING_VALUE cannot be converted to Boolean"),
        ({"B": [1, 2]}, "Start of list found where not expected"),
        ({"S": {"S": "a"}}, "Start of structure or map found where not expected"),
        ({"L": {"S": "a"}}, "Start of structure or map found where not expected"),
        ({"M": [{"S": "a"}]}, "Start of list found where not expected"),
        ({"L": "a"}, "Unexpected field type"),
        ("a", "Unexpected value type in payload"),
        ({"L": ["a"]}, "Unexpected value type in payload"),
    ],
)
def test_json_of_another_type_than_a_value_s_is_refused_by_the_protocol(
    serve: Serve, value: object, message: str
) -> None:
    async def scenario(service: Any) -> None:
        error = await service.refused("PutItem", TableName="models", Item={**KEY, "x": value})
        assert error == {"kind": "SerializationException", "Message": message}
        transacted = [{"Put": {"TableName": "models", "Item": {**KEY, "x": value}}}]
        assert await service.refused("TransactWriteItems", TransactItems=transacted) == error
        assert await service.get("models", KEY) is None

    serve(scenario)


def test_a_parameter_of_another_type_is_refused_by_the_protocol(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        async def message(operation: str, **request: Any) -> str:
            error = await service.refused(operation, **request)
            assert error["kind"] == "SerializationException"
            return str(error["Message"])

        assert await message("Scan", TableName="models", Limit="5") == "STRING_VALUE cannot be converted to Integer"
        assert await message("Scan", TableName=5) == "NUMBER_VALUE cannot be converted to String"
        assert await message("GetItem", TableName="models", Key=[]) == "Start of list found where not expected"
        values = {":a": {"S": 1}}
        assert "NUMBER_VALUE" in await message("Scan", TableName="models", ExpressionAttributeValues=values)

    serve(scenario)


def test_an_item_may_have_400_kb_and_no_more(serve: Serve) -> None:
    # developer guide, Quotas: "The maximum item size in DynamoDB is 400 KB, which includes both attribute name binary
    # length (UTF-8 length) and attribute value lengths"
    async def scenario(service: Any) -> None:
        room = 400 * 1024 - len("id") - len("m1") - len("x")
        await service.put("models", {**KEY, "x": {"S": "y" * room}})
        error = await service.refused("PutItem", TableName="models", Item={**KEY, "x": {"S": "y" * (room + 1)}})
        assert error["message"] == "Item size has exceeded the maximum allowed size"
        grown = await service.refused(
            "UpdateItem",
            TableName="models",
            Key=KEY,
            UpdateExpression="SET z = :z",
            ExpressionAttributeValues={":z": {"S": "z"}},
        )
        assert grown["message"] == "Item size to update has exceeded the maximum allowed size"

    serve(scenario)


def test_keys_must_be_there_in_their_types(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        async def message(operation: str, **request: Any) -> str:
            return str((await service.refused(operation, **request))["message"])

        invalid = "One or more parameter values were invalid: "
        assert await message("PutItem", TableName="models", Item={"x": {"S": "y"}}) == (
            f"{invalid}Missing the key id in the item"
        )
        assert await message("PutItem", TableName="models", Item={"id": {"N": "1"}}) == (
            f"{invalid}Type mismatch for key id expected: S actual: N"
        )
        assert "cannot contain an empty string value. Key: id" in await message(
            "PutItem", TableName="models", Item={"id": {"S": ""}}
        )
        wrong_key = "The provided key element does not match the schema"
        assert await message("GetItem", TableName="models", Key={"id": {"N": "1"}}) == wrong_key
        assert await message("GetItem", TableName="models", Key={"id": {"S": "1"}, "x": {"S": "1"}}) == wrong_key
        assert await message("DeleteItem", TableName="ratings", Key={"user": {"S": "1"}}) == wrong_key

    serve(scenario)


def test_a_table_that_is_not_there_is_not_found(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        error = await service.refused("GetItem", TableName="other", Key=KEY)
        assert error == {"kind": "ResourceNotFoundException", "message": "Requested resource not found"}

    serve(scenario)


def test_a_condition_that_does_not_hold_changes_nothing_and_may_show_the_item(serve: Serve) -> None:
    # The reference of PutItem on ReturnValuesOnConditionCheckFailure
    async def scenario(service: Any) -> None:
        await service.put("models", ITEM)
        only_new = {"TableName": "models", "Item": KEY, "ConditionExpression": "attribute_not_exists(id)"}
        error = await service.refused("PutItem", **only_new)
        assert error == {"kind": "ConditionalCheckFailedException", "message": "The conditional request failed"}
        shown = await service.refused("PutItem", **only_new, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        assert shown["Item"] == ITEM
        assert await service.get("models", KEY) == ITEM
        await service.ask(
            "DeleteItem",
            TableName="models",
            Key=KEY,
            ConditionExpression="metric BETWEEN :low AND :high AND contains(tags, :tag)",
            ExpressionAttributeValues={":low": {"N": "0.9"}, ":high": {"N": "1"}, ":tag": {"S": "a"}},
        )
        assert await service.get("models", KEY) is None

    serve(scenario)


def test_an_update_changes_some_attributes_and_returns_what_is_asked(serve: Serve) -> None:
    # The reference of UpdateItem on ReturnValues, and the guide's, "Using update expressions in DynamoDB"
    async def scenario(service: Any) -> None:
        async def update(expression: str, returned: str, **values: Any) -> Any:
            given = {f":{name}": value for name, value in values.items()}
            request = {"ExpressionAttributeValues": given} if given else {}
            response = await service.ask(
                "UpdateItem",
                TableName="models",
                Key=KEY,
                UpdateExpression=expression,
                ReturnValues=returned,
                **request,
            )
            return response.get("Attributes")

        assert await update(
            "SET hits = if_not_exists(hits, :zero) + :one", "UPDATED_NEW", zero={"N": "0"}, one={"N": "1"}
        ) == {"hits": {"N": "1"}}
        assert await service.get("models", KEY) == {**KEY, "hits": {"N": "1"}}
        assert await update("ADD hits :n, labels :set", "ALL_NEW", n={"N": "2"}, set={"SS": ["b", "a"]}) == {
            **KEY,
            "hits": {"N": "3"},
            "labels": {"SS": ["a", "b"]},
        }
        assert await update(
            "DELETE labels :set SET runs = :list", "UPDATED_OLD", set={"SS": ["a", "z"]}, list={"L": []}
        ) == {"labels": {"SS": ["a", "b"]}}
        assert await update(
            "SET runs = list_append(runs, :list)", "UPDATED_NEW", list={"L": [{"S": "r1"}, {"S": "r2"}]}
        ) == {"runs": {"L": [{"S": "r1"}, {"S": "r2"}]}}
        assert await update("REMOVE runs[0], labels", "ALL_NEW") == {
            **KEY,
            "hits": {"N": "3"},
            "runs": {"L": [{"S": "r2"}]},
        }

    serve(scenario)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "SET id = :v",
            "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key",
        ),
        ("SET a = b, c = :v", "The provided expression refers to an attribute that does not exist in the item"),
        ("SET a.b = :v", "The document path provided in the update expression is invalid for update"),
        ("SET a = metric + :v", "An operand in the update expression has an incorrect data type"),
        ("SET status = :v", "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status"),
        (
            "SET a = :v, a = :v",
            f"{UPDATE}Two document paths overlap with each other; {OVERLAP}; path one: [a], path two: [a]",
        ),
        (
            "SET a = :v SET b = :v",
            'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
        ),
        (
            "SET a = :w",
            f"{UPDATE}An expression attribute value used in expression is not defined; attribute value: :w",
        ),
        ("REMOVE a", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
        ("SET", 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"'),
    ],
)
def test_a_wrong_update_is_refused_in_the_services_words(serve: Serve, expression: str, message: str) -> None:
    async def scenario(service: Any) -> None:
        await service.put("models", ITEM)
        error = await service.refused(
            "UpdateItem",
            TableName="models",
            Key=KEY,
            UpdateExpression=expression,
            ExpressionAttributeValues={":v": {"S": "x"}},
        )
        assert (error["kind"], error["message"]) == ("ValidationException", message)
        assert await service.get("models", KEY) == ITEM

    serve(scenario)


def test_a_projection_gives_parts_of_an_item(serve: Serve) -> None:
    # developer guide, "Using projection expressions in DynamoDB"
    async def scenario(service: Any) -> None:
        await service.put("models", {**ITEM, "list": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]}})
        response = await service.ask(
            "GetItem",
            TableName="models",
            Key=KEY,
            ProjectionExpression="#i, run.steps[0], #l[2], #l[0], absent",
            ExpressionAttributeNames={"#i": "id", "#l": "list"},
        )
        assert response["Item"] == {
            **KEY,
            "run": {"M": {"steps": {"L": [{"N": "1"}]}}},
            "list": {"L": [{"N": "0"}, {"N": "2"}]},
        }

    serve(scenario)


def test_what_is_no_request_is_refused(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        assert (await service.refused("Fly", TableName="models"))["kind"] == "UnknownOperationException"
        assert (await service.refused("GetItem", TableName="models", Key="x"))["kind"] == "SerializationException"
        missing = await service.refused("GetItem", Key=KEY)
        assert missing["message"] == NULL
        answer = await service.store.answer("GetItem", b"{")
        assert (answer.status, b"SerializationException" in answer.body) == (400, True)
        legacy = await service.refused("PutItem", TableName="models", Item=KEY, Expected={"id": {"Exists": False}})
        assert "use ConditionExpression" in legacy["message"]

    serve(scenario)
