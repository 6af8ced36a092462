"""What an authorizer's function says: bad results, and how little they cost."""

import json
from typing import Any

import pytest

from inferway.caller import Authorized
from inferway.credentials.policies import read_policy
from inferway.dialects.apigateway.authorizer_result import LARGEST_POLICY, compile_authorizer_result
from inferway.exchange import Exchange, Reply, Request
from inferway.faults import Fault, FaultKind

ALLOW = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}


def read(body: bytes | Any, status: int = 200, error: str | None = None) -> Authorized | Fault:
    given = body if isinstance(body, bytes) else json.dumps(body).encode()
    exchange = Exchange(request=Request(method="GET", path="/"), parameters={}, route="GET /", id="i", started=0.0)
    exchange.reply = Reply(status=status, headers=[], body=given, error=error)
    made = compile_authorizer_result("")(exchange)
    assert isinstance(made, Authorized | Fault)
    return made


def result(*statements: Any, **members: Any) -> dict[str, Any]:
    return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": list(statements)}, **members}


def test_scalars_are_texts() -> None:
    """Documented: numbers and truth values of the context are texts; that a principal may be a number is assumed."""
    context = {"n": 1, "large": 12345678901234567890, "half": 0.50, "t": True, "f": False, "s": "ü\n", "z": None}
    made = read(result(ALLOW, principalId=7, context=context, usageIdentifierKey=12))
    assert isinstance(made, Authorized)
    assert (made.principal, made.usage_key) == ("7", "12")
    assert made.context == {
        "n": "1",
        "large": "12345678901234567890",
        "half": "0.5",
        "t": "true",
        "f": "false",
        "s": "ü\n",
    }


def test_one_statement_needs_no_list() -> None:
    """IAM JSON policy elements: Statement is one or a list; so are Action and Resource."""
    made = read({"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": ALLOW}})
    assert isinstance(made, Authorized)
    assert made.policies is not None
    assert len(read_policy(made.policies[0]).statements) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 6_000_000,
        b'"' + b"x" * 6_000_000 + b'"',
        b"[" * 1_000_000,
        b'{"a":' * 100_000,
        b'{"policyDocument":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [' + b"[" * 50_000,
        b"\xff\xfe\x00",
        b'{"principalId": "\\ud800", "policyDocument": {}}',
        json.dumps(result(*[ALLOW] * 5_000)).encode(),
        json.dumps(result(ALLOW, context=[["a", "b"]])).encode(),
        json.dumps(result(ALLOW, context={"a": []})).encode(),
        json.dumps(result({**ALLOW, "Condition": {"StringLike": 7}})).encode(),
        json.dumps(result({**ALLOW, "Effect": "allow"})).encode(),
        json.dumps(result({**ALLOW, "Resource": 7})).encode(),
        json.dumps(result(None)).encode(),
        json.dumps(result("Allow")).encode(),
    ],
    ids=range(16),
)
def test_what_is_no_result_is_a_fault(body: bytes) -> None:
    made = read(body)
    assert isinstance(made, Fault)
    assert made.kind is FaultKind.AUTHORIZER_MISCONFIGURED
    assert len(made.cause) < 2_000


def test_a_policy_may_be_large_but_not_without_end() -> None:
    """Assumed: every call asks the policy anew; no bound of the service's is published."""
    size = len(json.dumps(ALLOW)) + 2
    most = (LARGEST_POLICY - 100) // size
    assert isinstance(read(result(*[ALLOW] * most)), Authorized)
    assert isinstance(read(result(*[ALLOW] * (most + 10))), Fault)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (200, "Unauthorized", FaultKind.UNAUTHORIZED),
        (200, " Unauthorized", FaultKind.AUTHORIZER_FAILED),
        (200, "", FaultKind.AUTHORIZER_FAILED),
        (429, None, FaultKind.AUTHORIZER_FAILED),
        (404, None, FaultKind.AUTHORIZER_FAILED),
    ],
)
def test_a_function_that_failed(status: int, error: str | None, kind: FaultKind) -> None:
    made = read(result(ALLOW), status, error)
    assert isinstance(made, Fault)
    assert made.kind is kind


def test_who_allows_nobody_needs_no_name() -> None:
    deny = {**ALLOW, "Effect": "Deny"}
    assert isinstance(read(result(deny, principalId=None)), Authorized)
    assert isinstance(read(result(deny, ALLOW, principalId=None)), Fault)
