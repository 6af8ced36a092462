"""What a request claims, and the words for what is wrong with it."""

from typing import Any

import pytest

from inferway.credentials.claim import Claim, read_claim
from inferway.credentials.scope import Scope
from inferway.faults import Fault, FaultKind

CREDENTIAL = "AKID/20150830/us-east-1/execute-api/aws4_request"
HEADER = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=abc"
DATE = "20150830T123600Z"
QUERY = (
    "a=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20150830%2Fus-east-1%2Fexecute-api%2Faws4_request"
    f"&X-Amz-Date={DATE}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=abc"
)


def claimed(post: Any, header: str = HEADER, date: str = DATE) -> Claim | Fault:
    return read_claim(post.request(headers={"Authorization": header, "X-Amz-Date": date}))


def asked(post: Any, query: str) -> Claim | Fault:
    return read_claim(post.request(target=f"/prod?{query}"))


def refused(found: Claim | Fault, kind: FaultKind, said: str) -> bool:
    return isinstance(found, Fault) and found.kind is kind and said in found.message


@pytest.mark.parametrize("separator", [", ", ",", " ", ",\t "])
def test_a_header_s_claim(post: Any, separator: str) -> None:
    assert claimed(post, HEADER.replace(", ", separator)) == Claim(
        access_key="AKID",
        scope=Scope(day="20150830", region="us-east-1", service="execute-api"),
        time=DATE,
        moment=post.now,
        signed=("host", "x-amz-date"),
        signature="abc",
        token="",
        query="",
        expires=None,
    )


def test_a_query_s_claim(post: Any) -> None:
    found = asked(post, f"{QUERY}&X-Amz-Security-Token=to%2Bken")
    assert isinstance(found, Claim)
    assert (found.access_key, found.time, found.signed, found.signature) == ("AKID", DATE, ("host",), "abc")
    assert (found.token, found.expires) == ("to+ken", 60)
    assert found.query == f"{QUERY}&X-Amz-Security-Token=to%2Bken".replace("&X-Amz-Signature=abc", "")


def test_a_header_goes_before_a_query(post: Any) -> None:
    request = post.request(target=f"/prod?{QUERY}", headers={"Authorization": "Bearer x=y"})
    assert refused(read_claim(request), FaultKind.INCOMPLETE_SIGNATURE, "requires 'Credential' parameter")


def test_names_of_signed_headers_are_put_in_order(post: Any) -> None:
    found = claimed(post, HEADER.replace("host;x-amz-date", "X-Amz-Date;host;Host"))
    assert isinstance(found, Claim)
    assert found.signed == ("host", "x-amz-date")


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("Signature=abc", "", FaultKind.INCOMPLETE_SIGNATURE, "requires 'Signature' parameter. (Hashed"),
        ("Signature=abc", "Signature=", FaultKind.INCOMPLETE_SIGNATURE, "requires 'Signature' parameter. (Hashed"),
        ("Signature=abc", "Signature=a, Signature=b", FaultKind.INCOMPLETE_SIGNATURE, "more than once"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", FaultKind.INCOMPLETE_SIGNATURE, "'AWS4-HMAC-SHA1'"),
        ("AKID/", "", FaultKind.INCOMPLETE_SIGNATURE, "exactly 5 slash-delimited elements"),
        ("AKID/", "AK/ID/", FaultKind.INCOMPLETE_SIGNATURE, "got 'AK/ID/20150830"),
        ("aws4_request", "aws5", FaultKind.INVALID_SIGNATURE, "valid terminator: 'aws4_request', not 'aws5'"),
        ("host;", "", FaultKind.INVALID_SIGNATURE, "'Host' or ':authority' must be a 'SignedHeader'"),
        ("/20150830/", "/20150829/", FaultKind.INVALID_SIGNATURE, "'20150829' != '20150830'"),
        ("Credential=", "Credential= ", FaultKind.INCOMPLETE_SIGNATURE, "missing equal-sign"),
    ],
)
def test_a_header_that_cannot_hold(post: Any, old: str, new: str, kind: FaultKind, said: str) -> None:
    assert refused(claimed(post, HEADER.replace(old, new, 1)), kind, said)


@pytest.mark.parametrize(
    "date", ["", "2015-08-30T12:36:00Z", "20150230T123600Z", "20150830T250000Z", "2015083xT123600Z"]
)
def test_a_date_in_another_form(post: Any, date: str) -> None:
    request = post.request(headers={"Authorization": HEADER})
    request.headers.append((b"x-amz-date", date.encode()))
    said = "existence of either" if not date else "Date must be in ISO-8601 'basic format'"
    assert refused(read_claim(request), FaultKind.INCOMPLETE_SIGNATURE, said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("X-Amz-Signature=abc", "", "must include 'X-Amz-Signature'. Re-examine"),
        ("X-Amz-Date=", "x-amz-date=", "must include 'X-Amz-Date'. Re-examine"),
        ("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "", "must include 'X-Amz-Algorithm'. Re-examine"),
        ("a=1", "X-Amz-Date=20150830T123600Z", "'X-Amz-Date' must not be sent more than once"),
        ("AWS4-HMAC-SHA256", "AWS4", "'AWS4'"),
        ("Expires=60", "Expires=0", "1 to 604800"),
    ],
)
def test_a_query_that_cannot_hold(post: Any, old: str, new: str, said: str) -> None:
    assert refused(asked(post, QUERY.replace(old, new, 1)), FaultKind.INCOMPLETE_SIGNATURE, said)


def test_other_arguments_are_no_claim(post: Any) -> None:
    assert asked(post, "My-X-Amz-Signature=1&x-amz-algorithm=2") == Fault(kind=FaultKind.MISSING_CREDENTIALS)


def test_a_header_sent_twice_is_no_claim(post: Any) -> None:
    request = post.request(headers={"Authorization": HEADER, "X-Amz-Date": DATE})
    request.headers.append((b"authorization", HEADER.encode()))
    assert refused(read_claim(request), FaultKind.INCOMPLETE_SIGNATURE, "more than once")
