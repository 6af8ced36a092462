"""RestApi: the resources of each kind of route, and what is refused.

The forms of resources are those of the CloudFormation Template Reference; cfn-lint, which knows them, is asked too.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.dialects.apigateway import provisioning, reader
from inferway.dialects.aws_resources import provisioning as shared
from inferway.faults import Severity
from inferway.formats.resources import Environment, Provisioned, Resource
from inferway.patterns import RestApi, endpoint, function, given, http, mock, program, table

CFN_LINT: Any = import_module("cfnlint.api")


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    return provisioning.provision(resource, environment) or shared.provision(resource, environment)


def resources(api: RestApi, kind: str) -> list[dict[str, Any]]:
    made: Any = json.loads(json.dumps(api.to_cloudformation()))["Resources"]
    return [one["Properties"] for one in made.values() if one["Type"] == kind]


def method(api: RestApi) -> dict[str, Any]:
    (made,) = resources(api, "AWS::ApiGateway::Method")
    return made


def full() -> RestApi:
    ratings = table("ratings", key="user", sort="movie")
    api = RestApi(
        "movies",
        stage="v1",
        api_key=True,
        rate=10,
        burst=20,
        quota=(10_000, "DAY"),
        cors="*",
        variables={"a": "b"},
        description="Ratings",
    )
    api.get("/health", mock(200, {"status": "ok"}), api_key=False)
    api.post("/recommend", endpoint("movie-ratings"), body={"type": "object", "required": ["user"]})
    api.get("/scale", function("scale"), query={"n": True}, headers=["accept-language"])
    api.post("/local/{id}", function(path="code", handler="a.b"), request={"id": given.path("id")})
    api.get("/users/{user}/ratings/{movie}", ratings.get(), cache=60, rate=1, burst=2)
    api.put("/users/{user}/ratings/{movie}", ratings.put("rating:N", "seen:BOOL"))
    api.delete("/users/{user}/ratings/{movie}", ratings.delete(), authorization="AWS_IAM")
    api.get("/users/{user}/ratings", ratings.query(limit=5))
    api.get("/ratings", ratings.scan())
    api.any("/web/{proxy+}", http("https://example.com/{proxy}"))
    api.patch("/mapped", http("https://example.com/x", method="PUT"), response='{"a": $input.json("$")}', query=["q"])
    api.head("/head", mock(204))
    api.options("/head", mock(204))
    return api


def test_cfn_lint_finds_nothing() -> None:
    found = CFN_LINT.lint_all(json.dumps(full().to_cloudformation()))
    # Code of functions is a folder here, which `aws cloudformation package` uploads: W3002.
    assert [str(match) for match in found if match.rule.id[0] != "I" and match.rule.id != "W3002"] == []


def test_the_reader_serves_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text("")
    text = "import importlib.util\n" + Path(__file__).read_text().partition("def full()")[2]
    body = text.partition("-> RestApi:")[2].partition("def test_cfn")[0]
    names = "RestApi, endpoint, function, given, http, mock, table"
    file = tmp_path / "api.py"
    file.write_text(f"from inferway.patterns import {names}\n\ndef full():{body}\napi = full()\n")
    graph, findings = program.read(file, Environment(), provision)
    assert [found for found in findings if found.severity is Severity.ERROR] == []
    (api,), findings = reader.read(graph)
    assert [str(found) for found in findings if found.severity is not Severity.NOTE] == []
    assert {(route.method, route.path) for route in api.routes if route.method != "OPTIONS"} == {
        ("GET", "/health"),
        ("POST", "/recommend"),
        ("GET", "/scale"),
        ("POST", "/local/{id}"),
        ("GET", "/users/{user}/ratings/{movie}"),
        ("PUT", "/users/{user}/ratings/{movie}"),
        ("DELETE", "/users/{user}/ratings/{movie}"),
        ("GET", "/users/{user}/ratings"),
        ("GET", "/ratings"),
        ("ANY", "/web/{proxy+}"),
        ("PATCH", "/mapped"),
        ("HEAD", "/head"),
    }
    lines = file.read_text().splitlines()
    places = {(route.method, route.path): route.place.line for route in api.routes}
    assert "api.post(" in lines[places["POST", "/recommend"] - 1]
    assert "ratings.scan()" in lines[places["GET", "/ratings"] - 1]
    (stage,) = api.stages
    assert (stage.name, stage.cache, stage.variables) == ("v1", True, {"a": "b"})
    (plan,) = api.plans
    assert plan.throttle is not None
    assert (plan.throttle.rate, plan.throttle.burst) == (10, 20)


def test_a_model_is_asked_with_a_role_that_may_do_nothing_else() -> None:
    api = RestApi("m")
    api.post("/", endpoint("ratings"))
    integration = method(api)["Integration"]
    assert integration["Type"] == "AWS"
    assert integration["Uri"]["Fn::Join"][1][-1] == ":runtime.sagemaker:path/endpoints/ratings/invocations"
    (role,) = resources(api, "AWS::IAM::Role")
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sagemaker:InvokeEndpoint"
    assert statement["Resource"]["Fn::Join"][1][-1] == ":endpoint/ratings"
    assert "Fn::GetAtt" in integration["Credentials"]


def test_a_function_is_a_proxy_unless_the_route_maps() -> None:
    api = RestApi("m")
    api.get("/", function("f"))
    integration = method(api)["Integration"]
    assert integration["Type"] == "AWS_PROXY"
    assert "IntegrationResponses" not in integration
    parts = integration["Uri"]["Fn::Join"][1]
    assert parts[-3] == ":lambda:path/2015-03-31/functions/"
    assert parts[-2]["Fn::Join"][1][-1] == ":function:f"
    api = RestApi("m")
    api.get("/", function("f"), errors={404: "Not found.*"})
    made = method(api)
    assert made["Integration"]["Type"] == "AWS"
    assert [
        (one["StatusCode"], one.get("SelectionPattern")) for one in made["Integration"]["IntegrationResponses"]
    ] == [
        ("200", None),
        ("404", "Not found.*"),
    ]
    assert [one["StatusCode"] for one in made["MethodResponses"]] == ["200", "404"]


def test_an_error_may_have_its_own_answer() -> None:
    api = RestApi("m")
    api.get("/", endpoint("e"), errors={400: ("4..", {"message": "no", "why": given.answer("$.why")}), 502: "5.."})
    assert [
        (one["StatusCode"], one.get("SelectionPattern"), one.get("ResponseTemplates"))
        for one in method(api)["Integration"]["IntegrationResponses"]
    ] == [
        ("200", None, None),
        ("400", "4..", {"application/json": '{"message": "no", "why": $input.json(\'$.why\')}'}),
        ("502", "5..", None),
    ]
    with pytest.raises(ValueError, match="is no status"):
        api.get("/x", endpoint("e"), errors={4: "x"})


def test_a_declared_function_has_its_code_beside_the_program() -> None:
    api = RestApi("m")
    api.get("/", function(path="handlers/rate", handler="index.go", timeout=9, memory=256, environment={"A": "b"}))
    (made,) = resources(api, "AWS::Lambda::Function")
    assert made["Code"] == str(Path(__file__).parent / "handlers" / "rate")
    assert (made["FunctionName"], made["Handler"], made["Timeout"], made["MemorySize"]) == ("rate", "index.go", 9, 256)
    assert made["Environment"] == {"Variables": {"A": "b"}}
    (permission,) = resources(api, "AWS::Lambda::Permission")
    assert permission["Principal"] == "apigateway.amazonaws.com"


def test_an_address_gets_the_path_s_parameters() -> None:
    api = RestApi("m")
    api.get("/a/{id}/{rest+}", http("https://example.com/{id}?x={rest}"))
    made = method(api)
    assert made["Integration"]["Type"] == "HTTP_PROXY"
    assert made["Integration"]["RequestParameters"] == {
        "integration.request.path.id": "method.request.path.id",
        "integration.request.path.rest": "method.request.path.rest",
    }
    assert made["RequestParameters"] == {"method.request.path.id": True, "method.request.path.rest": True}


def test_what_a_template_reads_is_declared_and_required_ones_are_validated() -> None:
    api = RestApi("m")
    api.get("/", mock(200), headers={"x-who": True})
    made = method(api)
    assert made["RequestParameters"] == {"method.request.header.x-who": True}
    (validator,) = resources(api, "AWS::ApiGateway::RequestValidator")
    assert (validator["ValidateRequestBody"], validator["ValidateRequestParameters"]) == (False, True)
    api = RestApi("m")
    api.post("/", endpoint("e"), request={"n": given.query("n", "number"), "h": given.header("x-h")})
    assert method(api)["RequestParameters"] == {
        "method.request.querystring.n": False,
        "method.request.header.x-h": False,
    }


def test_a_schema_becomes_a_model() -> None:
    api = RestApi("m")
    api.post("/", endpoint("e"), body={"type": "object"})
    (model,) = resources(api, "AWS::ApiGateway::Model")
    assert model["Schema"] == {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}
    made = method(api)
    assert made["RequestModels"].keys() == {"application/json"}
    assert "RequestValidatorId" in made


def test_a_put_needs_its_attributes_whatever_schema_is_given() -> None:
    needed = {"type": "object", "required": ["n"], "properties": {"n": {"type": "number"}}}
    api = RestApi("m")
    api.put("/{id}", table("things", key="id").put("n:N"))
    (model,) = resources(api, "AWS::ApiGateway::Model")
    assert {key: model["Schema"][key] for key in needed} == needed
    api = RestApi("m")
    api.put("/{id}", table("things", key="id").put("n:N"), body={"maxProperties": 2})
    (model,) = resources(api, "AWS::ApiGateway::Model")
    assert model["Schema"]["allOf"] == [{"maxProperties": 2}, needed]


def test_throttles_and_caches_are_the_stage_s() -> None:
    api = RestApi("m", rate=100, burst=10)
    api.get("/a/b", mock(200), cache=30, query=["q"])
    api.get("/c", mock(200), rate=5, burst=6)
    (stage,) = resources(api, "AWS::ApiGateway::Stage")
    assert stage["MethodSettings"] == [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "ThrottlingRateLimit": 100,
            "ThrottlingBurstLimit": 10,
            "CachingEnabled": False,
        },
        {"HttpMethod": "GET", "ResourcePath": "/a~1b", "CachingEnabled": True, "CacheTtlInSeconds": 30},
        {"HttpMethod": "GET", "ResourcePath": "/c", "ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 6},
    ]
    assert stage["CacheClusterEnabled"] is True
    first = resources(api, "AWS::ApiGateway::Method")[0]
    assert first["Integration"]["CacheKeyParameters"] == ["method.request.querystring.q"]


def test_keys_share_a_plan() -> None:
    api = RestApi("m", keys=["ann", "bob"], rate=1, burst=2, quota=(3, "WEEK"))
    api.get("/", mock(200))
    api.get("/open", mock(200), api_key=False)
    assert [one["Name"] for one in resources(api, "AWS::ApiGateway::ApiKey")] == ["ann", "bob"]
    (plan,) = resources(api, "AWS::ApiGateway::UsagePlan")
    assert plan["Throttle"] == {"RateLimit": 1, "BurstLimit": 2}
    assert plan["Quota"] == {"Limit": 3, "Period": "WEEK"}
    assert [one["ApiKeyRequired"] for one in resources(api, "AWS::ApiGateway::Method")] == [True, False]


def test_pages_of_one_origin_may_call() -> None:
    api = RestApi("m", cors="https://page.example")
    api.get("/a/{id}", mock(200, {"a": 1}), headers=["x-mine"])
    api.post("/a/{id}", mock(200))
    made = {one["HttpMethod"]: one for one in resources(api, "AWS::ApiGateway::Method")}
    assert set(made) == {"GET", "POST", "OPTIONS"}
    (case,) = made["OPTIONS"]["Integration"]["IntegrationResponses"]
    headers = case["ResponseParameters"]
    assert headers["method.response.header.Access-Control-Allow-Methods"] == "'OPTIONS,GET,POST'"
    assert headers["method.response.header.Access-Control-Allow-Origin"] == "'https://page.example'"
    assert headers["method.response.header.Access-Control-Allow-Headers"].endswith(",x-mine'")
    assert not made["OPTIONS"]["ApiKeyRequired"]
    (case,) = made["GET"]["Integration"]["IntegrationResponses"]
    origin = {"method.response.header.Access-Control-Allow-Origin": "'https://page.example'"}
    assert case["ResponseParameters"] == origin
    assert [one["ResponseType"] for one in resources(api, "AWS::ApiGateway::GatewayResponse")] == [
        "DEFAULT_4XX",
        "DEFAULT_5XX",
    ]


def test_a_change_is_deployed() -> None:
    def deployment(body: str) -> str:
        api = RestApi("m")
        api.get("/", mock(200, body))
        made: Any = api.to_cloudformation()["Resources"]
        return str(next(name for name, one in made.items() if one["Type"] == "AWS::ApiGateway::Deployment"))

    assert deployment("a") == deployment("a")
    assert deployment("a") != deployment("b")


@pytest.mark.parametrize(
    ("path", "options", "said"),
    [
        ("health", {}, "without a slash; write '/health'"),
        ("/a//b", {}, "an empty part; write '/a/b'"),
        ("/a/", {}, "an empty part; write '/a'"),
        ("/a b", {}, "cannot be one part of a path"),
        ("/{a+}/b", {}, "at the end"),
        ("/{a}/{a}", {}, "{a} twice"),
        ("/taken", {}, "GET /taken already, in line"),
        ("/taken/{other}/x", {}, "one place of a path has one name"),
        ("/a", {"cache": 4000}, "0 to 3600 seconds"),
        ("/a", {"rate": 0}, "above 0"),
        ("/a", {"authorization": "JWT"}, "no authorization"),
        ("/a", {"query": "q"}, "names are a list"),
        ("/a", {"query": ["a b"]}, "name of a parameter"),
        ("/a", {"response": "x"}, "its answer itself"),
    ],
)
def test_what_no_route_can_be_made_of(path: str, options: Any, said: str) -> None:
    api = RestApi("m")
    api.get("/taken", mock(200))
    api.get("/taken/{name}", mock(200))
    with pytest.raises(ValueError, match=said.replace("{", r"\{").replace("}", r"\}")):
        api.get(path, mock(200), **options)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda api: api.route("FETCH", "/", mock(200)), "'FETCH' is no method; there are GET"),
        (lambda api: api.get("/", "https://example.com"), "is no target"),
        (lambda api: api.get("/x", http("https://example.com/{id}")), "no parameter of the path /x"),
        (lambda api: api.get("/x", endpoint("e"), request={"a": given.path("id")}), "no parameter of the path /x"),
        (lambda api: api.get("/x", table("things", key="id").get()), "neither a parameter of the path /x"),
        (lambda api: api.get("/x", mock(200, {"a": given.path("id")})), "no parameter of the path /x"),
        (lambda api: api.post("/x", mock(200, {"a": given.body()})), "no backend passes the body on"),
        (lambda api: api.post("/x", endpoint("e"), request={"a": given.answer()}), "there is no answer yet"),
        (lambda api: api.post("/x", endpoint("e"), response={"a": given.body()}), "given.answer"),
        (lambda api: api.post("/x", endpoint("e"), errors={400: ("4..", [given.body("$.a")])}), "given.answer"),
        (lambda api: api.post("/x", endpoint("e"), request=[given.argument("a")]), "fields of a GraphqlApi"),
        (lambda _: endpoint("a_b"), "name of an endpoint"),
        (lambda _: function("a b"), "name of a function"),
        (lambda _: function(path="x", handler="go"), "is no handler"),
        (lambda _: function("f", timeout=0), "1 to 900 seconds"),
        (lambda _: http("example.com"), "is no address"),
        (lambda _: http("https://example.com", method="FETCH"), "no method"),
        (lambda _: mock(99), "is no status"),
        (lambda _: table("x", key="id"), "name of a table"),
        (lambda _: table("things", key="id:BOOL"), "no attribute"),
        (lambda _: table("things", key="id").put("a:SS"), "no attribute"),
        (lambda _: RestApi("--"), "name of an API"),
        (lambda _: RestApi("m", stage="a b"), "name of a stage"),
        (lambda _: RestApi("m", authorization="JWT"), "no authorization"),
        (lambda _: RestApi("m", quota=(1, "DAY")), "counted for each key"),
        (lambda _: RestApi("m", api_key=True, quota=(1, "YEAR")), "DAY, WEEK, MONTH"),
        (lambda _: RestApi("m", rate=-1), "above 0"),
    ],
)
def test_what_no_api_can_be_made_of(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make(RestApi("m"))


def test_an_option_that_there_is_not_is_told() -> None:
    options: Any = {"timeout": 3}
    with pytest.raises(TypeError, match="no option 'timeout'; there are request"):
        RestApi("m").get("/", mock(200), **options)


def test_a_mistake_is_told_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "api.py"
    file.write_text('from inferway.patterns import RestApi, mock\napi = RestApi("m")\n\napi.get("x", mock(200))\n')
    _, findings = program.read(file, Environment(), provision)
    assert [(found.code, found.place.line) for found in findings] == [("program-failed", 4)]
    assert "without a slash" in findings[0].text


def test_an_api_without_a_route_is_told_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "api.py"
    file.write_text('from inferway.patterns import RestApi\n\napi = RestApi("m")\n')
    _, findings = program.read(file, Environment(), provision)
    assert [str(found.place) for found in findings] == [f"{file}:3"]
    assert "has no route" in findings[0].text


def test_what_two_apis_use_is_declared_once(tmp_path: Path) -> None:
    file = tmp_path / "api.py"
    file.write_text(
        "from inferway.patterns import RestApi, table\n"
        'things = table("things", key="id")\n'
        'apis = [RestApi("a"), RestApi("b")]\n'
        "for api in apis:\n"
        '    api.get("/{id}", things.get())\n'
    )
    graph, findings = program.read(file, Environment(), provision)
    assert findings == ()
    kinds = [resource.type for resource in graph.resources]
    assert kinds.count("AWS::DynamoDB::Table") == 1
    assert kinds.count("AWS::ApiGateway::RestApi") == 2
    (found,) = (resource for resource in graph.resources if resource.type == "AWS::DynamoDB::Table")
    assert str(found.places.find()) == f"{file}:2"
