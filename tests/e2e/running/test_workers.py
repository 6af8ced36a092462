"""Two workers in front of functions, tables, training and the control plane: one node to a client."""

import http.client
import json
import os
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

# botocore has no types.
AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

CALLER = ("AKIDOFTHEWORKERSTEST", "a-secret-of-the-workers-test")
MODELS_KEY = "da2-modelmanagementexample000"
LABELS_KEY = "da2-fivedoorsexamplekey000000"
OUTER = f"""
projects = ["appsync", "management"]
[identities.tester]
access_key = "{CALLER[0]}"
secret_key = "{CALLER[1]}"
policies = [{{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "sagemaker:*", Resource = "*" }}] }}]
"""
ADD = "mutation ($name: String!) { addModel(name: $name) { id name status } }"
GET = "query ($name: String!) { getModel(name: $name) { id name status } }"
TRAIN = "mutation ($name: String!) { startTraining(name: $name) { status } }"
JOB = "query ($name: String!) { trainingJob(name: $name) { status secondaryStatus } }"
RATINGS = "{ predictedRatings(user: 321, items: [101, 131]) }"


@pytest.fixture
def two(copied: Path) -> Path:
    """Give a project of the doors with functions and with tables, training and the control plane."""
    (copied / "inferway.toml").write_text(OUTER)
    return copied


def below(pid: int) -> dict[int, str]:
    """Give a process's descendants with what tells each from a later one of its number: the time it started at."""
    parents: dict[int, int] = {}
    started: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)], started[int(entry.name)] = int(fields[1]), fields[19]
    found: dict[int, str] = {}
    new = {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found |= {child: started[child] for child in new}
    return found


def still(processes: dict[int, str]) -> list[str]:
    """Give the command lines of those processes that run."""
    left = []
    for pid, started in processes.items():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if fields[19] == started and fields[0] != "Z":
                left.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return left


def workers(gateway: Any) -> list[int]:
    """Give the process numbers of the workers."""
    running = below(gateway.process.pid)
    return sorted(pid for pid in running if "inferway.app.workers" in " ".join(still({pid: running[pid]})))


class Line:
    """A kept-alive connection, and the worker that has its other end."""

    def __init__(self, gateway: Any) -> None:
        parts = urlsplit(gateway.url)
        self._url = gateway.url
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.send("GET", "/_inferway/health", {})
        port = self.connection.sock.getsockname()[1]
        inode = next(
            fields[9]
            for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
            if fields[1].endswith(f":{parts.port:04X}") and fields[2].endswith(f":{port:04X}")
        )
        self.worker = next(pid for pid in workers(gateway) if f"socket:[{inode}]" in open_files(pid))

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
        self.connection.request(method, path, body or None, headers)
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def graphql(self, api: str, key: str, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        _, text = self.send("POST", f"/{api}/graphql", {"x-api-key": key, "content-type": "application/json"}, body)
        return json.loads(text)

    def sagemaker(self, operation: str, secret: str = CALLER[1], **document: Any) -> tuple[int, Any]:
        path = "/_inferway/aws/sagemaker/"
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"SageMaker.{operation}"}
        asked = AWSRequest("POST", self._url + path, headers, json.dumps(document))
        AUTH.SigV4Auth(BotoCredentials(CALLER[0], secret), "sagemaker", "us-east-1").add_auth(asked)
        status, text = self.send("POST", path, dict(asked.headers.items()), json.dumps(document).encode())
        return status, json.loads(text)


def open_files(pid: int) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(file.readlink()))
        except OSError:
            continue
    return found


def lines(gateway: Any) -> list[Line]:
    """Give a connection to each of two workers."""
    by_worker: dict[int, Line] = {}
    for _ in range(64):
        line = Line(gateway)
        if by_worker.setdefault(line.worker, line) is not line:
            line.connection.close()
        if len(by_worker) == 2:
            return list(by_worker.values())
    raise AssertionError("all of 64 connections went to one worker")


@pytest.fixture
def node(start: Any, two: Path) -> Iterator[Any]:
    gateway = start(two, "--workers", "2")
    yield gateway
    running = below(gateway.process.pid)
    assert len(running) >= 4  # two workers, a model, functions' processes
    assert gateway.stop() == 0
    assert still(running) == []


def test_two_workers_are_one_node(node: Any) -> None:
    one, other = lines(node)
    assert one.worker != other.worker
    try:
        made = one.graphql("graphql-api", MODELS_KEY, ADD, name="first")["data"]["addModel"]
        assert other.graphql("graphql-api", MODELS_KEY, GET, name="first")["data"]["getModel"] == made
        again = other.graphql("graphql-api", MODELS_KEY, ADD, name="first")
        assert again["errors"][0]["errorType"] == "DynamoDB:ConditionalCheckFailedException"
        second = other.graphql("graphql-api", MODELS_KEY, ADD, name="second")["data"]["addModel"]
        assert one.graphql("graphql-api", MODELS_KEY, GET, name="second")["data"]["getModel"] == second

        ratings = [
            line.graphql("example-api", LABELS_KEY, RATINGS)["data"]["predictedRatings"] for line in (one, other)
        ]
        assert ratings[0] == ratings[1]
        assert len(ratings[0]) == 2

        for line in (one, other):  # the same signature holds wherever the request arrives
            assert line.sagemaker("ListModels")[0] == 200
            refused = line.sagemaker("ListModels", secret="not-the-secret")[1]
            assert refused["__type"] == "InvalidSignatureException"
        group = {"ModelPackageGroupName": "shared"}
        assert one.sagemaker("CreateModelPackageGroup", **group)[0] == 200
        assert other.sagemaker("DescribeModelPackageGroup", **group)[1]["ModelPackageGroupName"] == "shared"

        assert one.graphql("graphql-api", MODELS_KEY, TRAIN, name="job")["data"] == {
            "startTraining": {"status": "InProgress"}
        }
        deadline = time.monotonic() + 60
        while (job := other.graphql("graphql-api", MODELS_KEY, JOB, name="job")["data"]["trainingJob"])[
            "status"
        ] == "InProgress":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert job == {"status": "Completed", "secondaryStatus": "Completed"}
    finally:
        one.connection.close()
        other.connection.close()


def test_a_job_under_way_ends_with_the_node(node: Any) -> None:
    """The fixture says that nothing is left; here the job is in the middle of its work when the signal comes."""
    one, other = lines(node)
    before = set(below(node.process.pid))
    one.graphql("graphql-api", MODELS_KEY, TRAIN, name="cut-off")
    deadline = time.monotonic() + 20
    while not (new := set(below(node.process.pid)) - before):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert new
    one.connection.close()
    other.connection.close()


def test_a_worker_that_dies_is_replaced(node: Any) -> None:
    one, other = lines(node)
    one.graphql("graphql-api", MODELS_KEY, ADD, name="kept")
    one.connection.close()
    os.kill(one.worker, 9)
    other.connection.close()
    deadline = time.monotonic() + 30
    while len(set(workers(node)) - {one.worker}) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for line in lines_again(node, one.worker):
        assert line.graphql("graphql-api", MODELS_KEY, GET, name="kept")["data"]["getModel"]["name"] == "kept"
        assert line.sagemaker("ListModels")[0] == 200
        line.connection.close()


def lines_again(gateway: Any, gone: int) -> list[Line]:
    """Give a connection to each worker, once the new one serves."""
    deadline = time.monotonic() + 30
    while True:
        try:
            found = lines(gateway)
        except (AssertionError, OSError, http.client.HTTPException, StopIteration):
            assert time.monotonic() < deadline
            continue
        assert gone not in [line.worker for line in found]
        return found
