"""Whatever a request claims, verification gives an identity or a fault; whatever a policy says, it is one or is not."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.credentials.policies import (
    Decision,
    PolicyError,
    decide,
    decide_for,
    narrowed,
    read_policy,
    read_resource_policy,
)
from inferway.credentials.principals import ANONYMOUS, Reach, caller_of
from inferway.credentials.signing import Credentials, sign
from inferway.credentials.verification import Verifier
from inferway.credentials.wildcard import compile_wildcard
from inferway.definition.identity import Identity
from inferway.exchange import Request
from inferway.faults import Fault

NOW = 1_440_938_160.0
ADA = Identity(name="ada", access_key="AKID", secret="secret", arn="arn:aws:iam::123456789012:user/ada")
VERIFIER = Verifier((ADA,), service="execute-api", region="us-east-1", clock=lambda: NOW)
CREDENTIALS = Credentials(access_key="AKID", secret="secret")

WORDS = st.sampled_from(
    [
        "AWS4-HMAC-SHA256", "Credential=", "AKID/20150830/us-east-1/execute-api/aws4_request", "SignedHeaders=", "host",
        ";x-amz-date", "Signature=", "0" * 64, ",", " ", "=", "/", "\t", "Bearer", "é", "X-Amz-Algorithm", "&", "%",
        "X-Amz-Expires=60", "X-Amz-Date=20150830T123600Z", "X-Amz-Signature=", "X-Amz-Credential=", "%2F", "+",
    ]
)  # fmt: skip
PIECES = st.lists(st.one_of(WORDS, st.text(st.characters(max_codepoint=255), max_size=6)), max_size=14).map("".join)
DATES = st.one_of(st.sampled_from(["20150830T123600Z", "Sun, 30 Aug 2015 12:36:00 GMT", "99999999T999999Z"]), PIECES)


@settings(max_examples=400, deadline=None)
@given(header=st.none() | PIECES, date=st.none() | DATES, plain=st.none() | DATES, query=PIECES, again=st.booleans())
def test_any_claim_is_a_fault(header: str | None, date: str | None, plain: str | None, query: str, again: bool) -> None:
    given_headers = {b"host": "api.example.com", b"authorization": header, b"x-amz-date": date, b"date": plain}
    headers = [(name, value.encode("latin-1")) for name, value in given_headers.items() if value is not None]
    headers += [pair for pair in headers if again and pair[0] == b"authorization"]
    found = VERIFIER.verify(Request(method="GET", path="/prod", query=query, headers=headers))
    assert isinstance(found, Fault)


PATHS = st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"), max_size=8)).map(
    lambda parts: "/" + "/".join(parts)
)
QUERIES = st.text(st.sampled_from("ab=&+%20,;/~._-"), max_size=20)


@settings(max_examples=300, deadline=None)
@given(path=PATHS, query=QUERIES, body=st.binary(max_size=20), flip=st.integers(0, 63))
def test_what_is_signed_verifies_and_no_other_signature_does(path: str, query: str, body: bytes, flip: int) -> None:
    request = Request(method="POST", path=path, query=query, headers=[(b"host", b"api:8080")], body=body)
    added = sign(request, CREDENTIALS, region="us-east-1", service="execute-api", now=NOW)
    request.headers = request.headers + added
    assert VERIFIER.verify(request) == ADA
    name, text = added[-1]
    at = len(text) - 64 + flip
    wrong = text[:at] + (b"0" if text[at : at + 1] != b"0" else b"1") + text[at + 1 :]
    request.headers = [*request.headers[:-1], (name, wrong)]
    assert isinstance(VERIFIER.verify(request), Fault)


CHANGES = st.sampled_from(
    [
        ("path", "/prod"),
        ("path", "/other"),
        ("query", "b=1&a=2"),
        ("query", "a=2&b=1"),
        ("query", "a=1"),
        ("method", "POST"),
        ("body", b"x"),
        ("x-extra", b"a  b"),
        ("x-extra", b"a b"),
        ("x-extra", b"a\xa0b"),
        ("x-more", b"1"),
        ("host", b"api"),
        ("x-amz-date", b"20150830T123601Z"),
        ("x-amz-date", b"20150829T123600Z"),
        ("x-amz-security-token", b"t"),
        ("again", b""),
    ]
)


@settings(max_examples=400, deadline=None)
@given(changes=st.lists(CHANGES, max_size=3), port=st.booleans())
def test_a_known_signer_is_held_to_what_an_unknown_one_is(changes: list[tuple[str, Any]], port: bool) -> None:
    host = b"api:8080" if port else b"api"
    request = Request(method="GET", path="/prod", query="b=1&a=2", headers=[(b"host", host), (b"x-extra", b"a b")])
    request.headers = request.headers + sign(request, CREDENTIALS, region="us-east-1", service="execute-api", now=NOW)
    knowing = Verifier((ADA,), service="execute-api", region="us-east-1", clock=lambda: NOW)
    assert knowing.verify(request) == ADA
    for name, value in changes:
        if name in ("path", "query", "method", "body"):
            setattr(request, name, value)
        elif name == "again":
            request.headers = [*request.headers, (b"x-extra", b"a b")]
        else:
            request.headers = [pair for pair in request.headers if pair[0] != name.encode()] + [(name.encode(), value)]
    fresh = Verifier((ADA,), service="execute-api", region="us-east-1", clock=lambda: NOW)
    assert knowing.verify(request) == fresh.verify(request)


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATTERNS = st.sampled_from(
    ["*", "execute-api:*", "execute-api:Invoke", "s3:?et*", "arn:aws:*", "${aws:username}", "${", ""]
)
CONDITIONS = st.dictionaries(
    st.sampled_from(["StringEquals", "IpAddress", "DateLessThan", "NumericLessThan", "Bool", "Null", "ArnLike", "Odd"]),
    st.dictionaries(st.sampled_from(["aws:username", "aws:SourceIp", "aws:none"]), VALUES, max_size=2),
    max_size=2,
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Action": PATTERNS | VALUES,
        "NotAction": PATTERNS,
        "Resource": PATTERNS | st.lists(PATTERNS, max_size=2),
        "NotResource": PATTERNS,
        "Condition": CONDITIONS | VALUES,
    },
)
CONTEXT = {"aws:username": ("ada",), "aws:sourceip": ("192.0.2.7",)}


@settings(max_examples=400, deadline=None)
@given(statements=st.lists(STATEMENTS, max_size=3) | VALUES, version=st.sampled_from(["2012-10-17", "2008-10-17"]))
def test_any_document_is_a_policy_or_is_refused(statements: object, version: str) -> None:
    try:
        policy = read_policy(json.dumps({"Version": version, "Statement": statements}))
    except PolicyError:
        return
    decision = decide((policy,), "execute-api:Invoke", "arn:aws:execute-api:us-east-1:1:api/prod/GET/x", CONTEXT)
    allows = isinstance(statements, list | dict) and '"Allow"' in json.dumps(statements)
    assert decision in Decision
    assert allows or decision is not Decision.ALLOW


PRINCIPALS = st.sampled_from(["*", {"AWS": "*"}, {"AWS": ADA.arn}, {"AWS": "123456789012"}, {"Service": "x"}, {}, "x"])
OF_RESOURCES = st.builds(
    lambda made, name, principals: {**made, name: principals},
    STATEMENTS,
    st.sampled_from(["Principal", "NotPrincipal", "Sid"]),
    PRINCIPALS | VALUES,
)


@settings(max_examples=400, deadline=None)
@given(statements=st.lists(OF_RESOURCES, max_size=3) | VALUES, named=st.booleans())
def test_any_document_is_a_resource_s_policy_or_is_refused(statements: object, named: bool) -> None:
    base, action = "arn:aws:execute-api:us-east-1:1:api", "execute-api:Invoke"
    try:
        policy = read_resource_policy(json.dumps({"Version": "2012-10-17", "Statement": statements}), base)
    except PolicyError:
        return
    caller, resource = caller_of(ADA) if named else ANONYMOUS, f"{base}/prod/GET/x"
    decision, reach = decide_for(caller, policy, action, resource, CONTEXT)
    assert (reach is Reach.NONE) == (decision is Decision.IMPLICIT_DENY)
    (narrow,) = narrowed((policy,), action)
    assert decide_for(caller, narrow, action, resource, CONTEXT) == (decision, reach)


@settings(max_examples=300, deadline=None)
@given(pattern=st.text(st.sampled_from("ab*?."), max_size=8), text=st.text(st.sampled_from("ab."), max_size=8))
def test_a_wildcard_matches_as_one_that_tries_everything(pattern: str, text: str) -> None:
    assert compile_wildcard(pattern)(text) is _matches(pattern, text)


def _matches(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _matches(pattern[1:], text) or (bool(text) and _matches(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and _matches(pattern[1:], text[1:])
