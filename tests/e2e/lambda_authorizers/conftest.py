"""A real `inferway run` of definitions with authorizers, whose functions are handlers as people write them."""

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
PATIENCE = 60.0

PYTHON = '''
import os, re, signal, time

calls = 0


class AuthPolicy:
    """Collects methods of an API that a principal may call or not, and writes the policy."""

    path = re.compile(r"^[/.a-zA-Z0-9-*]+$")

    def __init__(self, principal, account):
        self.principal = principal
        self.account = account
        self.region = self.rest_api = self.stage = "*"
        self.statements = {"Allow": [], "Deny": []}

    def add(self, effect, verb, resource):
        if not self.path.match(resource):
            raise NameError(f"Invalid resource path: {resource}")
        head = f"arn:aws:execute-api:{self.region}:{self.account}:{self.rest_api}"
        self.statements[effect].append(f"{head}/{self.stage}/{verb}/{resource.lstrip('/')}")

    def build(self):
        stated = [
            {"Action": "execute-api:Invoke", "Effect": effect, "Resource": arns}
            for effect, arns in self.statements.items() if arns
        ]
        if not stated:
            raise NameError("No statements defined for the policy")
        return {"principalId": self.principal, "policyDocument": {"Version": "2012-10-17", "Statement": stated}}


def handler(event, context):
    global calls
    calls += 1
    token = event["authorizationToken"]
    if token == "unauthorized":
        raise Exception("Unauthorized")
    if token == "boom":
        raise ValueError("no such user")
    if token == "stall":
        time.sleep(600)
    if token == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if token == "flood":
        return {"principalId": "x" * 5_900_000}
    if token == "over":
        return {"principalId": "x" * 7_000_000}
    if token == "text":
        return "Allow"
    if token == "many":
        statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
        return {"principalId": "many", "policyDocument": {"Version": "2012-10-17", "Statement": [statement] * 5000}}
    head, _, rest = event["methodArn"].partition("/")
    _, _, _, region, account, api = head.split(":")
    policy = AuthPolicy(f"user|{token}", account)
    policy.rest_api, policy.region, policy.stage = api, region, rest.split("/")[0]
    if token == "reader":
        policy.add("Allow", "GET", "/*")
    elif token == "denied":
        policy.add("Deny", "*", "*")
    else:
        policy.add("Allow", "*", "/*")
    made = policy.build()
    made["context"] = {"key": "value", "number": 1, "bool": True, "calls": calls}
    made["usageIdentifierKey"] = f"key-of-{token}-and-more-than-twenty"
    return made
'''

NODE = """
const generatePolicy = (principalId, effect, resource) => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
  },
  context: { stringKey: 'stringval', numberKey: 123, booleanKey: true },
});

exports.handler = async (event) => {
  const { headers, queryStringParameters, stageVariables } = event;
  if (queryStringParameters.name === 'boom') throw new Error('boom');
  if (queryStringParameters.name === 'nobody') throw new Error('Unauthorized');
  const known = headers['X-Auth'] === 'secret' && (stageVariables.tenant || 'none') !== 'closed';
  return generatePolicy('me', known ? 'Allow' : 'Deny', event.methodArn);
};
"""


class Answer(NamedTuple):
    status: int
    text: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Gateway:
    """A running gateway's first API."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the gateway did not start"
        self._base = json.loads(line)["apis"][0]["url"].removeprefix("http://").rstrip("/")

    def ask(self, path: str = "/", method: str = "GET", **headers: str) -> Answer:
        host, _, prefix = self._base.partition("/")
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        with closing(connection):
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, f"/{prefix}{path}", b"{}" if method == "POST" else None, given)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), response.headers.get("x-amzn-errortype", ""))


Serve = Callable[..., Gateway]


@pytest.fixture
def handlers() -> dict[str, str]:
    return {"python": PYTHON, "node": NODE}


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Give what writes files into a folder, runs the one named first, and gives the gateway."""
    running: list[subprocess.Popen[str]] = []

    def start(files: dict[str, str]) -> Gateway:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        command = [str(COMMAND), "run", str(tmp_path / next(iter(files))), "--port", "0", "--json"]
        with (tmp_path / "stderr").open("w") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=tmp_path)
        running.append(process)
        try:
            return Gateway(process)
        except AssertionError:
            process.wait(PATIENCE)
            raise AssertionError((tmp_path / "stderr").read_text("utf-8")) from None

    yield start
    for process in running:
        process.terminate()
        process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()
