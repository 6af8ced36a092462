"""Batches and transactions, and the operations on tables, against the DynamoDB API reference."""

from collections.abc import Callable
from typing import Any

Serve = Callable[[Callable[[Any], Any]], None]


def model(name: str, **more: Any) -> dict[str, Any]:
    return {"id": {"S": name}, **more}


def test_a_batch_writes_and_gets_items_of_several_tables(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        await service.put("models", model("old"))
        writes = {
            "models": [{"PutRequest": {"Item": model("a")}}, {"DeleteRequest": {"Key": model("old")}}],
            "ratings": [{"PutRequest": {"Item": {"user": {"S": "u"}, "movie": {"N": "1"}}}}],
        }
        assert await service.ask("BatchWriteItem", RequestItems=writes) == {"UnprocessedItems": {}}
        got = await service.ask(
            "BatchGetItem",
            RequestItems={
                "models": {"Keys": [model("a"), model("old")]},
                "ratings": {
                    "Keys": [{"user": {"S": "u"}, "movie": {"N": "1"}}],
                    "ProjectionExpression": "movie",
                },
            },
        )
        assert got == {
            "Responses": {"models": [model("a")], "ratings": [{"movie": {"N": "1"}}]},
            "UnprocessedKeys": {},
        }

    serve(scenario)


def test_a_batch_has_its_bounds(serve: Serve) -> None:
    # The reference: "as many as 25 item put or delete operations"; and "as many as 100 items"
    async def scenario(service: Any) -> None:
        puts = [{"PutRequest": {"Item": model(str(n))}} for n in range(26)]
        error = await service.refused("BatchWriteItem", RequestItems={"models": puts})
        assert error["message"] == "Too many items requested for the BatchWriteItem call"
        keys = [model(str(n)) for n in range(101)]
        error = await service.refused("BatchGetItem", RequestItems={"models": {"Keys": keys}})
        assert error["message"] == "Too many items requested for the BatchGetItem call"
        twice = await service.refused("BatchWriteItem", RequestItems={"models": [puts[0], puts[0]]})
        assert twice["message"] == "Provided list of item keys contains duplicates"
        assert (await service.ask("Scan", TableName="models"))["Count"] == 0

    serve(scenario)


def test_a_transaction_is_carried_out_whole_or_not_at_all(serve: Serve) -> None:
    # TransactWriteItems: TransactionCanceledException, CancellationReasons in the order of the actions
    async def scenario(service: Any) -> None:
        await service.put("models", model("a", n={"N": "1"}))
        add = {
            "Update": {
                "TableName": "models",
                "Key": model("a"),
                "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }
        put = {"Put": {"TableName": "models", "Item": model("b")}}
        check = {
            "ConditionCheck": {
                "TableName": "models",
                "Key": model("c"),
                "ConditionExpression": "attribute_exists(id)",
            }
        }
        error = await service.refused("TransactWriteItems", TransactItems=[add, put, check])
        assert error["kind"] == "TransactionCanceledException"
        assert error["message"] == (
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[None, None, ConditionalCheckFailed]"
        )
        assert error["CancellationReasons"] == [
            {"Code": "None"},
            {"Code": "None"},
            {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
        ]
        assert await service.get("models", model("a")) == model("a", n={"N": "1"})
        assert await service.get("models", model("b")) is None
        assert await service.ask("TransactWriteItems", TransactItems=[add, put]) == {}
        got = await service.ask(
            "TransactGetItems",
            TransactItems=[{"Get": {"TableName": "models", "Key": model(name)}} for name in ("a", "x", "b")],
        )
        assert got == {"Responses": [{"Item": model("a", n={"N": "2"})}, {}, {"Item": model("b")}]}
        twice = await service.refused("TransactWriteItems", TransactItems=[put, put])
        assert twice["message"] == "Transaction request cannot include multiple operations on one item"

    serve(scenario)


def test_tables_are_made_described_listed_and_deleted(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        made = {
            "TableName": "new",
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
            "AttributeDefinitions": [
                {"AttributeName": "k", "AttributeType": "S"},
                {"AttributeName": "r", "AttributeType": "N"},
            ],
            "LocalSecondaryIndexes": [
                {
                    "IndexName": "l",
                    "KeySchema": [
                        {"AttributeName": "k", "KeyType": "HASH"},
                        {"AttributeName": "r", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
                }
            ],
        }
        assert (await service.ask("CreateTable", **made))["TableDescription"]["TableStatus"] == "ACTIVE"
        again = await service.refused("CreateTable", **made)
        assert (again["kind"], again["message"]) == ("ResourceInUseException", "Table already exists: new")
        await service.put("new", {"k": {"S": "a"}, "r": {"N": "1"}})
        table = (await service.ask("DescribeTable", TableName="new"))["Table"]
        assert (table["ItemCount"], table["KeySchema"]) == (1, made["KeySchema"])
        assert table["LocalSecondaryIndexes"][0]["Projection"] == made["LocalSecondaryIndexes"][0]["Projection"]  # type: ignore[index]  # JSON
        assert (await service.ask("ListTables"))["TableNames"] == ["blobs", "models", "new", "ratings"]
        page = await service.ask("ListTables", Limit=2)
        assert page == {"TableNames": ["blobs", "models"], "LastEvaluatedTableName": "models"}
        await service.ask("DeleteTable", TableName="new")
        gone = await service.refused("DescribeTable", TableName="new")
        assert gone["message"] == "Requested resource not found: Table: new not found"
        await service.ask("CreateTable", **made)
        assert (await service.ask("Scan", TableName="new"))["Count"] == 0

    serve(scenario)
