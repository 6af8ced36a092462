"""The movies API as a Pulumi program in Python."""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

HERE = Path(__file__).resolve().parent
REGION = aws.get_region().region
TEMPLATES = HERE.parent / "templates"
JSON = "application/json"

api = aws.apigateway.RestApi("api", name="movies")

role = aws.iam.Role(
    "role",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": ["apigateway.amazonaws.com", "lambda.amazonaws.com"]},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)

validator = aws.apigateway.RequestValidator(
    "parameters", rest_api=api.id, name="parameters", validate_request_parameters=True
)
ratings = aws.apigateway.Resource(
    "predictedRatings", rest_api=api.id, parent_id=api.root_resource_id, path_part="predicted-ratings"
)
user = aws.apigateway.Resource("user", rest_api=api.id, parent_id=ratings.id, path_part="{user_id}")
predict = aws.apigateway.Method(
    "predict",
    rest_api=api.id,
    resource_id=user.id,
    http_method="GET",
    authorization="NONE",
    api_key_required=True,
    request_validator_id=validator.id,
    request_parameters={"method.request.path.user_id": True, "method.request.querystring.items": True},
)
model = aws.apigateway.Integration(
    "model",
    rest_api=api.id,
    resource_id=user.id,
    http_method=predict.http_method,
    type="AWS",
    integration_http_method="POST",
    uri=f"arn:aws:apigateway:{REGION}:runtime.sagemaker:path/endpoints/movie-ratings/invocations",
    credentials=role.arn,
    passthrough_behavior="NEVER",
    request_templates={JSON: (TEMPLATES / "request.vtl").read_text("utf-8")},
)
answers = []
for status, pattern, template in (
    ("500", None, '{"message": "The model failed"}'),
    ("200", r"2\d{2}", (TEMPLATES / "ratings.vtl").read_text("utf-8")),
    ("400", r"4\d{2}", (TEMPLATES / "refused.vtl").read_text("utf-8")),
):
    declared = aws.apigateway.MethodResponse(
        f"declared{status}",
        rest_api=api.id,
        resource_id=user.id,
        http_method=predict.http_method,
        status_code=status,
    )
    answers.append(
        aws.apigateway.IntegrationResponse(
            f"answer{status}",
            rest_api=api.id,
            resource_id=user.id,
            http_method=predict.http_method,
            status_code=declared.status_code,
            selection_pattern=pattern,
            response_templates={JSON: template},
            opts=pulumi.ResourceOptions(depends_on=[model]),
        )
    )

function = aws.lambda_.Function(
    "scale",
    name="movies-scale",
    runtime="python3.12",
    handler="index.handler",
    role=role.arn,
    code=pulumi.FileArchive(str(HERE.parent / "function")),
)
aws.lambda_.Permission(
    "mayInvoke",
    function=function.name,
    action="lambda:InvokeFunction",
    principal="apigateway.amazonaws.com",
    source_arn=api.execution_arn.apply(lambda arn: f"{arn}/*"),
)
scale = aws.apigateway.Resource("scale", rest_api=api.id, parent_id=api.root_resource_id, path_part="scale")
get_scale = aws.apigateway.Method(
    "getScale",
    rest_api=api.id,
    resource_id=scale.id,
    http_method="GET",
    authorization="NONE",
    api_key_required=True,
)
proxied = aws.apigateway.Integration(
    "proxied",
    rest_api=api.id,
    resource_id=scale.id,
    http_method=get_scale.http_method,
    type="AWS_PROXY",
    integration_http_method="POST",
    uri=function.invoke_arn,
)

deployment = aws.apigateway.Deployment(
    "deployment", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=[model, proxied, *answers])
)
stage = aws.apigateway.Stage("prod", rest_api=api.id, deployment=deployment.id, stage_name="prod")

key = aws.apigateway.ApiKey("demo", name="demo")
plan = aws.apigateway.UsagePlan(
    "plan",
    name="demo",
    api_stages=[aws.apigateway.UsagePlanApiStageArgs(api_id=api.id, stage=stage.stage_name)],
    throttle_settings=aws.apigateway.UsagePlanThrottleSettingsArgs(rate_limit=100, burst_limit=200),
)
aws.apigateway.UsagePlanKey("keyOfPlan", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)

pulumi.export("url", stage.invoke_url)
pulumi.export("key", key.value)
