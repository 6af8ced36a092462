"""The movies API as a CDK app."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

HERE = Path(__file__).resolve().parent
ENDPOINT = "movie-ratings"


def template(name: str) -> str:
    return (HERE.parent / "templates" / name).read_text("utf-8")


app = cdk.App()
stack = cdk.Stack(app, "Movies")

api = apigateway.RestApi(stack, "Api", rest_api_name="movies", cloud_watch_role=False)

role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
role.add_to_policy(
    iam.PolicyStatement(
        actions=["sagemaker:InvokeEndpoint"],
        resources=[stack.format_arn(service="sagemaker", resource="endpoint", resource_name=ENDPOINT)],
    )
)

model = apigateway.AwsIntegration(
    service="runtime.sagemaker",
    path=f"endpoints/{ENDPOINT}/invocations",
    options=apigateway.IntegrationOptions(
        credentials_role=role,
        passthrough_behavior=apigateway.PassthroughBehavior.NEVER,
        request_templates={"application/json": template("request.vtl")},
        integration_responses=[
            apigateway.IntegrationResponse(
                status_code="500", response_templates={"application/json": '{"message": "The model failed"}'}
            ),
            apigateway.IntegrationResponse(
                status_code="200",
                selection_pattern=r"2\d{2}",
                response_templates={"application/json": template("ratings.vtl")},
            ),
            apigateway.IntegrationResponse(
                status_code="400",
                selection_pattern=r"4\d{2}",
                response_templates={"application/json": template("refused.vtl")},
            ),
        ],
    ),
)
api.root.add_resource("predicted-ratings").add_resource("{user_id}").add_method(
    "GET",
    model,
    api_key_required=True,
    request_parameters={"method.request.path.user_id": True, "method.request.querystring.items": True},
    request_validator_options=apigateway.RequestValidatorOptions(validate_request_parameters=True),
    method_responses=[apigateway.MethodResponse(status_code=status) for status in ("200", "400", "500")],
)

scale = lambda_.Function(
    stack,
    "Scale",
    runtime=lambda_.Runtime.PYTHON_3_12,
    handler="index.handler",
    code=lambda_.Code.from_asset(str(HERE.parent / "function")),
)
api.root.add_resource("scale").add_method("GET", apigateway.LambdaIntegration(scale), api_key_required=True)

plan = api.add_usage_plan("Plan", name="demo", throttle=apigateway.ThrottleSettings(rate_limit=100, burst_limit=200))
plan.add_api_key(api.add_api_key("Key", api_key_name="demo"))
plan.add_api_stage(stage=api.deployment_stage)

app.synth()
