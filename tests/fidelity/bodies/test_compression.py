"""Payload compression (API Gateway, "Payload compression for REST APIs in API Gateway")."""

import gzip
import json
import zlib
from typing import Any

import pytest

from inferway.definition.stage import CacheSettings, RouteSettings, StageSettings

UNSUPPORTED = '{"message": "Unsupported Media Type"}'
BODY = b'{"a": "%b"}' % (b"x" * 500)


def gzipped(body: bytes) -> bytes:
    """Compress, the time left out: it would be part of the names of tests."""
    return gzip.compress(body, mtime=0)


def compressed(least: int = 0) -> dict[str, Any]:
    return {"x-amazon-apigateway-minimum-compression-size": least}


def raw_deflate(body: bytes) -> bytes:
    encoder = zlib.compressobj(wbits=-15)
    return encoder.compress(body) + encoder.flush()


def sent(lab: Any, coding: str, body: bytes, least: int = 0, integration: dict[str, Any] | None = None) -> Any:
    paths = {"/t": {"post": lab.operation(integration or lab.http())}}
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
    return lab.play(lab.document(paths, **compressed(least)), ("POST", "/t", headers, body))


def answered(lab: Any, accept_encoding: str | None, body: bytes = BODY, least: int = 0, **reply_headers: str) -> Any:
    paths = {"/t": {"get": lab.operation(lab.proxy(method="GET"))}}
    headers = {} if accept_encoding is None else {"Accept-Encoding": accept_encoding}
    reply = lab.reply(200, {"Content-Type": "application/json", **reply_headers}, body)
    return lab.play(lab.document(paths, **compressed(least)), ("GET", "/t", headers), replies=(reply,)).answer


def decoded(answer: Any) -> bytes:
    coding = answer.headers.get("content-encoding")
    body: bytes = answer.body
    return body if coding is None else gzip.decompress(body) if coding == "gzip" else zlib.decompress(body)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzipped(BODY)),
        ("GZIP", gzipped(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
        ("identity", BODY),
        ("gzip", gzipped(BODY[:100]) + gzipped(BODY[100:])),
    ],
)
def test_a_request_is_decoded(lab: Any, coding: str, body: bytes) -> None:
    for integration in (lab.http(), lab.proxy(), lab.sagemaker()):
        played = sent(lab, coding, body, integration=integration)
        assert played.answer.status == 200
        assert played.call.body == BODY
        assert played.call.headers.get("content-encoding") in (None, "identity")


def test_templates_validators_and_functions_see_the_decoded_body(lab: Any) -> None:
    templates = {"requestTemplates": {"application/json": "$input.json('$.a').length()"}}
    assert sent(lab, "gzip", gzipped(BODY), integration=lab.http(**templates)).call.body == b"502"
    played = sent(lab, "gzip", gzipped(BODY), integration=lab.function())
    event = json.loads(played.call.body)
    assert (event["body"], event["isBase64Encoded"]) == (BODY.decode(), False)
    # Recorded: the event goes on saying so (dougmoscrop/serverless-http issue 194).
    assert event["headers"]["Content-Encoding"] == "gzip"
    model = {"type": "object", "required": ["a"]}
    operation = lab.operation(
        lab.http(),
        requestBody={"content": {"application/json": {"schema": model}}},
        **{"x-amazon-apigateway-request-validator": "all"},
    )
    validators = {"all": {"validateRequestBody": True, "validateRequestParameters": False}}
    document = lab.document(
        {"/t": {"post": operation}}, **compressed(), **{"x-amazon-apigateway-request-validators": validators}
    )
    headers = {"Content-Encoding": "gzip"}
    asked = [("POST", "/t", headers, gzipped(body)) for body in (BODY, b"{}")]
    assert [answer.status for answer in lab.play(document, *asked).answers] == [200, 400]


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", b"\x0b\x02\x80hello\x03"),
        ("compress", BODY),
        ("gzip, gzip", gzipped(gzipped(BODY))),
        ("deflate, gzip", gzipped(zlib.compress(BODY))),
        ("gzip", BODY),
        ("gzip", zlib.compress(BODY)),
        ("deflate", BODY),
        ("gzip", gzipped(BODY)[:-1]),
        ("gzip", gzipped(BODY)[:9]),
        ("deflate", zlib.compress(BODY)[:-1]),
        ("gzip", gzipped(BODY)[:-8] + b"\0" * 8),
        ("gzip", gzipped(BODY) + b"and more"),
        ("deflate", zlib.compress(BODY) + b"and more"),
        ("gzip", gzipped(b"") * 1001),
    ],
)
def test_what_cannot_be_decoded_is_an_unsupported_media_type(lab: Any, coding: str, body: bytes) -> None:
    played = sent(lab, coding, body)
    assert (played.answer.status, played.answer.text, played.calls) == (415, UNSUPPORTED, [])
    assert played.answer.error == "BadRequestException"


def test_a_body_is_decoded_once(lab: Any) -> None:
    played = sent(lab, "gzip", gzipped(gzipped(BODY)))
    assert played.call.body == gzipped(BODY).decode("utf-8", "replace").encode()


def test_who_may_not_call_learns_nothing_of_the_body(lab: Any) -> None:
    key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    paths = {"/t": {"post": lab.operation(lab.http(), security=[{"key": []}])}}
    document = lab.document(paths, components={"securitySchemes": {"key": key}}, **compressed())
    made = lab.play(document, ("POST", "/t", {"Content-Encoding": "br"}, BODY), keys={"k": "a-key-of-twenty-letters"})
    assert (made.answer.status, made.answer.text) == (403, '{"message":"Forbidden"}')


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_refused_at_the_limit_of_the_decoded_body(lab: Any, coding: str) -> None:
    """Documented: repost.aws, question QUJ00_gdC-TdaRnGxZybAuWw ("413 Request Too Long")."""
    pack = gzipped if coding == "gzip" else zlib.compress
    limit = 10 * 1024 * 1024
    assert sent(lab, coding, pack(b" " * limit)).answer.status == 200
    for size in (limit + 1, 40 * limit):
        answer = sent(lab, coding, pack(b" " * size)).answer
        assert (answer.status, answer.text) == (413, '{"message":"Request Too Long"}')


def test_a_small_request_is_left_as_it_is(lab: Any) -> None:
    """Documented: below the minimum size neither compression nor decompression is applied."""
    body = gzipped(BODY)
    played = sent(lab, "gzip", body, least=len(body) + 1, integration=lab.proxy())
    assert (played.call.body, played.call.headers["content-encoding"]) == (body, "gzip")
    assert sent(lab, "gzip", body, least=len(body), integration=lab.proxy()).call.body == BODY


@pytest.mark.parametrize(("coding", "status"), [("gzip", 200), ("identity", 200), ("compress", 415)])
def test_without_compression_a_request_is_decoded_all_the_same(lab: Any, coding: str, status: int) -> None:
    """Recorded before the service had compression of its own: qiita.com ma2shita 4e3c16617a6e17dda01e, May 2016.

    gzip and identity are taken there, compress is not, and `$input.body` is what was encoded. Also documented:
    repost.aws, question QUJ00_gdC-TdaRnGxZybAuWw ("even when ContentEncoding is not enabled").
    """
    template = {"application/json": "[$input.body]"}
    for integration in (lab.proxy(), lab.http(requestTemplates=template)):
        document = lab.document({"/t": {"post": lab.operation(integration)}})
        body = gzipped(BODY) if coding == "gzip" else BODY
        played = lab.play(document, ("POST", "/t", {"Content-Encoding": coding}, body))
        assert played.answer.status == status
        if status == 200:
            assert played.call.body == (BODY if "requestTemplates" not in integration else b"[%b]" % BODY)
            assert played.call.headers.get("content-encoding") in (None, "identity")


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("GZip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("deflate,gzip", "deflate"),
        ("deflate;q=0.5,gzip;q=1.0", "gzip"),
        ("gzip;q=1.0,identity;q=0.5,*;q=0", "gzip"),
        ("br, gzip", None),
        ("gzip;q=0.5, br;q=0.9", None),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=0", None),
        ("gzip;q=high", None),
        ("*", None),
        ("", None),
        (None, None),
    ],
)
def test_the_client_chooses_the_coding(lab: Any, accept_encoding: str | None, coding: str | None) -> None:
    made = answered(lab, accept_encoding)
    assert (made.status, made.headers.get("content-encoding")) == (200, coding)
    assert decoded(made) == BODY


def test_small_responses_are_not_encoded(lab: Any) -> None:
    assert "content-encoding" not in answered(lab, "gzip", least=len(BODY) + 1).headers
    assert answered(lab, "gzip", least=len(BODY)).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in answered(lab, "gzip", b"").headers


def test_a_large_response_is_encoded(lab: Any) -> None:
    large = bytes(range(64, 127)) * 10_000
    made = answered(lab, "gzip", large)
    assert decoded(made) == large
    assert len(made.body) < len(large)


def test_a_reply_that_is_encoded_already_is_passed_on(lab: Any) -> None:
    body = gzipped(BODY)
    made = answered(lab, "deflate", body, 0, **{"Content-Encoding": "gzip", "ETag": '"1"'})
    assert (made.body, made.headers["content-encoding"], made.headers["etag"]) == (body, "gzip", '"1"')


def test_etag_and_vary_are_the_backend_s(lab: Any) -> None:
    made = answered(lab, "gzip", ETag='"1"', Vary="Origin")
    assert (made.headers["etag"], made.headers["vary"]) == ('"1"', "Origin")
    assert "vary" not in answered(lab, "gzip").headers


def test_what_templates_and_functions_make_is_encoded(lab: Any) -> None:
    case = {"statusCode": "200", "responseTemplates": {"application/json": BODY.decode()}}
    code = f"def handler(event, context):\n    return {{'statusCode': 200, 'body': {BODY.decode()!r}}}\n"
    for integration in (lab.mock(responses={"default": case}), lab.function("made")):
        paths = {"/t": {"get": lab.operation(integration)}}
        asked = ("GET", "/t", {"Accept-Encoding": "gzip"})
        made = lab.play(lab.document(paths, **compressed()), asked, functions={"made": code}).answer
        assert made.headers["content-encoding"] == "gzip"
        assert decoded(made) == BODY


def test_a_binary_body_is_encoded_after_its_conversion(lab: Any) -> None:
    paths = {"/t": {"get": lab.operation(lab.proxy(method="GET"))}}
    top = {**compressed(), "x-amazon-apigateway-binary-media-types": ["image/png"]}
    reply = lab.reply(200, {"Content-Type": "image/png"}, b"\x89PNG" * 100)
    headers = {"Accept": "image/png", "Accept-Encoding": "gzip"}
    made = lab.play(lab.document(paths, **top), ("GET", "/t", headers), replies=(reply,)).answer
    assert decoded(made) == b"\x89PNG" * 100


def test_gateway_responses_are_not_encoded(lab: Any) -> None:
    paths = {"/t": {"get": lab.operation(lab.mock(template=None))}}
    asked = ("GET", "/t", {"Accept-Encoding": "gzip"})
    made = lab.play(lab.document(paths, **compressed()), asked).answer
    assert (made.status, made.text) == (500, '{"message": "Internal server error"}')


def test_a_kept_answer_is_encoded_for_each_client(lab: Any) -> None:
    paths = {"/t": {"get": lab.operation(lab.proxy(method="GET"))}}
    stage = StageSettings(name="prod", cache=True, routes={"*/*": RouteSettings(cache=CacheSettings())})
    reply = lab.reply(200, {"Content-Type": "application/json"}, BODY)
    asked = [("GET", "/t", {"Accept-Encoding": coding}) for coding in ("gzip", "deflate", "br", "gzip")]
    played = lab.play(lab.document(paths, **compressed()), *asked, replies=(reply,), stage=stage)
    codings = [answer.headers.get("content-encoding") for answer in played.answers]
    assert codings == ["gzip", "deflate", None, "gzip"]
    assert [decoded(answer) for answer in played.answers] == [BODY] * 4
    assert len(played.calls) == 1
