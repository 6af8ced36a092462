"""Canonical requests, against the vendor's published test suite for Signature Version 4.

The suite ("aws-sig-v4-test-suite", AWS General Reference) signs for the service `service` in us-east-1 at
2015-08-30T12:36:00Z; each expected signature is the suite's own.
"""

import pytest

from inferway.credentials.canonical import (
    canonical_path,
    canonical_query,
    canonical_request,
    header_values,
    payload_digest,
    query_pairs,
)
from inferway.credentials.scope import Scope, signature, string_to_sign
from inferway.exchange import Request

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FORM = ("content-type", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("target", "headers", "expected"),
    [
        ("GET /", (), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST /", (), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            "GET /?Param2=value2&Param1=value1",
            (),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "GET /?Param1=value2&Param1=Value1",
            (),
            "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
        ),
        (
            "GET /",
            (("my-header1", " value1"), ("my-header2", ' "a   b   c"')),
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        (
            "GET /",
            (("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")),
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
        ),
        (
            "GET /",
            tuple(("my-header1", f"value{number}") for number in (4, 1, 3, 2)),
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
        ),
        ("GET /ሴ", (), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        (f"GET /{UNRESERVED}", (), "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        ("GET /example1/example2/../..", (), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET //example//", (), "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        ("GET /example space/", (), "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ],
)
def test_the_vendor_s_test_suite(target: str, headers: tuple[tuple[str, str], ...], expected: str) -> None:
    assert _sign(target, headers, b"") == expected


def test_the_vendor_s_test_suite_with_a_body() -> None:
    signed = _sign("POST /", (FORM,), b"Param1=value1")
    assert signed == "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"


def _sign(target: str, headers: tuple[tuple[str, str], ...], body: bytes) -> str:
    method, _, rest = target.partition(" ")
    path, _, query = rest.partition("?")
    sent = [("host", "example.amazonaws.com"), *headers, ("x-amz-date", "20150830T123600Z")]
    pairs = [(name.encode(), value.encode()) for name, value in sent]
    request = Request(method=method, path=path.encode().decode("latin-1"), query=query, headers=pairs, body=body)
    values = header_values(request)
    canonical = canonical_request(
        request, canonical_query(query_pairs(query)), values, sorted(values), payload_digest(body)
    )
    scope = Scope(day="20150830", region="us-east-1", service="service")
    return signature(SECRET, scope, string_to_sign("20150830T123600Z", scope, canonical))


def test_the_guide_s_example() -> None:
    """IAM User Guide, "Create a signed AWS API request" (its ListUsers example)."""
    scope = Scope(day="20150830", region="us-east-1", service="iam")
    text = (
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
    )
    expected = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    assert signature(SECRET, scope, text) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("", "/"),
        ("/", "/"),
        ("/a%20b", "/a%2520b"),
        ("/a/./b/../c", "/a/c"),
        ("/a/b/..", "/a"),
        ("/a/.", "/a"),
        ("/a/../", "/"),
        ("//a///b//", "/a/b/"),
        ("/a/..b/...", "/a/..b/..."),
        ("/../..", "/"),
        ("/a,b:c", "/a%2Cb%3Ac"),
    ],
)
def test_a_path_is_normalised_and_encoded_once_more(sent: str, expected: str) -> None:
    assert canonical_path(sent) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("b=2&a=1&", "a=1&b=2"),
        ("items=101,131", "items=101%2C131"),
        ("items=101%2c131", "items=101%2C131"),
        ("q=a+b", "q=a%20b"),
        ("q=a%2Bb", "q=a%2Bb"),
        ("flag", "flag="),
        ("a=x=y", "a=x%3Dy"),
        ("q.parser=x&q=y", "q=y&q.parser=x"),
        ("a=%zz", "a=%25zz"),
        ("&&", ""),
    ],
)
def test_a_query_is_decoded_encoded_and_sorted(sent: str, expected: str) -> None:
    assert canonical_query(query_pairs(sent)) == expected
