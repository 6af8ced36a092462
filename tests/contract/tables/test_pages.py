"""Query and Scan, against the DynamoDB API reference."""

from collections.abc import Callable
from typing import Any

import pytest

Serve = Callable[[Callable[[Any], Any]], None]


def rating(user: str, movie: str, **more: Any) -> dict[str, Any]:
    return {"user": {"S": user}, "movie": {"N": movie}, **more}


async def fill(service: Any) -> None:
    for user, movie, genre, score in (
        ("ada", "-1.5", "drama", "3"),
        ("ada", "10", "drama", "5"),
        ("ada", "2", "comedy", "4"),
        ("bob", "2", "drama", "4"),
    ):
        await service.put("ratings", rating(user, movie, genre={"S": genre}, score={"N": score}))
    await service.put("ratings", rating("bob", "7"))  # in no index: it has no genre


def movies(response: dict[str, Any]) -> list[str]:
    return [item["movie"]["N"] for item in response["Items"]]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # The reference: "If the data type of the sort key is Number, the results are returned in numeric order"
        ("#u = :u", ["-1.5", "2", "10"]),
        ("#u = :u AND movie > :m", ["10"]),
        ("#u = :u AND movie >= :m", ["2", "10"]),
        (":u = #u AND :m > movie", ["-1.5"]),
        ("#u = :u AND movie = :m", ["2"]),
        ("movie BETWEEN :m AND :n AND (#u = :u)", ["2", "10"]),
    ],
)
def test_a_query_gives_a_partition_in_the_order_of_its_sort_key(
    serve: Serve, condition: str, expected: list[str]
) -> None:
    async def scenario(service: Any) -> None:
        await fill(service)
        values = {":u": {"S": "ada"}, ":m": {"N": "2"}, ":n": {"N": "11"}}
        used = {name: value for name, value in values.items() if name in condition}
        request = {
            "TableName": "ratings",
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": {"#u": "user"},
            "ExpressionAttributeValues": used,
        }
        assert movies(await service.ask("Query", **request)) == expected
        assert movies(await service.ask("Query", **request, ScanIndexForward=False)) == expected[::-1]

    serve(scenario)


def test_a_limit_gives_a_page_and_the_key_that_goes_on(serve: Serve) -> None:
    # Limit is "the maximum number of items to evaluate", before the filter
    async def scenario(service: Any) -> None:
        await fill(service)
        request = {
            "TableName": "ratings",
            "KeyConditionExpression": "#u = :u",
            "FilterExpression": "score > :s",
            "ExpressionAttributeNames": {"#u": "user"},
            "ExpressionAttributeValues": {":u": {"S": "ada"}, ":s": {"N": "3"}},
        }
        first = await service.ask("Query", **request, Limit=2)
        assert (movies(first), first["Count"], first["ScannedCount"]) == (["2"], 1, 2)
        assert first["LastEvaluatedKey"] == rating("ada", "2")
        second = await service.ask("Query", **request, Limit=2, ExclusiveStartKey=first["LastEvaluatedKey"])
        assert (movies(second), "LastEvaluatedKey" in second) == (["10"], False)
        counted = await service.ask("Query", **request, Select="COUNT")
        assert counted == {"Count": 2, "ScannedCount": 3}

    serve(scenario)


def test_an_index_has_the_items_that_have_its_keys(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        await fill(service)
        request = {
            "TableName": "ratings",
            "IndexName": "by_genre",
            "KeyConditionExpression": "genre = :g",
            "ExpressionAttributeValues": {":g": {"S": "drama"}},
        }
        whole = await service.ask("Query", **request)
        assert [item["score"]["N"] for item in whole["Items"]] == ["3", "4", "5"]
        page = await service.ask("Query", **request, Limit=1)
        assert page["LastEvaluatedKey"] == rating("ada", "-1.5", genre={"S": "drama"}, score={"N": "3"})
        rest = await service.ask("Query", **request, ExclusiveStartKey=page["LastEvaluatedKey"])
        assert rest["Items"] == whole["Items"][1:]
        assert (await service.ask("Scan", TableName="ratings", IndexName="by_genre"))["Count"] == 4
        keys = await service.ask("Query", **{**request, "IndexName": "keys_only"}, Limit=1)
        assert keys["Items"] == [rating("ada", "-1.5", genre={"S": "drama"})]
        await service.ask("UpdateItem", TableName="ratings", Key=rating("ada", "-1.5"), UpdateExpression="REMOVE genre")
        assert [item["score"]["N"] for item in (await service.ask("Query", **request))["Items"]] == ["4", "5"]
        consistent = await service.refused("Query", **request, ConsistentRead=True)
        assert consistent["message"] == "Consistent reads are not supported on global secondary indexes"

    serve(scenario)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"KeyConditionExpression": "movie = :m"}, "Query condition missed key schema element: user"),
        ({"KeyConditionExpression": "#u > :u"}, "Query key condition not supported"),
        (
            {"KeyConditionExpression": "#u = :m"},
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
        (
            {"IndexName": "none", "KeyConditionExpression": "#u = :u"},
            "The table does not have the specified index: none",
        ),
        ({}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
    ],
)
def test_a_query_that_names_no_partition_is_refused(serve: Serve, fields: dict[str, Any], message: str) -> None:
    async def scenario(service: Any) -> None:
        text = fields.get("KeyConditionExpression", "")
        given = {":u": {"S": "a"}, ":m": {"N": "1"}}
        error = await service.refused(
            "Query",
            TableName="ratings",
            **fields,
            **({"ExpressionAttributeNames": {"#u": "user"}} if "#u" in text else {}),
            **({"ExpressionAttributeValues": {n: v for n, v in given.items() if n in text}} if text else {}),
        )
        assert (error["kind"], error["message"]) == ("ValidationException", message)

    serve(scenario)


def test_begins_with_finds_texts_and_bytes_by_their_start(serve: Serve) -> None:
    async def scenario(service: Any) -> None:
        for at in ("2025-12", "2026-01", "2026-02", "2027"):
            await service.put("blobs", {"id": {"B": "/w=="}, "at": {"S": at}})
        response = await service.ask(
            "Query",
            TableName="blobs",
            KeyConditionExpression="id = :i AND begins_with(#at, :p)",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":i": {"B": "/w=="}, ":p": {"S": "2026"}},
        )
        assert [item["at"]["S"] for item in response["Items"]] == ["2026-01", "2026-02"]

    serve(scenario)


def test_a_scan_gives_everything_in_pages_of_a_megabyte_and_in_segments(serve: Serve) -> None:
    # The reference: "If the total size of scanned items exceeds the maximum dataset size limit of 1 MB", the scan stops
    async def scenario(service: Any) -> None:
        for number in range(8):
            await service.put("models", {"id": {"S": f"m{number}"}, "x": {"S": "y" * 300_000}})
        seen: list[str] = []
        start: dict[str, Any] = {}
        pages = 0
        while True:
            page = await service.ask("Scan", TableName="models", **start)
            seen += [item["id"]["S"] for item in page["Items"]]
            pages += 1
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        assert sorted(seen) == [f"m{number}" for number in range(8)]
        assert pages == 3  # 4 items of 300,000 bytes pass 1,048,576
        for number in range(20):
            await service.put("blobs", {"id": {"B": f"AA{number:02d}"}, "at": {"S": "x"}})
        segments = [
            {
                item["id"]["B"]
                for item in (await service.ask("Scan", TableName="blobs", Segment=n, TotalSegments=3))["Items"]
            }
            for n in range(3)
        ]
        assert sum(len(segment) for segment in segments) == len(set.union(*segments)) == 20

    serve(scenario)


def test_numbers_sort_as_numbers(serve: Serve) -> None:
    ordered = ["-9e125", "-1000", "-1.23", "-1.2", "-1e-130", "0", "1e-130", "0.5", "1", "1.000001", "2", "10", "9e125"]

    async def scenario(service: Any) -> None:
        for number in sorted(ordered):
            await service.put("ratings", rating("n", number))
        response = await service.ask(
            "Query",
            TableName="ratings",
            KeyConditionExpression="#u = :u",
            ExpressionAttributeNames={"#u": "user"},
            ExpressionAttributeValues={":u": {"S": "n"}},
        )
        assert [float(number) for number in movies(response)] == [float(number) for number in ordered]

    serve(scenario)
