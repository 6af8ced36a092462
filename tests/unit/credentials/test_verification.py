"""Verification: what is accepted, and each way to be refused."""

import datetime as dt
import socket
import subprocess
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from inferway.credentials.canonical import canonical_request, header_values, payload_digest
from inferway.credentials.scope import Scope, signature, string_to_sign
from inferway.credentials.signing import Credentials, presign, sign
from inferway.exchange import Request
from inferway.faults import Fault, FaultKind

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials


def signed(post: Any, request: Request, token: str = "", **settings: Any) -> Request:
    given = {"region": "us-east-1", "service": "execute-api", "now": post.now, **settings}
    credentials = Credentials(access_key=post.access_key, secret=post.secret, session_token=token)
    made: Request = post.with_headers(request, sign(request, credentials, **given))
    return made


def presigned(post: Any, request: Request, token: str = "", **settings: Any) -> Request:
    given = {"region": "us-east-1", "service": "execute-api", "now": post.now, **settings}
    credentials = Credentials(access_key=post.access_key, secret=post.secret, session_token=token)
    made: Request = post.with_headers(request, [], query=presign(request, credentials, **given))
    return made


def kind(found: object) -> FaultKind | None:
    return found.kind if isinstance(found, Fault) else None


@pytest.mark.parametrize(
    "target", ["/prod/321", "/prod/a%20b?b=2&a=1&a=0", "/prod/x?items=101,131,162&", "/prod/x?q=a+b"]
)
@pytest.mark.parametrize("make", [signed, presigned])
def test_a_signed_request_is_its_signer_s(post: Any, target: str, make: Callable[..., Request]) -> None:
    assert post.verifier().verify(make(post, post.request(target=target))) == post.identity()


def test_a_body_is_signed(post: Any) -> None:
    request = signed(post, post.request("POST", "/prod", {"Content-Type": "application/json"}, b'{"a":1}'))
    assert post.verifier().verify(request) == post.identity()
    changed = post.with_headers(request, [], body=b'{"a":2}')
    assert kind(post.verifier().verify(changed)) is FaultKind.INVALID_SIGNATURE


@pytest.mark.parametrize("make", [signed, presigned])
def test_temporary_credentials_send_their_token(post: Any, make: Callable[..., Request]) -> None:
    temporary = post.identity(session_token="a+token/==")
    assert post.verifier(temporary).verify(make(post, post.request(), "a+token/==")) == temporary
    for token in ("", "another"):
        found = post.verifier(temporary).verify(make(post, post.request(), token))
        assert kind(found) is FaultKind.UNKNOWN_CREDENTIALS
    found = post.verifier().verify(make(post, post.request(), "a+token/=="))
    assert kind(found) is FaultKind.UNKNOWN_CREDENTIALS


def test_the_one_of_several_identities_is_told(post: Any) -> None:
    other = post.identity(name="eve", access_key="AKIDOTHER", secret="another", arn="arn:aws:iam::1:user/eve")
    assert post.verifier(other, post.identity()).verify(signed(post, post.request())) == post.identity()


def test_the_secret_counts(post: Any) -> None:
    found = post.verifier(post.identity(secret="another")).verify(signed(post, post.request()))
    assert kind(found) is FaultKind.INVALID_SIGNATURE


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"path": "/prod/322"},
        {"path": "/prod/%3321"},
        {"query": "a=1"},
        {"body": b"x"},
        {"headers": {"Host": "other.example.com"}},
        {"headers": {"X-Extra": "2"}},
        {"headers": {"X-Amz-Date": "20150830T123601Z"}},
    ],
)
def test_whatever_was_signed_cannot_be_changed(post: Any, change: dict[str, Any]) -> None:
    request = signed(post, post.request(headers={"X-Extra": "1"}))
    headers = [(name.lower().encode(), value.encode()) for name, value in change.pop("headers", {}).items()]
    assert kind(post.verifier().verify(post.with_headers(request, headers, **change))) is FaultKind.INVALID_SIGNATURE


def test_a_signed_header_cannot_be_left_out(post: Any) -> None:
    request = signed(post, post.request(headers={"X-Extra": ""}))
    kept = [pair for pair in request.headers if pair[0] != b"x-extra"]
    changed = Request(method="GET", path=request.path, headers=kept)
    assert kind(post.verifier().verify(changed)) is FaultKind.INVALID_SIGNATURE


def test_a_header_that_is_not_there_cannot_have_been_signed(post: Any) -> None:
    request = post.request(headers={"X-Amz-Date": "20150830T123600Z"})
    names, scope = ("host", "x-amz-date", "x-none"), Scope(day="20150830", region="us-east-1", service="execute-api")
    canonical = canonical_request(request, "", header_values(request), names, payload_digest(b""))
    made = signature(post.secret, scope, string_to_sign("20150830T123600Z", scope, canonical))
    parts = f"Credential={post.access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={made}"
    request.headers.append((b"authorization", f"AWS4-HMAC-SHA256 {parts}".encode()))
    assert kind(post.verifier().verify(request)) is FaultKind.INVALID_SIGNATURE


@pytest.mark.parametrize(
    ("query", "other"),
    [("a=1%2B2", "a=1+2"), ("a=1+2", "a=1%2B2"), ("a=%2520", "a=%20"), ("a=%20", "a=%2520"), ("a=1&b=2", "a=1%26b=2")],
)
@pytest.mark.parametrize("make", [signed, presigned])
def test_no_other_query_has_the_same_signature(post: Any, query: str, other: str, make: Callable[..., Request]) -> None:
    request = make(post, post.request(target=f"/prod?{query}"))
    assert not isinstance(post.verifier().verify(request), Fault)
    if make is presigned:
        encoded = sorted(part for part in request.query.split("&") if not part.startswith("X-Amz-"))
        for part in encoded:
            request = post.with_headers(request, [], query=request.query.replace(f"{part}&", "", 1))
        other = f"{other}&{request.query}"
    changed = post.with_headers(request, [], query=other)
    assert kind(post.verifier().verify(changed)) is FaultKind.INVALID_SIGNATURE


def test_botocore_s_signature_of_a_url_holds(post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = dt.datetime.fromtimestamp(post.now, dt.UTC).replace(tzinfo=None)
    monkeypatch.setattr(AUTH, "get_current_datetime", lambda **_: moment)
    asked = AWSRequest("GET", "http://localhost:8080/prod/321?items=101,131&a=1")
    AUTH.SigV4Auth(BotoCredentials(post.access_key, post.secret), "execute-api", "us-east-1").add_auth(asked)
    headers = {"Host": "localhost:8080", **dict(asked.headers.items())}
    request = post.request(target="/prod/321?items=101,131&a=1", headers=headers)
    assert post.verifier().verify(request) == post.identity()


class TestTime:
    @pytest.mark.parametrize("late", [-300, -1, 0, 1, 300])
    def test_five_minutes_either_way_hold(self, post: Any, late: int) -> None:
        found = post.verifier(now=post.now + late).verify(signed(post, post.request()))
        assert found == post.identity()

    def test_a_replay_after_five_minutes_has_expired(self, post: Any) -> None:
        found = post.verifier(now=post.now + 301).verify(signed(post, post.request()))
        assert kind(found) is FaultKind.EXPIRED_SIGNATURE
        expected = (
            "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
        )
        assert found.message == expected

    def test_a_signature_of_the_future_is_not_yet_current(self, post: Any) -> None:
        found = post.verifier(now=post.now - 301).verify(signed(post, post.request()))
        assert kind(found) is FaultKind.EXPIRED_SIGNATURE
        assert found.message.startswith("Signature not yet current: 20150830T123600Z is still later than ")

    @pytest.mark.parametrize(("late", "holds"), [(0, True), (60, True), (61, False), (-300, True), (-301, False)])
    def test_a_presigned_query_holds_as_long_as_it_says(self, post: Any, late: int, holds: bool) -> None:
        found = post.verifier(now=post.now + late).verify(presigned(post, post.request(), expires=60))
        assert kind(found) is (None if holds else FaultKind.EXPIRED_SIGNATURE)

    @pytest.mark.parametrize("expires", ["0", "-1", "604801", "1e3", "٣", "9" * 5000, ""])
    def test_a_presigned_query_holds_for_a_week_at_most(self, post: Any, expires: str) -> None:
        request = presigned(post, post.request())
        query = request.query.replace("X-Amz-Expires=300", f"X-Amz-Expires={expires}")
        changed = post.with_headers(request, [], query=query)
        assert kind(post.verifier().verify(changed)) is FaultKind.INCOMPLETE_SIGNATURE

    def test_the_scope_is_of_the_same_day(self, post: Any) -> None:
        request = signed(post, post.request())
        text = dict(request.headers)[b"authorization"].replace(b"/20150830/", b"/20150829/")
        found = post.verifier().verify(post.with_headers(request, [(b"authorization", text)]))
        assert found == Fault(
            kind=FaultKind.INVALID_SIGNATURE,
            message="Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            "'20150829' != '20150830', from '20150830T123600Z'.",
        )

    def test_the_date_header_may_tell_the_time(self, post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        moment = dt.datetime.fromtimestamp(post.now, dt.UTC).replace(tzinfo=None)
        monkeypatch.setattr(AUTH, "get_current_datetime", lambda **_: moment)
        asked = AWSRequest("GET", "https://api.example.com/prod/321", headers={"Date": "x"})
        signer = AUTH.SigV4Auth(BotoCredentials(post.access_key, post.secret), "execute-api", "us-east-1")
        signer.add_auth(asked)
        assert "X-Amz-Date" not in asked.headers
        assert post.verifier().verify(post.request(headers=dict(asked.headers.items()))) == post.identity()


class TestScope:
    def test_another_region_is_refused(self, post: Any) -> None:
        found = post.verifier().verify(signed(post, post.request(), region="ap-northeast-1"))
        message = "Credential should be scoped to a valid region, not 'ap-northeast-1'. "
        assert found == Fault(kind=FaultKind.INVALID_SIGNATURE, message=message)

    def test_any_region_holds_where_none_is_asked_for(self, post: Any) -> None:
        found = post.verifier(region="").verify(signed(post, post.request(), region="ap-northeast-1"))
        assert found == post.identity()

    def test_another_service_is_refused(self, post: Any) -> None:
        found = post.verifier().verify(signed(post, post.request(), service="appsync"))
        message = "Credential should be scoped to correct service: 'execute-api'. "
        assert found == Fault(kind=FaultKind.INVALID_SIGNATURE, message=message)


def test_an_unsigned_request_has_no_credentials(post: Any) -> None:
    assert post.verifier().verify(post.request()) == Fault(kind=FaultKind.MISSING_CREDENTIALS)


def test_an_unknown_access_key_is_not_told_from_a_wrong_token(post: Any) -> None:
    stranger = post.identity(access_key="AKIDOTHER")
    found = post.verifier(stranger).verify(signed(post, post.request()))
    assert found == Fault(kind=FaultKind.UNKNOWN_CREDENTIALS)


def test_a_mismatch_shows_what_should_have_been_signed(post: Any) -> None:
    """The text is the one that users of the service published (for example mhart/aws4, issue 110)."""
    request = signed(post, post.request(target="/prod/321?b=2&a=1"))
    changed = post.with_headers(request, [], body=b"x")
    found = post.verifier().verify(changed)
    assert isinstance(found, Fault)
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    canonical = (
        "GET\n/prod/321\na=1&b=2\nhost:api.example.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" + digest
    )
    assert found.message.startswith(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this "
        f"request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n"
        "20150830T123600Z\n20150830/us-east-1/execute-api/aws4_request\n"
    )
    assert found.message.endswith("'\n")
    assert post.secret not in found.message


def test_a_given_digest_does_not_stand_for_the_body(post: Any) -> None:
    for given in (b"UNSIGNED-PAYLOAD", b"0" * 64):
        request = post.request("POST", "/prod", {"X-Amz-Content-Sha256": given.decode()}, b"a body")
        credentials = BotoCredentials(post.access_key, post.secret)
        asked = AWSRequest(
            "POST",
            "https://api.example.com/prod",
            headers={"Host": "api.example.com", "X-Amz-Content-SHA256": given.decode()},
            data=b"another body",
        )
        AUTH.SigV4Auth(credentials, "execute-api", "us-east-1").add_auth(asked)
        pairs = [(name.lower().encode(), value.encode()) for name, value in asked.headers.items()]
        found = post.verifier(now=_moment(asked)).verify(post.with_headers(request, pairs))
        assert kind(found) is FaultKind.INVALID_SIGNATURE


def _moment(asked: Any) -> float:
    text = asked.headers["X-Amz-Date"]
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC).timestamp()


class TestCurl:
    """Requests that curl 7.88 signed, kept: its host has no port, its query is as sent."""

    def test_kept_requests(self, post: Any) -> None:
        # curl -s --aws-sigv4 aws:amz:us-east-1:execute-api --user AKIDEXAMPLE:SECRET URL
        identity = post.identity(secret="SECRET")
        for target, date, names, made in (
            (
                "/prod/321?items=101,131,162&",
                "20261121T082413Z",
                "host;x-amz-date",
                "bc711ba19ead60867c13b8257e1b5d71e0dbaea43eea89c6bf3a9435f2f79eab",
            ),
        ):
            text = (
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4_request, "
                f"SignedHeaders={names}, Signature={made}"
            )
            headers = {"Host": "127.0.0.1:46429", "Authorization": text, "X-Amz-Date": date}
            request = post.request(target=target, headers=headers)
            assert post.verifier(identity, now=1_795_249_453.0).verify(request) == identity

    def test_the_curl_of_this_machine(self, post: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            url = f"http://127.0.0.1:{port}/prod/321?items=101,131,162"
            command = ["curl", "-s", "--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user"]
            with subprocess.Popen(
                [*command, f"{post.access_key}:{post.secret}", "--max-time", "20", url], stdout=subprocess.DEVNULL
            ) as curl:
                connection, _ = server.accept()
                with connection:
                    head = connection.recv(65536).decode()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                curl.wait()
        lines = head.split("\r\n")
        pairs = [line.split(": ", 1) for line in lines[1:] if line]
        request = post.request(target=lines[0].split(" ")[1], headers=dict(pairs))
        assert post.verifier(now=time.time()).verify(request) == post.identity()
