"""The compact form of a signed token, read strictly (RFC 7515)."""

import base64
import json
from typing import Any

import pytest

from inferway.credentials.tokens.compact import (
    LONGEST,
    MalformedTokenError,
    decode,
    read_compact,
    read_header,
    read_object,
)


def encoded(value: object) -> bytes:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def test_the_example_of_rfc_7515_is_read() -> None:
    # RFC 7515, appendix A.1.1: the header, and the claims with their line ends as they stand there.
    header = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    payload = b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    signature = b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    compact = read_compact(b".".join((header, payload, signature)))
    assert compact.signed == header + b"." + payload
    assert read_object(compact.payload) == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    assert (len(compact.signature), compact.signature[:4]) == (32, bytes([116, 24, 223, 180]))


@pytest.mark.parametrize(
    "token", [b"", b"a", b"a.b", b"YQ.YQ.YQ.YQ.YQ", b"YQ.YQ.YQ.YQ", b"..", b"YQ.Y=.YQ", b"YQ.YQ.\xff"]
)
def test_what_is_no_signed_token_is_refused(token: bytes) -> None:
    with pytest.raises(MalformedTokenError):
        read_object(read_compact(token).payload)


@pytest.mark.parametrize("text", [b"YQ==", b"Y", b"YWJjZ", b"YR", b"YWJ", b"Y Q", b"Y\nQ", b"+/8", b"YWI+"])
def test_base64url_has_one_form_only(text: bytes) -> None:
    """Padding, a lone character, bits left over, white space and the standard alphabet (RFC 4648, sections 3 and 5)."""
    with pytest.raises(MalformedTokenError):
        decode(text)


def test_every_canonical_text_decodes_to_what_was_encoded() -> None:
    for size in range(70):
        data = bytes((7 * size + 13 * index) % 256 for index in range(size))
        assert decode(encoded(data)) == data


def test_a_long_token_is_refused_before_it_is_looked_at() -> None:
    for token in (b"a" * 1_000_000, b"." * 1_000_000, b"a" * (LONGEST + 1)):
        with pytest.raises(MalformedTokenError, match="more than"):
            read_compact(token)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b"[]",
        b'"a"',
        b"{",
        b"\xff",
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 7000 + b"]" * 7000 + b"}",
        b"[" * 16000,
        b'{"a":1} x',
        b"",
        b"\xef\xbb\xbf{}",
        b'{"a":"\\ud800"}',
        b'{"a":"\xd1"}',
    ],
    ids=lambda text: text[:20].decode("latin-1"),
)
def test_json_that_could_mean_two_things_or_too_much_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedTokenError):
        read_object(text)


def test_blanks_around_json_are_part_of_it() -> None:
    assert read_object(b' \t\r\n{"a": 1}\n') == {"a": 1}


def test_a_header_names_algorithm_and_key() -> None:
    header = read_header(encoded({"alg": "RS256", "kid": "../../etc/passwd", "typ": "at+jwt"}))
    assert (header.algorithm, header.key_id) == ("RS256", "../../etc/passwd")
    assert read_header(encoded({"alg": "RS256"})).key_id is None


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "one"},
        {"alg": "RS256", "kid": None},
        {"alg": 5, "kid": "one"},
        {"alg": "RS256", "kid": ["one"]},
        {"alg": "RS256", "kid": "k" * 513},
        {"alg": "RS256", "kid": "one", "crit": ["exp"]},
        {"alg": "RS256", "kid": "one", "crit": []},
    ],
)
def test_a_header_without_these_or_with_what_must_be_understood_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(MalformedTokenError):
        read_header(encoded(header))
