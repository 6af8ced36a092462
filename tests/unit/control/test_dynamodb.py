"""DynamoDB's protocol: what a request has to be allowed to do, and how it is refused.

Sources: developer guide, "Using IAM with DynamoDB" and "IAM and transactions"; "Error handling with DynamoDB".
"""

import asyncio
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inferway.control.dynamodb import DynamoDb
from inferway.definition.bindings import BoundTable
from inferway.exchange import Request, Response
from inferway.faults import Fault, FaultKind
from inferway.stores.tables.definition import bound_definition
from inferway.stores.tables.store import TableStore, sqlite_url

TABLES = "arn:aws:dynamodb:us-east-1:123456789012:table/"
Call = Callable[..., tuple[Response, Any, list[tuple[str, str]]]]


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Call]:
    """Give what answers an operation, with the actions and resources that were asked about; `denied` ones fail."""
    loop = asyncio.new_event_loop()
    store = TableStore(sqlite_url(tmp_path / "tables.db"))
    loop.run_until_complete(store.open([bound_definition(BoundTable(name="t", partition_key="id"))]))

    def answered(target: str, body: bytes | dict[str, Any], denied: str = "", below: str = "") -> Any:
        asked: list[tuple[str, str]] = []

        def authorize(request: Request, action: str, resource: str) -> Fault | None:
            asked.append((action, resource))
            return Fault(kind=FaultKind.PERMISSION_DENIED, message="no") if resource == denied else None

        request = Request(
            method="POST",
            path="/",
            query="",
            headers=[(b"x-amz-target", target.encode())],
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
            client="127.0.0.1",
        )
        answer = loop.run_until_complete(DynamoDb(store, authorize, TABLES).handle(request, below))
        assert isinstance(answer.body, bytes)
        return answer, json.loads(answer.body), asked

    yield answered
    loop.run_until_complete(store.close())
    loop.close()


ITEM = {"id": {"S": "1"}}


@pytest.mark.parametrize(
    ("operation", "body", "needed"),
    [
        ("PutItem", {"TableName": "t", "Item": ITEM}, [("PutItem", "t")]),
        ("Query", {"TableName": "t", "IndexName": "by-owner"}, [("Query", "t/index/by-owner")]),
        ("GetItem", {"TableName": f"{TABLES}t", "Key": ITEM}, [("GetItem", "t")]),
        (
            "BatchGetItem",
            {"RequestItems": {"t": {"Keys": [ITEM]}, "u": {}}},
            [("BatchGetItem", "t"), ("BatchGetItem", "u")],
        ),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "t", "Item": ITEM}},
                    {"ConditionCheck": {"TableName": "u", "Key": ITEM, "ConditionExpression": "a = b"}},
                ]
            },
            [("PutItem", "t"), ("ConditionCheckItem", "u")],
        ),
        ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "t", "Key": ITEM}}]}, [("GetItem", "t")]),
    ],
)
def test_each_table_has_to_be_allowed(call: Call, operation: str, body: Any, needed: list[tuple[str, str]]) -> None:
    _, _, asked = call(f"DynamoDB_20120810.{operation}", body)
    assert asked == [(f"dynamodb:{action}", f"{TABLES}{table}") for action, table in needed]


@pytest.mark.parametrize(
    "body", [{}, {"TransactItems": [1, {"Put": 2}]}, {"RequestItems": {}}, b"[", b"[" * 5000, b"\xff"]
)
def test_a_request_without_a_table_has_to_be_allowed_too(call: Call, body: Any) -> None:
    answer, document, asked = call("DynamoDB_20120810.ListTables", body, denied="*")
    assert asked == [("dynamodb:ListTables", "*")]
    assert answer.status == 400
    assert document["__type"] == "com.amazon.coral.service#AccessDeniedException"


def test_one_table_of_several_that_is_not_allowed_refuses_all(call: Call) -> None:
    body = {"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}], "u": []}}
    refused, _, _ = call("DynamoDB_20120810.BatchWriteItem", body, denied=f"{TABLES}u")
    _, document, _ = call("DynamoDB_20120810.Scan", {"TableName": "t"})
    assert (refused.status, document["Count"]) == (400, 0)


def test_answers_have_their_checksum(call: Call) -> None:
    answer, document, _ = call("DynamoDB_20120810.PutItem", {"TableName": "t", "Item": ITEM})
    headers = dict(answer.headers)
    assert isinstance(answer.body, bytes)
    assert (answer.status, document) == (200, {})
    assert headers[b"x-amz-crc32"] == str(zlib.crc32(answer.body)).encode()
    assert headers[b"content-type"] == b"application/x-amz-json-1.0"


@pytest.mark.parametrize(("target", "below"), [("", ""), ("SageMaker.PutItem", ""), ("DynamoDB_20120810.PutItem", "x")])
def test_what_is_no_operation(call: Call, target: str, below: str) -> None:
    answer, document, _ = call(target, {"TableName": "t", "Item": ITEM}, below=below)
    assert answer.status == 400
    assert document["__type"] == "com.amazon.coral.service#UnknownOperationException"


def test_what_the_service_refuses(call: Call) -> None:
    answer, document, _ = call("DynamoDB_20120810.GetItem", {"TableName": "none", "Key": ITEM})
    assert answer.status == 400
    assert document["__type"] == "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
