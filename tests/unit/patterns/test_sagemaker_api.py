"""SageMakerApi, against what the Solutions Construct synthesizes."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.patterns import Element, SageMakerApi
from inferway.patterns.element import logical_id

CFN_LINT: Any = import_module("cfnlint.api")


def test_the_minimal_example_is_the_construct_s(construct: Any) -> None:
    made = SageMakerApi(**construct.arguments).to_cloudformation()
    assert construct.comparable(made) == construct.comparable(construct.template("sagemaker_construct"))


def test_the_example_with_everything_overwritten_is_the_construct_s(construct: Any) -> None:
    wanted = construct.template("sagemaker_construct_overwritten")
    given = wanted["Resources"]["apigatewayroleE6D48DBD"]
    role = Element(id="apigatewayroleE6D48DBD", type=given["Type"], properties=given["Properties"])
    api = SageMakerApi(
        id="test-apigateway-sagemakerendpoint-overwrite",
        endpoint_name="my-endpoint",
        resource_name="predicted-ratings",
        resource_path="{user_id}",
        request_mapping_template=construct.request,
        response_mapping_template=construct.response,
        api_gateway_execution_role=role,
    )
    assert construct.comparable(api.to_cloudformation()) == construct.comparable(wanted)
    assert api.api_gateway_role is role


def test_cfn_lint_finds_nothing(construct: Any) -> None:
    api = SageMakerApi(
        **construct.arguments,
        response_mapping_template=construct.response,
        resource_name="predicted-ratings",
        api_gateway_props={
            "rest_api_name": "movies",
            "endpoint_types": ["REGIONAL"],
            "min_compression_size": 1000,
            "deploy_options": {"stage_name": "v1", "throttling_rate_limit": 10, "throttling_burst_limit": 20},
        },
        log_group_props={"log_group_name": "movies", "retention": 30, "removal_policy": "destroy"},
    )
    for made in (api, SageMakerApi(**construct.arguments)):
        found = CFN_LINT.lint_all(json.dumps(made.to_cloudformation()))
        assert [str(match) for match in found if not match.rule.id.startswith("I")] == []


class TestProperties:
    def test_the_four_that_the_construct_gives(self, construct: Any) -> None:
        api = SageMakerApi(**construct.arguments)
        role = api.api_gateway_role
        assert isinstance(role, Element)
        made = api.to_cloudformation()["Resources"]
        assert isinstance(made, dict)
        for element, kind in (
            (api.api_gateway, "AWS::ApiGateway::RestApi"),
            (role, "AWS::IAM::Role"),
            (api.api_gateway_cloud_watch_role, "AWS::IAM::Role"),
            (api.api_gateway_log_group, "AWS::Logs::LogGroup"),
        ):
            assert made[element.id]["Type"] == element.type == kind
        assert api.api_gateway.reference == {"Ref": api.api_gateway.id}

    def test_a_role_s_arn_is_used_and_none_is_made(self, construct: Any) -> None:
        arn = "arn:aws:iam::123456789012:role/caller"
        api = SageMakerApi(**construct.arguments, api_gateway_execution_role=arn)
        kinds = [element.type for element in api.elements()]
        assert kinds.count("AWS::IAM::Role") == 1
        assert "AWS::IAM::Policy" not in kinds
        (method,) = (element for element in api.elements() if element.type == "AWS::ApiGateway::Method")
        assert json.loads(json.dumps(method.properties["Integration"]))["Credentials"] == arn

    def test_props_are_laid_over_the_defaults(self, construct: Any) -> None:
        api = SageMakerApi(
            **construct.arguments,
            api_gateway_props={
                "rest_api_name": "movies",
                "default_method_options": {"authorization_type": "NONE", "api_key_required": True},
                "deploy_options": {
                    "stage_name": "v1",
                    "tracing_enabled": False,
                    "caching_enabled": True,
                    "cache_ttl": 60,
                },
            },
            log_group_props={"retention": 7, "removal_policy": "destroy"},
        )
        by_type = {element.type: element for element in api.elements()}
        assert api.api_gateway.properties == {"EndpointConfiguration": {"Types": ["EDGE"]}, "Name": "movies"}
        stage = by_type["AWS::ApiGateway::Stage"].properties
        assert (stage["StageName"], stage["TracingEnabled"]) == ("v1", False)
        assert json.loads(json.dumps(stage["MethodSettings"])) == [
            {
                "HttpMethod": "*",
                "ResourcePath": "/*",
                "LoggingLevel": "INFO",
                "DataTraceEnabled": False,
                "CachingEnabled": True,
                "CacheTtlInSeconds": 60,
            }
        ]
        method = by_type["AWS::ApiGateway::Method"].properties
        assert (method["AuthorizationType"], method["ApiKeyRequired"]) == ("NONE", True)
        group = by_type["AWS::Logs::LogGroup"].declaration()
        assert (group["Properties"], group["DeletionPolicy"]) == ({"RetentionInDays": 7}, "Delete")

    def test_the_deployment_s_name_changes_with_what_it_deploys(self, construct: Any) -> None:
        def deployed(**changes: Any) -> str:
            made = SageMakerApi(**{**construct.arguments, **changes})
            return next(element.id for element in made.elements() if element.type == "AWS::ApiGateway::Deployment")

        assert deployed() == deployed()
        assert deployed() != deployed(request_mapping_template="{}")

    def test_where_it_was_made_is_kept(self, construct: Any) -> None:
        place = SageMakerApi(**construct.arguments).place
        lines = Path(__file__).read_text(encoding="utf-8").splitlines()
        assert place.file == __file__
        assert "SageMakerApi(**construct.arguments).place" in lines[place.line - 1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"endpoint_name": ""}, "name of an endpoint"),
        ({"endpoint_name": "a/b"}, "name of an endpoint"),
        ({"endpoint_name": "a" * 64}, "name of an endpoint"),
        ({"resource_path": ""}, "one part of a path"),
        ({"resource_path": "a/{b}"}, "one part of a path"),
        ({"resource_name": "{"}, "one part of a path"),
        ({"request_mapping_template": " "}, "mapping template"),
        ({"id": "-"}, "no letter and no digit"),
        ({"api_gateway_props": {"rest_api_nam": "x"}}, "did you mean 'rest_api_name'"),
        ({"api_gateway_props": {"deploy_options": {"stage": "x"}}}, "did you mean 'stage_name'"),
        ({"api_gateway_props": {"deploy_options": 1}}, "mapping of properties"),
        ({"api_gateway_props": {"default_method_options": {"x": 1}}}, "there are api_key_required"),
        ({"log_group_props": {"retain": 1}}, "has no property 'retain'"),
    ],
)
def test_what_no_api_can_be_made_of(construct: Any, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SageMakerApi(**{**construct.arguments, **changes})


def test_identifiers_are_the_cdk_s() -> None:
    assert logical_id("test-apigw-sagemakerendpoint", "RestApi", "Endpoint") == (
        "testapigwsagemakerendpointRestApiEndpoint1FCAF34B"
    )
