"""Routes, and what a method asks of a request before it is passed on."""

import base64
import hashlib
import json
from typing import Any

import pytest

VALIDATORS = {
    "all": {"validateRequestBody": True, "validateRequestParameters": True},
    "params-only": {"validateRequestBody": False, "validateRequestParameters": True},
}
PET = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "type": {"type": "string", "enum": ["dog", "cat", "fish"]},
        "name": {"type": "string"},
        "price": {"type": "number", "minimum": 25, "maximum": 500},
    },
    "required": ["type", "name", "price"],
}
JSON = {"Content-Type": "application/json"}


def validating(lab: Any, **top: Any) -> dict[str, Any]:
    """Give the vendor's own sample ("OpenAPI definitions of a sample API with basic request validation")."""
    q1 = {"name": "q1", "in": "query", "required": True, "schema": {"type": "string"}}
    h1 = {"name": "h1", "in": "header", "required": True, "schema": {"type": "string"}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    get = lab.operation(lab.mock(), parameters=[q1])
    post = lab.operation(
        lab.mock(passthroughBehavior="never"),
        parameters=[h1],
        requestBody=body,
        **{"x-amazon-apigateway-request-validator": "all"},
    )
    document: dict[str, Any] = lab.document(
        {"/validation": {"get": get, "post": post}},
        components={"schemas": {"Pet": PET}},
        **{"x-amazon-apigateway-request-validators": VALIDATORS},
        **{"x-amazon-apigateway-request-validator": "params-only"},
        **top,
    )
    return document


@pytest.mark.parametrize("asked", [("GET", "/nowhere"), ("POST", "/there"), ("GET", "/there/below")])
def test_an_unknown_path_or_method_misses_an_authentication_token(lab: Any, asked: Any) -> None:
    """Recorded (reference, "Throttle, quota, keys"): 403, not 404 or 405."""
    answer = lab.play(lab.document({"/there": {"get": lab.operation(lab.mock())}}), asked).answer
    assert (answer.status, answer.error) == (403, "MissingAuthenticationTokenException")
    assert answer.body == b'{"message":"Missing Authentication Token"}'
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"]
    assert answer.headers["x-amz-apigw-id"]


NO_PAIR = (
    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
    "Base64): '{}'."
)
NO_PARTS = (
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
    "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a "
    "'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization={}"
)


@pytest.mark.parametrize(("sent", "message"), [("Bearer abc.def", NO_PAIR), ("eyJhbGciOiJub25lIn0", NO_PARTS)])
@pytest.mark.parametrize("asked", [("GET", "/nowhere"), ("PUT", "/there")])
def test_a_header_that_is_no_signature_is_told_of_at_an_unknown_path_or_method(
    lab: Any, asked: Any, sent: str, message: str
) -> None:
    """Recorded (awslabs/time-addressable-media-store issue 8, of January 2025; HumanCellAtlas/data-store issue 328)."""
    document = lab.document({"/there": {"get": lab.operation(lab.mock())}})
    answer = lab.play(document, (*asked, {"Authorization": sent})).answer
    digest = base64.b64encode(hashlib.sha256(sent.encode()).digest()).decode()
    assert (answer.status, answer.error) == (403, "IncompleteSignatureException")
    assert answer.json == {"message": message.format(digest)}


def test_any_catches_the_methods_that_the_path_does_not_name(lab: Any) -> None:
    """Documented ("x-amazon-apigateway-any-method object")."""
    any_method = lab.rendering("any $context.httpMethod")
    item = {"get": lab.rendering("get"), "x-amazon-apigateway-any-method": any_method}
    played = lab.play(lab.document({"/a": item}), ("GET", "/a"), ("PATCH", "/a"))
    assert [answer.text for answer in played.answers] == ["get", "any PATCH"]


def test_the_most_specific_resource_wins(lab: Any) -> None:
    """Documented ("Set up a proxy integration with a proxy resource")."""
    names = ("/pets/special", "/pets/{id}", "/pets/{id}/toys", "/{proxy+}")
    paths = {name: {"get": lab.rendering("$context.resourcePath")} for name in names}
    asked = [
        ("GET", "/pets/special"),
        ("GET", "/pets/7"),
        ("GET", "/pets/7/toys"),
        ("GET", "/pets/7/x"),
        ("GET", "/a/b"),
    ]
    played = lab.play(lab.document(paths), *asked)
    assert [answer.text for answer in played.answers] == [*names[:3], "/{proxy+}", "/{proxy+}"]


def test_a_head_request_needs_a_head_method(lab: Any) -> None:
    """Documented ("API Gateway resources"): a method answers its own verb only."""
    answer = lab.play(lab.document({"/a": {"get": lab.operation(lab.mock())}}), ("HEAD", "/a")).answer
    assert (answer.status, answer.error) == (403, "MissingAuthenticationTokenException")


def test_an_override_header_does_not_choose_the_method(lab: Any) -> None:
    """Recorded (reference: "`X-HTTP-Method-Override` is not honoured for routing")."""
    item = {"get": lab.rendering("get"), "delete": lab.rendering("delete")}
    assert (
        lab.play(lab.document({"/a": item}), ("GET", "/a", {"X-HTTP-Method-Override": "DELETE"})).answer.text == "get"
    )


def test_path_parameters_are_decoded(lab: Any) -> None:
    """Documented ("important notes"): request parameters are URL-decoded before they are passed on."""
    paths = {"/a/{name}": {"get": lab.rendering("$input.params('name')|$input.params().path.name")}}
    assert lab.play(lab.document(paths), ("GET", "/a/J%C3%BCrgen%20M%2Fx")).answer.text == "Jürgen M/x|Jürgen M/x"


def test_a_greedy_parameter_holds_the_rest_of_the_path(lab: Any) -> None:
    """Documented ("Set up a proxy integration with a proxy resource")."""
    paths = {"/a/{proxy+}": {"get": lab.rendering("$input.params('proxy')|$context.path")}}
    assert lab.play(lab.document(paths), ("GET", "/a/b/c/d")).answer.text == "b/c/d|/prod/a/b/c/d"


@pytest.mark.parametrize("query", ["", "?q1=", "?q1=%20", "?q2=cat"])
def test_a_required_parameter_must_be_there_and_not_blank(lab: Any, query: str) -> None:
    """Documented ("Test basic request validation in API Gateway"), for `GET /validation`."""
    answer = lab.play(validating(lab), ("GET", f"/validation{query}")).answer
    assert (answer.status, answer.error) == (400, "BadRequestException")
    assert answer.body == b'{"message": "Missing required request parameters: [q1]"}'


def test_the_api_s_validator_holds_where_the_method_names_none(lab: Any) -> None:
    """Documented ("x-amazon-apigateway-request-validator property")."""
    assert lab.play(validating(lab), ("GET", "/validation?q1=cat")).answer.status == 200


def test_parameters_are_checked_before_the_body(lab: Any) -> None:
    """Documented ("Test basic request validation"): without `h1` the parameters are named, whatever the body."""
    answer = lab.play(validating(lab), ("POST", "/validation", JSON, "{}")).answer
    assert answer.body == b'{"message": "Missing required request parameters: [h1]"}'


def test_all_missing_parameters_are_named(lab: Any) -> None:
    """Recorded (reference, "Validation")."""
    parameters = [
        {"name": name, "in": where, "required": True, "schema": {"type": "string"}}
        for name, where in (("a", "query"), ("b", "header"))
    ]
    operation = lab.operation(lab.mock(), parameters=parameters, **{"x-amazon-apigateway-request-validator": "all"})
    document = lab.document({"/v": {"get": operation}}, **{"x-amazon-apigateway-request-validators": VALIDATORS})
    assert lab.play(document, ("GET", "/v")).answer.json == {"message": "Missing required request parameters: [a, b]"}


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        ("divisor", "dividend", "query"),  # a course's notes with whole responses, 2021: defined the other way round
        ("x-api-secret", "x-api-key", "header"),  # developer.sandbox.co.in, as its users quote it
        ("password", "username", "header"),  # bKash's tokenized checkout, as its users quote it
        ("di", "pi", "query"),  # data.weather.gov.hk's lightning and wind service, likewise
    ],
)
def test_missing_parameters_are_named_in_the_order_of_a_java_set(lab: Any, first: str, second: str, where: str) -> None:
    """Recorded: messages of public APIs on the service; whichever is defined first."""
    for names in ((first, second), (second, first)):
        parameters = [{"name": name, "in": where, "required": True, "schema": {"type": "string"}} for name in names]
        operation = lab.operation(lab.mock(), parameters=parameters, **{"x-amazon-apigateway-request-validator": "all"})
        document = lab.document({"/v": {"get": operation}}, **{"x-amazon-apigateway-request-validators": VALIDATORS})
        message = f"Missing required request parameters: [{first}, {second}]"
        assert lab.play(document, ("GET", "/v")).answer.json == {"message": message}


def test_without_a_validator_nothing_is_checked(lab: Any) -> None:
    """Documented ("Request validation for REST APIs"): validation is turned on by a validator only."""
    required = [{"name": "a", "in": "query", "required": True, "schema": {"type": "string"}}]
    operation = lab.operation(lab.mock(), parameters=required)
    assert lab.play(lab.document({"/v": {"get": operation}}), ("GET", "/v")).answer.status == 200


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "Molly", "type": "bird", "price": 269}',
        '{"name": "Molly", "type": "dog", "price": 501}',
        '{"name": "Molly", "type": "dog"}',
        "[]",
        "no JSON",
        "",
    ],
)
def test_a_body_must_hold_to_its_model(lab: Any, body: str) -> None:
    """Documented ("Test basic request validation in API Gateway")."""
    answer = lab.play(validating(lab), ("POST", "/validation", {**JSON, "h1": "v1"}, body)).answer
    assert (answer.status, answer.error) == (400, "BadRequestException")
    assert answer.body == b'{"message": "Invalid request body"}'


def test_a_body_that_holds_to_its_model_passes(lab: Any) -> None:
    """Documented ("Test basic request validation in API Gateway")."""
    body = '{"name": "Marco", "type": "dog", "price": 260}'
    assert lab.play(validating(lab), ("POST", "/validation", {"h1": "v1"}, body)).answer.status == 200


@pytest.mark.parametrize(("price", "status"), [(1, 400), (2, 200)])
def test_models_are_of_json_schema_draft_4(lab: Any, price: int, status: int) -> None:
    """Recorded (reference): draft 4, in which `exclusiveMinimum` is true or false and belongs to `minimum`."""
    document = validating(lab)
    bounds = {"type": "number", "minimum": 1, "exclusiveMinimum": True}
    document["components"]["schemas"]["Pet"] = {"type": "object", "properties": {"price": bounds}}
    body = json.dumps({"price": price})
    assert lab.play(document, ("POST", "/validation", {**JSON, "h1": "v1"}, body)).answer.status == status


def test_a_content_type_without_a_model_is_not_checked_and_left_to_the_passthrough(lab: Any) -> None:
    """Documented ("Request validation for REST APIs", note): such a payload is failed by the NEVER passthrough only."""
    answer = lab.play(validating(lab), ("POST", "/validation", {"h1": "v", "Content-Type": "text/xml"}, "<a/>")).answer
    assert (answer.status, answer.json) == (415, {"message": "Unsupported Media Type"})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            '{"name": 1, "type": "cat", "price": 30}',
            '[instance type (integer) does not match any allowed primitive type (allowed: ["string"])]',
        ),
        ('{"name": "x"}', '[object has missing required properties (["price","type"])]'),
        ('{"name": "x", "type": "cat"}', '[object has missing required properties (["price"])]'),
        (
            '{"name": "x", "type": "bird", "price": 30}',
            '[instance value ("bird") not found in enum (possible values: ["dog","cat","fish"])]',
        ),
        (
            '{"name": "x", "type": "cat", "price": 1}',
            "[numeric instance is lower than the required minimum (minimum: 25, found: 1)]",
        ),
        (
            '{"name": "x", "type": "cat", "price": "1"}',
            '[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
        ),
    ],
)
def test_a_gateway_response_says_what_is_wrong_with_a_body(lab: Any, body: str, text: str) -> None:
    """Recorded in public logs of the service: the messages of json-schema-validator, escaped to stand in quotes."""
    template = '{"m":$context.error.messageString,"e":"$context.error.validationErrorString"}'
    responses = {"BAD_REQUEST_BODY": {"responseTemplates": {"application/json": template}}}
    document = validating(lab, **{"x-amazon-apigateway-gateway-responses": responses})
    answer = lab.play(document, ("POST", "/validation", {**JSON, "h1": "v1"}, body)).answer
    assert answer.json["m"] == "Invalid request body"
    assert answer.json["e"] == text


@pytest.mark.parametrize(
    ("schema", "body", "text"),
    [
        ({"multipleOf": 10}, "7", "remainder of division is not zero (7 / 10)"),
        (
            {"minimum": 5, "exclusiveMinimum": True},
            "5",
            "numeric instance is not strictly greater than the required minimum 5",
        ),
        (
            {"maximum": 5, "exclusiveMaximum": True},
            "5",
            "numeric instance is not strictly lower than the required maximum 5",
        ),
        ({"maximum": 5}, "6", "numeric instance is greater than the required maximum (maximum: 5, found: 6)"),
        ({"minLength": 5}, '"f"', 'string "f" is too short (length: 1, required minimum: 5)'),
        ({"maxLength": 2}, '"fff"', 'string "fff" is too long (length: 3, maximum allowed: 2)'),
        ({"pattern": "^[a-z]+$"}, '"A"', 'ECMA 262 regex "^[a-z]+$" does not match input string "A"'),
        (
            {"type": "array"},
            "null",
            'instance type (null) does not match any allowed primitive type (allowed: ["array"])',
        ),
        ({"uniqueItems": True}, "[1, 1]", "array must not contain duplicate elements"),
        (
            {"additionalProperties": False, "properties": {"a": {}}},
            '{"extra": 1}',
            'object instance has properties which are not allowed by the schema: ["extra"]',
        ),
        ({"minProperties": 1}, "{}", "object has too few properties (found 0 but schema requires at least 1)"),
        (
            {"type": "object", "required": ["x"], "properties": {"y": {"$ref": "#/components/schemas/Pet"}}},
            '{"x": 1, "y": {"type": "dog", "name": "n", "price": 600}}',
            "numeric instance is greater than the required maximum (maximum: 500, found: 600)",
        ),
    ],
)
def test_every_keyword_has_the_words_of_the_service_s_validator(
    lab: Any, schema: dict[str, Any], body: str, text: str
) -> None:
    """Differential: the messages of json-schema-validator 2, as programs that use it print them."""
    responses = {
        "BAD_REQUEST_BODY": {"responseTemplates": {"application/json": "$context.error.validationErrorString"}}
    }
    document = validating(lab, **{"x-amazon-apigateway-gateway-responses": responses})
    post = document["paths"]["/validation"]["post"]
    post["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    answer = lab.play(document, ("POST", "/validation", {**JSON, "h1": "v1"}, body)).answer
    assert json.loads(f'"{answer.text}"') == f"[{text}]"


def test_a_request_that_is_too_large_is_refused(lab: Any) -> None:
    """Documented ("Amazon API Gateway quotas"): a payload of at most 10 MB, REQUEST_TOO_LARGE beyond."""
    document = lab.document({"/a": {"post": lab.operation(lab.mock())}})
    answer = lab.play(document, ("POST", "/a", JSON, b"x" * (10 * 1024 * 1024 + 1))).answer
    assert (answer.status, answer.text) == (413, "HTTP content length exceeded 10485760 bytes.")


def test_a_swagger_2_document_is_read_alike(lab: Any) -> None:
    """Documented ("Develop REST APIs using OpenAPI"): OpenAPI 2.0 and 3.0 both."""
    post = lab.operation(
        lab.mock(passthroughBehavior="never"),
        parameters=[
            {"in": "header", "name": "h1", "required": True, "type": "string"},
            {"in": "body", "name": "Pet", "required": True, "schema": {"$ref": "#/definitions/Pet"}},
        ],
        **{"x-amazon-apigateway-request-validator": "all"},
    )
    post["responses"] = {"200": {"description": ""}}
    document = {
        "swagger": "2.0",
        "info": {"title": "lab", "version": "1"},
        "basePath": "/v1",
        "paths": {"/validation": {"post": post}},
        "definitions": {"Pet": PET},
        "x-amazon-apigateway-request-validators": VALIDATORS,
    }
    good = '{"name": "Marco", "type": "dog", "price": 260}'
    asked = [("POST", "/validation", {**JSON, "h1": "v"}, body) for body in (good, "{}")]
    assert [answer.status for answer in lab.play(document, *asked, ("POST", "/validation")).answers] == [200, 400, 400]
