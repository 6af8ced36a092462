"""Tables outlive their process: writers that are killed, several at once, and a restart; boto3 as the client."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.stores.tables.definition import simple_definition
from inferway.stores.tables.store import TableMismatchError, TableStore, sqlite_url

# Writes items one after another, and says of each that it was acknowledged.
WRITER = """
import asyncio, sys
from inferway.stores.tables.definition import simple_definition
from inferway.stores.tables.store import TableStore

async def main(url, name, count):
    store = TableStore(url)
    await store.open([simple_definition("models", "id")])
    print("ready", flush=True)
    for number in range(count):
        await store.call("UpdateItem", {
            "TableName": "models", "Key": {"id": {"S": "counter"}},
            "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}},
        })
        await store.call("TransactWriteItems", {"TransactItems": [
            {"Put": {"TableName": "models", "Item": {"id": {"S": f"{name}-{number}-{part}"}}}} for part in "ab"
        ]})
        print(number, flush=True)
    await store.close()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def start_writer(url: str, name: str, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", WRITER, url, name, str(count)], stdout=subprocess.PIPE, text=True)


def read_all(url: str) -> dict[str, dict[str, Any]]:
    async def scenario() -> dict[str, dict[str, Any]]:
        store = TableStore(url)
        await store.open()
        found = await store.call("Scan", {"TableName": "models"})
        await store.close()
        return {item["id"]["S"]: item for item in found["Items"]}

    return asyncio.run(scenario())


def test_a_writer_killed_in_the_middle_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "tables.db")
    acknowledged = 0
    for attempt in range(3):
        with start_writer(url, f"w{attempt}", 10_000) as writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                if line.strip() == str(20 + attempt):
                    writer.send_signal(signal.SIGKILL)
                    break
            assert writer.wait() == -signal.SIGKILL
        acknowledged += 21 + attempt
        items = read_all(url)
        for number in range(21 + attempt):
            assert {f"w{attempt}-{number}-a", f"w{attempt}-{number}-b"} <= items.keys()
        assert int(items["counter"]["n"]["N"]) >= acknowledged
        # A transaction is there whole or not at all, and what was counted last may not have been said.
        halves = [name[:-1] for name in items if name.startswith("w")]
        assert all(halves.count(half) == 2 for half in set(halves))
        acknowledged = int(items["counter"]["n"]["N"])


def test_writers_at_once_lose_no_update(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "tables.db")
    writers = [start_writer(url, f"w{number}", 25) for number in range(4)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    items = read_all(url)
    assert items["counter"]["n"] == {"N": "100"}
    assert len(items) == 1 + 4 * 25 * 2


def test_a_table_that_is_there_with_other_keys_is_refused_and_a_new_index_is_filled(tmp_path: Path) -> None:
    async def scenario() -> None:
        url = sqlite_url(tmp_path / "tables.db")
        store = TableStore(url)
        await store.open([simple_definition("models", "id")])
        await store.call("PutItem", {"TableName": "models", "Item": {"id": {"S": "a"}, "kind": {"S": "k"}}})
        await store.close()
        other = TableStore(url)
        with pytest.raises(TableMismatchError, match="table 'models' is there already, with other keys"):
            await other.open([simple_definition("models", "name")])
        await other.close()

    asyncio.run(scenario())


@contextmanager
def endpoint(url: str) -> Iterator[str]:
    """Serve a store over HTTP, as the gateway's system page does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    store = TableStore(url)
    asyncio.run_coroutine_threadsafe(store.open(), loop).result()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            answer = asyncio.run_coroutine_threadsafe(store.answer(operation, body), loop).result()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
        asyncio.run_coroutine_threadsafe(store.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_boto3_itself_uses_it(tmp_path: Path) -> None:
    boto3 = import_module("boto3")
    conditions = import_module("boto3.dynamodb.conditions")
    with endpoint(sqlite_url(tmp_path / "tables.db")) as url:
        session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")
        resource = session.resource("dynamodb", endpoint_url=url)
        table = resource.create_table(
            TableName="models",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "version", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "version", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        table.wait_until_exists()
        with table.batch_writer() as batch:
            for version in range(30):
                batch.put_item(Item={"id": "digits", "version": version, "data": b"\x00\xff", "tags": {"a", "b"}})
        key = conditions.Key
        found = table.query(KeyConditionExpression=key("id").eq("digits") & key("version").gte(25))
        assert [int(item["version"]) for item in found["Items"]] == [25, 26, 27, 28, 29]
        assert bytes(found["Items"][0]["data"]) == b"\x00\xff"
        filtered = table.scan(
            FilterExpression=conditions.Attr("version").is_in([1, 2]) & ~conditions.Attr("x").exists()
        )
        assert filtered["Count"] == 2
        errors = resource.meta.client.exceptions
        with pytest.raises(errors.ConditionalCheckFailedException):
            table.put_item(Item={"id": "digits", "version": 1}, ConditionExpression=conditions.Attr("id").not_exists())
        with pytest.raises(errors.TransactionCanceledException) as cancelled:
            resource.meta.client.transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": "models",
                            "Item": {"id": "digits", "version": 1},
                            "ConditionExpression": "attribute_not_exists(id)",
                        }
                    }
                ]
            )
        assert cancelled.value.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"
        resource.meta.client.close()
    # restarted, it has what it had
    with endpoint(sqlite_url(tmp_path / "tables.db")) as url:
        client = session.client("dynamodb", endpoint_url=url)
        assert client.describe_table(TableName="models")["Table"]["ItemCount"] == 30
        client.close()
    assert json.dumps(read_all(sqlite_url(tmp_path / "tables.db")))
