"""Expected values: API Gateway's developer guide; "Amazon API Gateway important notes"; refusals as recorded."""

import json
import re
from collections.abc import Callable

import pytest

from inferway.definition.api import ApiDefinition
from inferway.definition.message_steps import DecodeBody
from inferway.definition.steps import (
    ApiKeySource,
    LimitByStage,
    LimitByUsagePlan,
    LookUpCache,
    MapRequest,
    Parameter,
    ParameterIn,
    Refuse,
    RequireApiKey,
    RequirePermission,
    RequireSignature,
    ValidateBody,
    ValidateParameters,
)
from inferway.dialects.apigateway.methods import INVOKE, REQUEST, RESPONSE
from inferway.faults import FaultKind, Finding, Severity

Read = Callable[[str], tuple[ApiDefinition, list[Finding]]]

MOCK = "{type: mock, requestTemplates: {application/json: '{}'}, responses: {default: {statusCode: 200}}}"
VALIDATORS = """\
x-amazon-apigateway-request-validators:
  all: {validateRequestBody: true, validateRequestParameters: true}
  body: {validateRequestBody: true, validateRequestParameters: false}
  params: {validateRequestBody: "false", validateRequestParameters: "true"}
"""


def document(operation: str, rest: str = "", path_item: str = "") -> str:
    return f"""\
paths:
  /a/{{id}}:
    {path_item or "summary: a"}
    post:
      {operation or "summary: b"}
      responses: {{200: {{description: ok}}}}
      x-amazon-apigateway-integration: {MOCK}
{rest}"""


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings if finding.code != "undeclared-path-parameter"]


def kinds(api: ApiDefinition) -> list[type]:
    return [type(step) for step in api.routes[0].pipeline.request]


def test_the_order_of_steps_after_authorization_is_the_services() -> None:
    names = [kind.__name__ for kind in (*REQUEST, *INVOKE, *RESPONSE)]
    assert names == [
        "RequireApiKey",
        "LimitByUsagePlan",
        "LimitByStage",
        "DecodeBody",
        "ValidateParameters",
        "ValidateBody",
        "LookUpCache",
        "MapRequest",
        "Invoke",
        "MapResponse",
        "StoreInCache",
        "EncodeBody",
    ]


def test_parameters_of_the_path_and_of_the_operation(read_document: Read) -> None:
    api, findings = read_document(
        document(
            "parameters: [{name: q, in: query, required: true}, {name: X-T, in: header, example: abc}]",
            path_item="parameters: [{name: id, in: path, required: true}, {name: q, in: query}]",
        )
    )
    assert findings == []
    assert api.routes[0].parameters == (
        Parameter(location=ParameterIn.PATH, name="id", required=True),
        Parameter(location=ParameterIn.QUERY, name="q", required=True),
        Parameter(location=ParameterIn.HEADER, name="X-T", example="abc"),
    )


@pytest.mark.parametrize(
    ("parameters", "code", "severity"),
    [
        ("[{name: q, in: query}, {name: q, in: query}]", "duplicate-parameter", Severity.ERROR),
        ("[{name: 'page[size]', in: query}]", "parameter-name", Severity.ERROR),
        ("[{name: q, in: fragment}]", "bad-parameter", Severity.ERROR),
        ("[{name: q}]", "bad-parameter", Severity.ERROR),
        ("[{in: query}]", "parameter-name", Severity.ERROR),
        ("[{name: c, in: cookie}]", "ignored-parameter", Severity.WARNING),
        ("[{name: f, in: formData}]", "ignored-parameter", Severity.WARNING),
        ("{}", "wrong-type", Severity.ERROR),
        ("{q: {in: query}}", "wrong-type", Severity.ERROR),
    ],
)
def test_parameters_that_are_not_right(read_document: Read, parameters: str, code: str, severity: Severity) -> None:
    _, findings = read_document(document(f"parameters: {parameters}"))
    (finding,) = (finding for finding in findings if finding.severity is not Severity.NOTE)
    assert (finding.code, finding.severity, finding.place.line) == (code, severity, 7)


@pytest.mark.parametrize(("kind", "noted"), [("http", True), ("http_proxy", True), ("mock", False)])
def test_an_undeclared_path_parameter_is_noted_where_it_could_be_mapped(
    read_document: Read, kind: str, noted: bool
) -> None:
    http = f"{{type: {kind}, httpMethod: GET, uri: 'https://e', responses: {{default: {{statusCode: 200}}}}}}"
    _, findings = read_document(document("").replace(MOCK, http))
    expected = [(Severity.NOTE, "undeclared-path-parameter")] if noted else []
    assert [(f.severity, f.code) for f in findings] == expected


PARAMETERS = "parameters: [{name: id, in: path, required: true}, {name: q, in: query}]"
BODY = "requestBody: {content: {application/json: {schema: {type: object}}}}"


@pytest.mark.parametrize(
    ("validator", "expected"),
    [
        ("", []),
        ("x-amazon-apigateway-request-validator: all", [ValidateParameters, ValidateBody]),
        ("x-amazon-apigateway-request-validator: body", [ValidateBody]),
        ("x-amazon-apigateway-request-validator: params", [ValidateParameters]),
    ],
)
@pytest.mark.parametrize("of_api", [True, False])
def test_a_validator_of_the_api_or_of_the_method(
    read_document: Read, validator: str, expected: list[type], of_api: bool
) -> None:
    operation = f"{PARAMETERS}\n      {BODY}"
    if of_api:
        api, findings = read_document(document(operation, VALIDATORS + validator))
    else:
        api, findings = read_document(document(f"{operation}\n      {validator}", VALIDATORS))
    assert findings == []
    assert kinds(api) == [LimitByStage, DecodeBody, *expected, LookUpCache, MapRequest]


def test_a_methods_own_validator_stands_before_the_apis(read_document: Read) -> None:
    operation = f"{PARAMETERS}\n      {BODY}\n      x-amazon-apigateway-request-validator: body"
    api, _ = read_document(document(operation, VALIDATORS + "x-amazon-apigateway-request-validator: params"))
    assert kinds(api) == [LimitByStage, DecodeBody, ValidateBody, LookUpCache, MapRequest]


def test_only_required_parameters_are_validated(read_document: Read) -> None:
    api, _ = read_document(document(f"{PARAMETERS}\n      x-amazon-apigateway-request-validator: params", VALIDATORS))
    (step,) = (step for step in api.routes[0].pipeline.request if isinstance(step, ValidateParameters))
    assert [parameter.name for parameter in step.required] == ["id"]


def test_an_unknown_validator(read_document: Read) -> None:
    _, findings = read_document(document("x-amazon-apigateway-request-validator: other", VALIDATORS))
    assert codes(findings) == ["unknown-validator"]


SCHEMES = """\
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Api-Key}
    other_key: {type: apiKey, in: query, name: x-api-key}
    signed: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}
    pool:
      {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: cognito_user_pools,
       x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [a]}}
    token: {type: apiKey, in: header, name: T, x-amazon-apigateway-authorizer: {type: token}}
    login: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: 'https://example.com'}
    basic: {type: http, scheme: basic}
"""


@pytest.mark.parametrize("root", [True, False])
def test_an_api_key_is_required_by_a_method_or_by_the_api(read_document: Read, root: bool) -> None:
    security = "security: [{key: []}]"
    api, findings = read_document(document("", f"{SCHEMES}{security}\n") if root else document(security, SCHEMES))
    assert codes(findings) == []
    (route,) = api.routes
    assert (route.authorization, route.api_key_required) == ("NONE", True)
    assert kinds(api) == [RequireApiKey, LimitByUsagePlan, LimitByStage, DecodeBody, LookUpCache, MapRequest]
    assert route.pipeline.request[0] == RequireApiKey(source=ApiKeySource.HEADER, header="x-api-key")


def test_a_method_may_go_without_the_apis_key(read_document: Read) -> None:
    api, _ = read_document(document("security: []", SCHEMES + "security: [{key: []}]\n"))
    assert not api.routes[0].api_key_required


def test_sams_word_for_no_authorizer_names_no_scheme(read_document: Read) -> None:
    """SAM writes it for `Auth: {Authorizer: NONE}` where the API has a default authorizer, beside a key or alone."""
    api, findings = read_document(document("security: [{NONE: []}, {key: []}]", SCHEMES + "security: [{pool: []}]\n"))
    assert codes(findings) == []
    (route,) = api.routes
    assert (route.authorization, route.api_key_required) == ("NONE", True)


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("security: [{login: []}]", "oauth2 (login)"),
        ("security: [{basic: []}]", "http (basic)"),
        ("security: [{other_key: []}]", "apiKey (other_key)"),
        ("security: [{missing: []}]", "missing"),
    ],
)
def test_what_is_not_served_is_refused_and_never_open(read_document: Read, operation: str, kind: str) -> None:
    api, findings = read_document(document(operation, SCHEMES))
    said = [finding for finding in findings if finding.code == "unserved-authorization"]
    assert said[-1].severity is Severity.WARNING
    assert said[-1].text == f"authorization {kind} is not served yet; every call of the method is refused"
    (route,) = api.routes
    assert route.authorization == kind
    first = route.pipeline.request[0]
    assert isinstance(first, Refuse)
    assert first.kind is FaultKind.AUTHORIZER_MISCONFIGURED


@pytest.mark.parametrize(
    "operation",
    ["security: [{signed: []}]", "x-amazon-apigateway-auth: {type: AWS_IAM}", "security: [{key: [], signed: []}]"],
)
def test_iam_asks_for_a_signature_then_for_a_permission(read_document: Read, operation: str) -> None:
    api, findings = read_document(document(operation, SCHEMES))
    assert codes(findings) == []
    (route,) = api.routes
    assert route.authorization == "AWS_IAM"
    signature, permission, *others = route.pipeline.request
    assert signature == RequireSignature(service="execute-api")
    assert isinstance(permission, RequirePermission)
    assert permission.action == "execute-api:Invoke"
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
    form = r"arn:aws:execute-api:\{region\}:\{account\}:[a-z0-9]{10}/\{stage\}/\{method\}/\{path\}"
    assert re.fullmatch(form, permission.resource)
    assert any(isinstance(step, RequireApiKey) for step in others) == ("key" in operation)


def test_iam_asks_the_resource_policy_with_the_caller_s(read_document: Read) -> None:
    policy = "x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: []}\n"
    api, findings = read_document(document("x-amazon-apigateway-auth: {type: AWS_IAM}", SCHEMES + policy))
    assert codes(findings) == []
    permission = api.routes[0].pipeline.request[1]
    assert isinstance(permission, RequirePermission)
    assert permission.policy == '{"Version":"2012-10-17","Statement":[]}'


def test_the_auth_extension_none_is_open(read_document: Read) -> None:
    api, findings = read_document(document("x-amazon-apigateway-auth: {type: NONE}"))
    assert codes(findings) == []
    assert api.routes[0].authorization == "NONE"


def test_keys_may_come_from_an_authorizer(read_document: Read) -> None:
    rest = SCHEMES + "x-amazon-apigateway-api-key-source: AUTHORIZER\n"
    api, findings = read_document(document("security: [{key: []}]", rest))
    assert codes(findings) == []
    assert api.routes[0].pipeline.request[0] == RequireApiKey(source=ApiKeySource.AUTHORIZER)


MODELS = """\
components:
  schemas:
    Node:
      type: object
      properties: {next: {$ref: '#/components/schemas/Node'}, leaf: {$ref: '#/components/schemas/Leaf'}}
    Leaf: {type: string, example: "l"}
    Other: {type: integer}
"""


def schemas(api: ApiDefinition) -> dict[str, object]:
    (step,) = (step for step in api.routes[0].pipeline.request if isinstance(step, ValidateBody))
    return {schema.content_type: json.loads(schema.schema) for schema in step.schemas}


ALL = "x-amazon-apigateway-request-validator: all"


def test_a_body_schema_holds_the_models_that_it_needs(read_document: Read) -> None:
    body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}"
    api, findings = read_document(document(f"{body}\n      {ALL}", VALIDATORS + MODELS))
    assert codes(findings) == []
    leaf = {"type": "string", "example": "l"}
    node = {
        "type": "object",
        "properties": {"next": {"$ref": "#/definitions/Node"}, "leaf": {"$ref": "#/definitions/Leaf"}},
    }
    assert schemas(api) == {
        "application/json": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            **node,
            "definitions": {"Node": node, "Leaf": leaf},
        }
    }
    assert [model.name for model in api.models] == ["Node", "Leaf", "Other"]


def test_an_inline_schema_has_no_model(read_document: Read) -> None:
    body = "requestBody: {content: {text/json: {schema: {type: array, items: {$ref: '#/components/schemas/Other'}}}}}"
    api, _ = read_document(document(f"{body}\n      {ALL}", VALIDATORS + MODELS))
    assert schemas(api) == {
        "text/json": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "array",
            "items": {"$ref": "#/definitions/Other"},
            "definitions": {"Other": {"type": "integer"}},
        }
    }


def test_swaggers_body_parameter_is_checked_for_each_type_it_consumes(read_document: Read) -> None:
    operation = (
        "consumes: [application/json, text/x]\n"
        "      parameters: [{in: body, name: B, schema: {$ref: '#/definitions/B'}}]\n"
        f"      {ALL}"
    )
    rest = VALIDATORS + "definitions: {B: {type: object, example: {a: 1}}}\nswagger: '2.0'\ninfo: {title: T}\n"
    api, findings = read_document(document(operation, rest))
    assert codes(findings) == []
    assert list(schemas(api)) == ["application/json", "text/x"]
    assert json.loads(api.routes[0].example_body) == {"a": 1}


@pytest.mark.parametrize(
    ("schema", "code", "severity"),
    [
        ("{type: nonsense}", "bad-model", Severity.ERROR),
        ("{exclusiveMinimum: 3}", "bad-model", Severity.ERROR),
        ("{pattern: '('}", "bad-model", Severity.ERROR),
        ("text", "bad-model", Severity.ERROR),
        ("{type: array, minItems: 1}", "dropped-keyword", Severity.WARNING),
        ("{type: array, items: {maxItems: 1}}", "dropped-keyword", Severity.WARNING),
        ("{allOf: [{maxItems: 1}]}", "dropped-keyword", Severity.WARNING),
        ("{type: string, nullable: true}", "keyword-without-effect", Severity.NOTE),
        ("{properties: {a: {readOnly: true}}}", "keyword-without-effect", Severity.NOTE),
    ],
)
def test_models_that_are_not_taken_as_they_are(read_document: Read, schema: str, code: str, severity: Severity) -> None:
    _, findings = read_document(f"paths: {{}}\ncomponents:\n  schemas:\n    M: {schema}\n")
    assert [(f.code, f.severity, f.place.line) for f in findings] == [(code, severity, 6)]


def test_properties_named_like_keywords_are_properties(read_document: Read) -> None:
    text = "{properties: {minItems: {type: integer}, nullable: {type: boolean}, $ref: {type: string}}}"
    api, findings = read_document(f"paths: {{}}\ncomponents: {{schemas: {{M: {text}}}}}\n")
    assert findings == []
    assert set(json.loads(api.models[0].schema)["properties"]) == {"minItems", "nullable", "$ref"}


def test_items_are_dropped_as_an_import_does(read_document: Read) -> None:
    api, _ = read_document("paths: {}\ncomponents: {schemas: {M: {type: array, minItems: 1, items: {type: string}}}}\n")
    assert "minItems" not in json.loads(api.models[0].schema)


def test_a_models_name_is_alphanumeric(read_document: Read) -> None:
    api, findings = read_document("paths: {}\ncomponents: {schemas: {My_Model: {type: object}}}\n")
    assert codes(findings) == ["model-name"]
    assert len(api.models) == 1


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("requestBody: {content: {application/json: {example: {a: 1}}}}", {"a": 1}),
        ("requestBody: {content: {application/json: {example: '[1]'}}}", [1]),
        ("requestBody: {content: {application/json: {example: plain}}}", "plain"),
        ("requestBody: {content: {text/x: {}, application/json: {examples: {e: {value: 2}}}}}", 2),
        ("requestBody: {content: {application/json: {schema: {example: 3}}}}", 3),
        ("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Leaf'}}}}", "l"),
    ],
)
def test_a_bodys_example(read_document: Read, operation: str, expected: object) -> None:
    api, _ = read_document(document(operation, MODELS))
    assert json.loads(api.routes[0].example_body) == expected


@pytest.mark.parametrize("operation", ["", "requestBody: {}", "requestBody: {content: {application/json: {}}}"])
def test_no_example_of_a_body(read_document: Read, operation: str) -> None:
    api, _ = read_document(document(operation))
    assert api.routes[0].example_body == ""


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("example: 7", "7"),
        ("examples: {a: {value: b}}", "b"),
        ("schema: {example: s}", "s"),
        ("x-example: t", "t"),
        ("example: {a: 1}", ""),
        ("required: false", ""),
    ],
)
def test_a_parameters_example(read_document: Read, parameter: str, expected: str) -> None:
    api, _ = read_document(document(f"parameters: [{{name: q, in: query, {parameter}}}]"))
    assert api.routes[0].parameters[0].example == expected
