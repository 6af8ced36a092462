"""Signing, against botocore's own signers."""

import datetime as dt
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from inferway.credentials.signing import Credentials, presign, sign, timestamp

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

CASES = [
    ("GET", "/prod/321", {}, {}, b""),
    ("GET", "/prod/a b/ü,;:@&=+$!*'()~", {"items": "101,131 162", "ü": "+/%"}, {}, b""),
    ("POST", "/", {}, {"Content-Type": "application/json", "X-Api-Key": "  a   b "}, b'{"a": 1}'),
    ("PUT", "/x//y/./z/../w/", {"b": "2", "a": "", "A": "1"}, {}, b"\x00\xff"),
]


@pytest.mark.parametrize(("method", "path", "query", "headers", "body"), CASES)
@pytest.mark.parametrize("token", ["", "a/session+token=="])
def test_a_signature_is_botocore_s(
    post: Any,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    query: dict[str, str],
    headers: dict[str, str],
    body: bytes,
    token: str,
) -> None:
    _stop_clock(monkeypatch, post.now)
    sent = quote(path, safe="/.~")
    asked = AWSRequest(method, f"https://api.example.com{sent}", params=query, headers=headers, data=body)
    keys = BotoCredentials(post.access_key, post.secret, token or None)
    AUTH.SigV4Auth(keys, "execute-api", "us-east-1").add_auth(asked)
    target = f"{sent}?{'&'.join(f'{quote(name)}={quote(value)}' for name, value in query.items())}"
    request = post.request(method, target, headers, body)
    credentials = Credentials(access_key=post.access_key, secret=post.secret, session_token=token)
    added = dict(sign(request, credentials, region="us-east-1", service="execute-api", now=post.now))
    assert added[b"authorization"].decode() == asked.headers["Authorization"]
    assert added[b"x-amz-date"].decode() == asked.headers["X-Amz-Date"]
    assert added.get(b"x-amz-security-token", b"").decode() == token


@pytest.mark.parametrize("token", ["", "a/session+token=="])
def test_a_presigned_query_is_botocore_s(post: Any, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    _stop_clock(monkeypatch, post.now)
    asked = AWSRequest("GET", "https://api.example.com/prod/321?items=1%2C2")
    keys = BotoCredentials(post.access_key, post.secret, token or None)
    AUTH.SigV4QueryAuth(keys, "execute-api", "us-east-1", expires=60).add_auth(asked)
    request = post.request(target="/prod/321?items=1,2")
    credentials = Credentials(access_key=post.access_key, secret=post.secret, session_token=token)
    made = presign(request, credentials, region="us-east-1", service="execute-api", now=post.now, expires=60)
    assert parse_qs(made) == parse_qs(asked.url.partition("?")[2])


def test_credentials_are_never_shown() -> None:
    assert "hidden" not in repr(Credentials(access_key="AKID", secret="hidden"))


def test_a_timestamp_is_in_utc(post: Any) -> None:
    assert timestamp(post.now) == "20150830T123600Z"


def _stop_clock(monkeypatch: pytest.MonkeyPatch, now: float) -> None:
    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    monkeypatch.setattr(AUTH, "get_current_datetime", lambda **_: moment.replace(tzinfo=None))
