"""An API that CloudFormation's resources declare, with its stage, plan and key, behaves as one of a document.

Sources: CloudFormation Template Reference, "AWS::ApiGateway::Stage", "AWS::ApiGateway::UsagePlan",
"AWS::ApiGateway::ApiKey"; API Gateway, "Throttle requests to your REST APIs".
"""

import json
from typing import Any

KEY = "a-key-of-twenty-characters"
INVALID = '{"message":"Forbidden"}'
THROTTLED = '{"message":"Too Many Requests"}'


def reference(name: str) -> dict[str, str]:
    return {"Ref": name}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}


def template(method: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """Give an API named `lab` with `GET /t`, and other resources."""
    api = reference("Api")
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    responses = [{"StatusCode": "200", "ResponseTemplates": {"application/json": "$stageVariables.greeting"}}]
    integration = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode": 200}'},
        "IntegrationResponses": responses,
    }
    return {
        "Resources": {
            "Api": resource("RestApi", Name="lab"),
            "Part": resource("Resource", RestApiId=api, ParentId=root, PathPart="t"),
            "Get": resource(
                "Method",
                RestApiId=api,
                ResourceId=reference("Part"),
                HttpMethod="GET",
                AuthorizationType="NONE",
                MethodResponses=[{"StatusCode": "200"}],
                Integration=integration,
                **method,
            ),
            **more,
        }
    }


def stage(**properties: Any) -> dict[str, Any]:
    return resource("Stage", RestApiId=reference("Api"), StageName="prod", **properties)


def test_a_stage_that_is_declared_has_its_variables(lab: Any) -> None:
    answer = lab.play(template({}, Stage=stage(Variables={"greeting": "hello"})), ("GET", "/t")).answer
    assert (answer.status, answer.text) == (200, "hello")


def test_settings_of_a_stage_s_methods_are_in_force(lab: Any) -> None:
    settings = {"ResourcePath": "/~1t", "HttpMethod": "GET", "ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
    declared = stage(Variables={"greeting": "hello"}, MethodSettings=[settings])
    answers = lab.play(template({}, Stage=declared), ("GET", "/t"), ("GET", "/t")).answers
    assert [answer.status for answer in answers] == [200, 429]
    assert (answers[1].text, answers[1].error) == (THROTTLED, "TooManyRequestsException")


def plan(throttle: dict[str, Any], enabled: bool = True) -> dict[str, Any]:
    return {
        "Stage": stage(Variables={"greeting": "hello"}),
        "Plan": resource(
            "UsagePlan",
            ApiStages=[{"ApiId": reference("Api"), "Stage": reference("Stage"), "Throttle": throttle}],
        ),
        "Key": resource("ApiKey", Enabled=enabled, Value=KEY),
        "PlanKey": resource("UsagePlanKey", KeyId=reference("Key"), KeyType="API_KEY", UsagePlanId=reference("Plan")),
    }


def test_a_key_that_is_declared_opens_the_stages_of_its_plan(lab: Any) -> None:
    document = template({"ApiKeyRequired": True}, **plan({}))
    answers = lab.play(document, ("GET", "/t"), ("GET", "/t", {"x-api-key": KEY})).answers
    assert [(answer.status, answer.text) for answer in answers] == [(403, INVALID), (200, "hello")]


def test_a_key_that_is_disabled_opens_nothing(lab: Any) -> None:
    document = template({"ApiKeyRequired": True}, **plan({}, enabled=False))
    answer = lab.play(document, ("GET", "/t", {"x-api-key": KEY})).answer
    assert (answer.status, answer.text) == (403, INVALID)


def test_a_plan_s_throttle_of_a_method_is_in_force(lab: Any) -> None:
    document = template({"ApiKeyRequired": True}, **plan({"/t/GET": {"RateLimit": 1, "BurstLimit": 1}}))
    asked = ("GET", "/t", {"x-api-key": KEY})
    answers = lab.play(document, asked, asked).answers
    assert [answer.status for answer in answers] == [200, 429]
    assert answers[1].text == THROTTLED


def test_a_validator_of_its_own_is_in_force(lab: Any) -> None:
    method = {
        "RequestValidatorId": reference("Validator"),
        "RequestParameters": {"method.request.querystring.items": True},
    }
    validator = resource("RequestValidator", RestApiId=reference("Api"), ValidateRequestParameters=True)
    document = template(method, Stage=stage(Variables={"greeting": "hello"}), Validator=validator)
    answers = lab.play(document, ("GET", "/t"), ("GET", "/t?items=1")).answers
    assert [answer.status for answer in answers] == [400, 200]
    assert answers[0].json == {"message": "Missing required request parameters: [items]"}


def test_a_model_of_its_own_keeps_what_an_import_drops(lab: Any) -> None:
    method = {"RequestValidatorId": reference("Validator"), "RequestModels": {"application/json": reference("Rows")}}
    document = template(
        method,
        Stage=stage(Variables={"greeting": "hello"}),
        Validator=resource("RequestValidator", RestApiId=reference("Api"), ValidateRequestBody=True),
        Rows=resource("Model", RestApiId=reference("Api"), Name="Rows", Schema={"type": "array", "minItems": 1}),
    )
    document["Resources"]["Get"]["Properties"]["HttpMethod"] = "POST"
    answers = lab.play(document, ("POST", "/t", {}, "[]"), ("POST", "/t", {}, "[1]")).answers
    assert [answer.status for answer in answers] == [400, 200]
    assert answers[0].json == {"message": "Invalid request body"}


def test_a_gateway_response_of_its_own_is_in_force(lab: Any) -> None:
    response = resource(
        "GatewayResponse",
        RestApiId=reference("Api"),
        ResponseType="MISSING_AUTHENTICATION_TOKEN",
        StatusCode="404",
        ResponseTemplates={"application/json": '{"error": $context.error.messageString}'},
    )
    answer = lab.play(template({}, Response=response), ("GET", "/other")).answer
    assert (answer.status, answer.json) == (404, {"error": "Missing Authentication Token"})


def domain(*mappings: dict[str, Any]) -> dict[str, Any]:
    """Give a stage with a variable, a domain, and mappings of its base paths."""
    named = resource("DomainName", DomainName="api.example.com", CertificateArn="arn")
    made = {"Stage": stage(Variables={"greeting": "hello"}), "Domain": named}
    for number, mapping in enumerate(mappings):
        made[f"Mapping{number}"] = resource(
            "BasePathMapping", DomainName=reference("Domain"), RestApiId=reference("Api"), **mapping
        )
    return made


def test_a_domain_of_its_own_leads_to_the_stage_that_is_mapped(lab: Any) -> None:
    one = template({}, **domain({"BasePath": "v1", "Stage": reference("Stage")}, {"BasePath": "v2"}))
    asked = [("GET", path) for path in ("/v1/t", "/v2/prod/t", "/v2/t", "/t", "/lab/prod/t")]
    answers = lab.play(one, *asked, host="api.example.com").answers
    assert [(answer.status, answer.text) for answer in answers[:2]] == [(200, "hello"), (200, "hello")]
    assert {(answer.status, answer.text, answer.error) for answer in answers[2:]} == {
        (403, INVALID, "ForbiddenException")
    }


def test_the_longest_base_path_counts(lab: Any) -> None:
    """Recorded (reference): custom domains with longest-path mappings."""
    mappings = {"": "root", "v1": "short", "v1/shop": "long"}
    stages = {name: resource("Stage", RestApiId=reference("Api"), StageName=name, Variables={"greeting": name})
              for name in mappings.values()}  # fmt: skip
    made = domain(*({"BasePath": base, "Stage": name} for base, name in mappings.items()))
    one = template({}, **{**made, **stages})
    asked = [("GET", path) for path in ("/t", "/v1/t", "/v1/shop/t", "/v1/shopping/t")]
    answers = lab.play(one, *asked, host="api.example.com").answers
    assert [(answer.status, answer.text) for answer in answers[:3]] == [(200, "root"), (200, "short"), (200, "long")]
    assert answers[3].status == 403


def test_a_domain_without_a_base_path_has_the_api_at_its_root(lab: Any) -> None:
    answer = lab.play(
        template({}, **domain({"Stage": reference("Stage")})), ("GET", "/t"), host="api.example.com:8443"
    ).answer
    assert (answer.status, answer.text) == (200, "hello")


def test_paths_of_a_domain_of_its_own_have_its_base_path(lab: Any) -> None:
    one = template({}, **domain({"BasePath": "v1", "Stage": reference("Stage")}))
    responses = [{"StatusCode": "200", "ResponseTemplates": {"application/json": "$context.path $context.domainName"}}]
    one["Resources"]["Get"]["Properties"]["Integration"]["IntegrationResponses"] = responses
    assert lab.play(one, ("GET", "/v1/t"), host="api.example.com").answer.text == "/v1/t api.example.com"
    assert lab.play(one, ("GET", "/t")).answer.text == "/prod/t lab.example"


def test_an_event_s_path_keeps_a_stage_that_the_caller_of_a_domain_names(lab: Any) -> None:
    one = template({}, **domain({}))
    function = lab.function()
    one["Resources"]["Get"]["Properties"]["Integration"] = {
        "Type": "AWS_PROXY",
        "IntegrationHttpMethod": "POST",
        "Uri": function["uri"],
    }
    for host, path, expected in (("api.example.com", "/prod/t", "/prod/t"), ("lab.example", "/t", "/t")):
        event = json.loads(lab.play(one, ("GET", path), host=host).call.body)
        assert (event["path"], event["requestContext"]["path"]) == (expected, "/prod/t")


def test_an_api_s_own_domain_leads_to_its_stages(lab: Any) -> None:
    one = template({}, Stage=stage(Variables={"greeting": "hello"}))
    responses = [{"StatusCode": "200", "ResponseTemplates": {"application/json": "$context.apiId"}}]
    one["Resources"]["Get"]["Properties"]["Integration"]["IntegrationResponses"] = responses
    api = lab.play(one, ("GET", "/t")).answer.text
    host = f"{api}.execute-api.us-east-1.amazonaws.com"
    answers = lab.play(one, ("GET", "/prod/t"), ("GET", "/other/t"), host=host).answers
    assert [(answer.status, answer.text) for answer in answers] == [(200, api), (403, INVALID)]


def test_a_slash_of_a_binary_media_type_may_be_escaped(lab: Any) -> None:
    """Documented: AWS::ApiGateway::RestApi, BinaryMediaTypes ("Slashes must be escaped with ~1")."""
    function = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/shown/invocations"
    document = template({})
    document["Resources"]["Api"]["Properties"]["BinaryMediaTypes"] = ["image~1png"]
    document["Resources"]["Get"]["Properties"].update(
        HttpMethod="POST", Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": function}
    )
    code = """
        import json
        def handler(event, context):
            return {"statusCode": 200, "body": json.dumps([event["body"], event["isBase64Encoded"]])}
    """
    asked = ("POST", "/t", {"Content-Type": "image/png"}, b"hi")
    assert lab.play(document, asked, functions={"shown": code}).answer.json == ["aGk=", True]
