"""Binary media types and contentHandling (API Gateway, "Content type conversions in API Gateway")."""

from base64 import b64encode
from typing import Any

import pytest

PNG = b"\x89PNG\r\n\x1a\n\x00\xff"
TYPES = {"x-amazon-apigateway-binary-media-types": ["image/png"]}
ALL = {"x-amazon-apigateway-binary-media-types": ["*/*"]}
TO_BINARY = {"contentHandling": "CONVERT_TO_BINARY"}
TO_TEXT = {"contentHandling": "CONVERT_TO_TEXT"}
AS_IT_IS: dict[str, str] = {}
TEXT = "héllo"
CODED = b64encode(PNG)
SERVER_ERROR = '{"message": "Internal server error"}'


def sent(lab: Any, integration: dict[str, Any], content_type: str, body: bytes, top: dict[str, Any]) -> Any:
    paths = {"/t": {"post": lab.operation(integration)}}
    return lab.play(lab.document(paths, **top), ("POST", "/t", {"Content-Type": content_type}, body))


def answered(
    lab: Any,
    payload: tuple[str, bytes],
    accept: str | None,
    handling: dict[str, Any],
    top: dict[str, Any],
    **case: Any,
) -> Any:
    made = {"statusCode": "200", **handling, **case}
    paths = {"/t": {"get": lab.operation(lab.http(method="GET", responses={"default": made}))}}
    headers = {"Accept": accept} if accept is not None else {}
    reply = lab.reply(200, {"Content-Type": payload[0]}, payload[1])
    return lab.play(lab.document(paths, **top), ("GET", "/t", headers), replies=(reply,)).answer


@pytest.mark.parametrize(
    ("top", "content_type", "handling", "body", "expected"),
    [
        # The rows of the vendor's table "request", in its order.
        ({}, "image/png", AS_IT_IS, TEXT.encode(), TEXT.encode()),
        ({}, "image/png", TO_BINARY, CODED, PNG),
        ({}, "image/png", TO_TEXT, TEXT.encode(), TEXT.encode()),
        (TYPES, "text/plain", AS_IT_IS, TEXT.encode(), TEXT.encode()),
        (TYPES, "text/plain", TO_BINARY, CODED, PNG),
        (TYPES, "text/plain", TO_TEXT, TEXT.encode(), TEXT.encode()),
        (TYPES, "image/png", AS_IT_IS, PNG, PNG),
        (TYPES, "image/png", TO_BINARY, PNG, PNG),
        (TYPES, "image/png", TO_TEXT, PNG, CODED),
    ],
)
def test_the_table_of_requests(
    lab: Any, top: dict[str, Any], content_type: str, handling: dict[str, str], body: bytes, expected: bytes
) -> None:
    for integration in (lab.http(**handling), lab.proxy(**handling), lab.sagemaker(**handling)):
        played = sent(lab, integration, content_type, body, top)
        assert played.answer.status == 200
        assert played.call.body == expected


@pytest.mark.parametrize(
    ("top", "payload", "accept", "handling", "expected"),
    [
        # The rows of the vendor's table "response", in its order.
        ({}, ("text/plain", TEXT.encode()), "text/plain", AS_IT_IS, TEXT.encode()),
        ({}, ("image/png", CODED), "text/plain", TO_BINARY, PNG),
        ({}, ("text/plain", TEXT.encode()), "text/plain", TO_TEXT, TEXT.encode()),
        (TYPES, ("text/plain", TEXT.encode()), "text/plain", AS_IT_IS, TEXT.encode()),
        (TYPES, ("text/plain", CODED), "text/plain", TO_BINARY, PNG),
        (TYPES, ("text/plain", TEXT.encode()), "text/plain", TO_TEXT, TEXT.encode()),
        (TYPES, ("text/plain", CODED), "image/png", AS_IT_IS, PNG),
        (TYPES, ("text/plain", CODED), "image/png", TO_BINARY, PNG),
        (TYPES, ("text/plain", TEXT.encode()), "image/png", TO_TEXT, TEXT.encode()),
        (TYPES, ("image/png", PNG), "text/plain", AS_IT_IS, CODED),
        (TYPES, ("image/png", PNG), "text/plain", TO_BINARY, PNG),
        (TYPES, ("image/png", PNG), "text/plain", TO_TEXT, CODED),
        (TYPES, ("image/png", PNG), "image/png", AS_IT_IS, PNG),
        (TYPES, ("image/png", PNG), "image/png", TO_BINARY, PNG),
        (TYPES, ("image/png", PNG), "image/png", TO_TEXT, CODED),
    ],
)
def test_the_table_of_responses(
    lab: Any, top: dict[str, Any], payload: tuple[str, bytes], accept: str, handling: dict[str, str], expected: bytes
) -> None:
    made = answered(lab, payload, accept, handling, top)
    assert (made.status, made.body) == (200, expected)


@pytest.mark.parametrize("top", [{}, TYPES])
def test_bytes_that_are_no_text_are_replaced_where_their_type_is_not_binary(lab: Any, top: dict[str, Any]) -> None:
    replaced = PNG.decode("utf-8", "replace").encode()
    for integration in (lab.http(), lab.proxy(), lab.sagemaker()):
        assert sent(lab, integration, "image/webp", PNG, top).call.body == replaced
    assert answered(lab, ("image/webp", PNG), "text/plain", AS_IT_IS, top).body == replaced


def test_a_body_with_a_content_encoding_is_not_taken_for_text(lab: Any) -> None:
    proxy = {"/t": {"get": lab.proxy(method="GET")}}
    paths = {"/t": {"get": lab.operation(proxy["/t"]["get"])}}
    reply = lab.reply(200, {"Content-Type": "application/json", "Content-Encoding": "br"}, PNG)
    made = lab.play(lab.document(paths), ("GET", "/t"), replies=(reply,)).answer
    assert (made.body, made.headers["content-encoding"]) == (PNG, "br")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("image/png, text/plain", PNG),
        ("image/png;q=0.1", PNG),
        ("IMAGE/PNG", PNG),
        ("text/plain, image/png", CODED),
        ("image/*", CODED),
        ("*/*", CODED),
        (None, CODED),
    ],
)
def test_only_the_first_type_of_accept_counts(lab: Any, accept: str | None, expected: bytes) -> None:
    assert answered(lab, ("image/png", PNG), accept, AS_IT_IS, TYPES).body == expected


@pytest.mark.parametrize("kind", ["*/*", "image/*", "image~1png", "IMAGE/png"])
def test_types_may_be_written_with_wildcards_and_escapes(lab: Any, kind: str) -> None:
    top = {"x-amazon-apigateway-binary-media-types": [kind]}
    assert sent(lab, lab.http(), "image/png; a=b", PNG, top).call.body == PNG
    assert answered(lab, ("image/png", PNG), "image/png", AS_IT_IS, top).body == PNG


def test_all_types_need_no_accept_header(lab: Any) -> None:
    assert answered(lab, ("image/png", PNG), None, AS_IT_IS, ALL).body == PNG
    assert answered(lab, ("application/json", b'{"a": 1}'), "text/html", AS_IT_IS, ALL).body == b'{"a": 1}'


def test_a_proxy_s_reply_goes_by_its_type_and_the_accept_header(lab: Any) -> None:
    paths = {"/t": {"get": lab.operation(lab.proxy(method="GET"))}}
    reply = lab.reply(200, {"Content-Type": "image/png"}, PNG)
    asked = [("GET", "/t", {"Accept": accept}) for accept in ("image/png", "text/html")]
    made = lab.play(lab.document(paths, **TYPES), *asked, replies=(reply,))
    assert [answer.body for answer in made.answers] == [PNG, CODED]


def test_a_template_sees_a_binary_body_as_base64(lab: Any) -> None:
    templates = {"requestTemplates": {"image/png": '{"image": "$input.body"}'}}
    played = sent(lab, lab.http(**TO_TEXT, **templates), "image/png", PNG, TYPES)
    assert played.call.body == b'{"image": "%b"}' % CODED


def test_a_response_template_sees_a_binary_body_as_base64(lab: Any) -> None:
    template = {"responseTemplates": {"application/json": '{"image": "$input.body"}'}}
    for handling in (AS_IT_IS, TO_TEXT):
        made = answered(lab, ("image/png", PNG), "application/json", handling, TYPES, **template)
        assert made.body == b'{"image": "%b"}' % CODED


def test_a_template_cannot_take_a_binary_body(lab: Any) -> None:
    """Recorded: `Unable to transform request` (clebert/aws-simple issue 167, serverless-application-model 553)."""
    templates = {"requestTemplates": {"image/png": '{"image": "$input.body"}'}}
    for handling in (AS_IT_IS, TO_BINARY):
        made = sent(lab, lab.http(**handling, **templates), "image/png", PNG, TYPES).answer
        assert (made.status, made.text) == (500, SERVER_ERROR)


def test_a_response_template_cannot_take_a_binary_body(lab: Any) -> None:
    template = {"responseTemplates": {"image/png": "$input.body"}}
    for payload in (("image/png", PNG), ("text/plain", CODED)):
        made = answered(lab, payload, "image/png", AS_IT_IS, TYPES, **template)
        assert (made.status, made.text) == (500, SERVER_ERROR)


def test_a_template_of_another_type_leaves_a_binary_response_alone(lab: Any) -> None:
    template = {"responseTemplates": {"application/json": '{"image": "$input.body"}'}}
    assert answered(lab, ("image/png", PNG), "image/png", AS_IT_IS, TYPES, **template).body == PNG


def test_a_preflight_under_all_types_fails_until_its_body_is_text(lab: Any) -> None:
    """Recorded: the issues named above; the mending is the vendor's own, and what frameworks write."""
    asked = ("OPTIONS", "/t", {"Accept": "*/*"})
    for handling, status in ((AS_IT_IS, 500), (TO_TEXT, 200)):
        paths = {"/t": {"options": lab.operation(lab.mock(**handling))}}
        made = lab.play(lab.document(paths, **ALL), asked).answer
        assert made.status == status
        if status == 500:
            assert made.text == SERVER_ERROR
            assert made.error == "InternalServerErrorException"


def test_text_that_is_no_base64_is_a_configuration_error(lab: Any) -> None:
    custom = {"x-amazon-apigateway-gateway-responses": {"API_CONFIGURATION_ERROR": {"statusCode": 501}}}
    for wrong in (b"not base64!", b"QUJD=A", b"QUJ", "é".encode(), b"-_-_"):
        made = sent(lab, lab.http(**TO_BINARY), "text/plain", wrong, {})
        assert (made.answer.status, made.answer.text, made.calls) == (500, SERVER_ERROR, [])
        assert sent(lab, lab.http(**TO_BINARY), "text/plain", wrong, custom).answer.status == 501
        assert answered(lab, ("text/plain", wrong), None, TO_BINARY, {}).status == 500
        assert answered(lab, ("text/plain", wrong), "image/png", AS_IT_IS, TYPES).status == 500


def test_base64_may_be_a_json_text_and_broken_into_lines(lab: Any) -> None:
    """The vendor's "Access binary files in Lambda": a function's result, whose JSON is a text in quotes."""
    assert answered(lab, ("application/json", b'"%b"' % CODED), "image/png", AS_IT_IS, TYPES).body == PNG
    assert sent(lab, lab.http(**TO_BINARY), "text/plain", CODED[:8] + b"\r\n" + CODED[8:] + b"\n", {}).call.body == PNG


def test_a_function_s_text_becomes_an_image(lab: Any) -> None:
    code = f"def handler(event, context):\n    return {CODED.decode()!r}\n"
    case = {"statusCode": "200", **TO_BINARY, "responseParameters": {"method.response.header.Content-Type": "'a/b'"}}
    integration = lab.function("image", kind="aws", responses={"default": case})
    paths = {"/t": {"get": lab.operation(integration)}}
    made = lab.play(lab.document(paths), ("GET", "/t"), functions={"image": code}).answer
    assert (made.body, made.headers["content-type"]) == (PNG, "a/b")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/csv", b"5.1,3.5\n"), ("application/x-npy", b"\x93NUMPY\x01\x00\xff"), ("image/png", PNG)],
)
def test_a_model_takes_and_gives_binary_bodies(lab: Any, content_type: str, body: bytes) -> None:
    top = {"x-amazon-apigateway-binary-media-types": ["application/x-npy", "image/*"]}
    mapped = {"method.response.header.Content-Type": "integration.response.header.Content-Type"}
    integration = lab.sagemaker(responses={"default": {"statusCode": "200", "responseParameters": mapped}})
    paths = {"/t": {"post": lab.operation(integration)}}
    reply = lab.reply(200, {"Content-Type": content_type}, body)
    headers = {"Content-Type": content_type, "Accept": content_type}
    played = lab.play(lab.document(paths, **top), ("POST", "/t", headers, body), replies=(reply,))
    assert (played.call.body, played.call.headers["content-type"]) == (body, content_type)
    assert (played.answer.body, played.answer.headers["content-type"]) == (body, content_type)


def test_a_content_type_without_a_template_is_still_refused(lab: Any) -> None:
    strict = {"passthroughBehavior": "never", "requestTemplates": {"application/json": "{}"}}
    made = sent(lab, lab.http(**strict), "image/png", PNG, TYPES).answer
    assert (made.status, made.text) == (415, '{"message": "Unsupported Media Type"}')


def test_a_gateway_response_is_text_whatever_the_client_accepts(lab: Any) -> None:
    paths = {"/t": {"get": lab.operation(lab.http(method="GET"))}}
    made = lab.play(lab.document(paths, **ALL), ("GET", "/other", {"Accept": "image/png"})).answer
    assert (made.status, made.text) == (403, '{"message":"Missing Authentication Token"}')


def test_a_parameter_mapping_sees_the_converted_body(lab: Any) -> None:
    case = {
        "statusCode": "200",
        **TO_TEXT,
        "responseParameters": {"method.response.header.X-Body": "integration.response.body"},
    }
    integration = lab.http(method="GET", responses={"default": case})
    paths = {"/t": {"get": lab.operation(integration)}}
    reply = lab.reply(200, {"Content-Type": "image/png"}, PNG)
    made = lab.play(lab.document(paths, **TYPES), ("GET", "/t"), replies=(reply,)).answer
    assert made.headers["x-body"] == CODED.decode()
