"""Tests of the table backend."""

import asyncio
import json
from typing import Any

import pytest

from inferway.backends.link import Link, Unreachable
from inferway.backends.table import TableBackend, connect
from inferway.definition.targets import Table
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.stores.tables.service import TableAnswer
from inferway.transport.client import HttpClient

NOWHERE = Place(file="template.yaml")


class Asked:
    """A service that notes what it is asked."""

    def __init__(self) -> None:
        self.operation = ""
        self.body = b""

    async def answer(self, operation: str, body: bytes) -> TableAnswer:
        self.operation, self.body = operation, body
        return TableAnswer(status=400, body=b'{"__type":"x#ValidationException","message":"m"}')


def ask(service: Asked, target: str, body: bytes) -> Reply | Fault:
    async def scenario() -> Reply | Fault:
        link = Link(client=HttpClient(), endpoints={}, urls={}, variables={}, tables={"models": service})
        backend = connect(Table(name="models", place=NOWHERE), link, 5.0)
        assert isinstance(backend, TableBackend)
        return await backend.invoke(Call(method="POST", headers=[(b"x-amz-target", target.encode())], body=body))

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("operation", "body", "sent"),
    [
        ("GetItem", {"Key": {}}, {"TableName": "models", "Key": {}}),
        ("GetItem", {"TableName": "other", "Key": {}}, {"TableName": "other", "Key": {}}),
        ("BatchGetItem", {"RequestItems": {}}, {"RequestItems": {}}),
    ],
)
def test_a_request_that_names_no_table_means_this_one(operation: str, body: Any, sent: Any) -> None:
    service = Asked()
    reply = ask(service, f"DynamoDB_20120810.{operation}", json.dumps(body).encode())
    assert isinstance(reply, Reply)
    assert (service.operation, json.loads(service.body)) == (operation, sent)
    assert (reply.status, reply.header(b"content-type")) == (400, b"application/x-amz-json-1.0")
    assert json.loads(reply.body)["message"] == "m"


def test_a_body_that_is_no_object_goes_to_the_service_as_it_is() -> None:
    service = Asked()
    ask(service, "DynamoDB_20120810.GetItem", b"[]")
    assert service.body == b"[]"


def test_another_target_is_misconfigured() -> None:
    fault = ask(Asked(), "Other.GetItem", b"{}")
    assert isinstance(fault, Fault)
    assert fault.kind is FaultKind.MISCONFIGURED


def test_a_table_that_is_not_bound_says_how_to_bind_it() -> None:
    async def scenario() -> Unreachable:
        link = Link(client=HttpClient(), endpoints={}, urls={}, variables={})
        backend = connect(Table(name="models", place=NOWHERE), link, 5.0)
        assert isinstance(backend, Unreachable)
        return backend

    fault = asyncio.run(scenario()).invoke(Call())
    assert fault.kind is FaultKind.BACKEND_UNBOUND
    assert "add [tables.models] to inferway.toml" in fault.cause
