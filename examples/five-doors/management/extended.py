"""Extended: the corrected program with tables, and with SageMaker behind it, to train, register and use models.

`addModel` and `getModel` keep their records in a table. The rest speaks to SageMaker's own API through HTTP data
sources that AppSync signs: start a training job, watch it, register what it made with its metric, put it behind an
endpoint, predict with it, and keep the result.
"""

from pathlib import Path

import pulumi
import pulumi_aws as aws

HERE = Path(__file__).resolve().parent
REGION = "us-east-1"

cfg = pulumi.Config()
training_image = cfg.get("trainingImage") or f"000000000000.dkr.ecr.{REGION}.amazonaws.com/movie-ratings:latest"
bucket = cfg.get("bucket") or "movie-ratings"
execution_role = cfg.get("executionRoleArn") or "arn:aws:iam::000000000000:role/movie-ratings-sagemaker"

PLACEHOLDERS = {"TRAINING_IMAGE": training_image, "BUCKET": bucket, "EXECUTION_ROLE": execution_role}


def role(name: str, policy: str) -> aws.iam.Role:
    """Give a role that AppSync may take, with one policy of `roles/`."""
    made = aws.iam.Role(name, assume_role_policy=(HERE / "roles" / "appsync-trust.json").read_text())
    aws.iam.RolePolicy(f"{name}_policy", role=made.name, policy=(HERE / "roles" / policy).read_text())
    return made


appsync_iam_role = aws.iam.Role(
    "appsync_iam_role", assume_role_policy=(HERE / "roles" / "appsync-trust.json").read_text()
)

policy_attachment = aws.iam.RolePolicyAttachment(
    "appsync-attach",
    role=appsync_iam_role.name,
    policy_arn=aws.iam.ManagedPolicy.AWS_APP_SYNC_PUSH_TO_CLOUD_WATCH_LOGS,
)

graphql_api = aws.appsync.GraphQLApi(
    "graphql_api",
    authentication_type="API_KEY",
    schema=(HERE / "schema.graphql").read_text(),
    log_config=aws.appsync.GraphQLApiLogConfigArgs(
        cloudwatch_logs_role_arn=appsync_iam_role.arn, field_log_level="ERROR"
    ),
)

api_key = aws.appsync.ApiKey("graphql_api_key", api_id=graphql_api.id)

tables_role = role("appsync_tables_role", "tables.json")
sagemaker_role = role("appsync_sagemaker_role", "sagemaker.json")

models_table = aws.dynamodb.Table(
    "models",
    name="models",
    billing_mode="PAY_PER_REQUEST",
    hash_key="name",
    attributes=[aws.dynamodb.TableAttributeArgs(name="name", type="S")],
)

predictions_table = aws.dynamodb.Table(
    "predictions",
    name="predictions",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attributes=[aws.dynamodb.TableAttributeArgs(name="id", type="S")],
)


def table_source(name: str, table: aws.dynamodb.Table) -> aws.appsync.DataSource:
    return aws.appsync.DataSource(
        name,
        api_id=graphql_api.id,
        type="AMAZON_DYNAMODB",
        dynamodb_config=aws.appsync.DataSourceDynamodbConfigArgs(table_name=table.name, region=REGION),
        service_role_arn=tables_role.arn,
    )


def sagemaker_source(name: str, endpoint: str) -> aws.appsync.DataSource:
    return aws.appsync.DataSource(
        name,
        api_id=graphql_api.id,
        type="HTTP",
        http_config=aws.appsync.DataSourceHttpConfigArgs(
            endpoint=endpoint,
            authorization_config=aws.appsync.DataSourceHttpConfigAuthorizationConfigArgs(
                authorization_type="AWS_IAM",
                aws_iam_config=aws.appsync.DataSourceHttpConfigAuthorizationConfigAwsIamConfigArgs(
                    signing_region=REGION, signing_service_name="sagemaker"
                ),
            ),
        ),
        service_role_arn=sagemaker_role.arn,
    )


models = table_source("models_source", models_table)
predictions = table_source("predictions_source", predictions_table)
sagemaker = sagemaker_source("sagemaker_source", f"https://api.sagemaker.{REGION}.amazonaws.com")
runtime = sagemaker_source("runtime_source", f"https://runtime.sagemaker.{REGION}.amazonaws.com")


def template(name: str, kind: str) -> str:
    """Give one of the templates of `resolvers/`."""
    text = (HERE / "resolvers" / f"{name}.{kind}.vtl").read_text()
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    return text


def unit(field: str, source: aws.appsync.DataSource, parent: str = "Query") -> aws.appsync.Resolver:
    """Give a field a resolver of its own name."""
    return aws.appsync.Resolver(
        f"{parent}_{field}",
        api_id=graphql_api.id,
        data_source=source.name,
        type=parent,
        field=field,
        request_template=template(field, "request"),
        response_template=template(field, "response"),
    )


def function(name: str, source: aws.appsync.DataSource) -> aws.appsync.Function:
    """Give a function, to be a part of pipelines."""
    return aws.appsync.Function(
        name,
        api_id=graphql_api.id,
        data_source=source.name,
        name=name,
        request_mapping_template=template(name, "request"),
        response_mapping_template=template(name, "response"),
    )


def pipeline(field: str, functions: list[aws.appsync.Function]) -> aws.appsync.Resolver:
    """Give a mutation a resolver that runs functions one after another."""
    return aws.appsync.Resolver(
        f"Mutation_{field}",
        api_id=graphql_api.id,
        type="Mutation",
        field=field,
        kind="PIPELINE",
        request_template=template(field, "request"),
        response_template=template(field, "response"),
        pipeline_config=aws.appsync.ResolverPipelineConfigArgs(functions=[each.function_id for each in functions]),
    )


unit("getModel", models)
unit("listModels", models)
unit("addModel", models, "Mutation")
unit("trainingJob", sagemaker)
unit("startTraining", sagemaker, "Mutation")
unit("createGroup", sagemaker, "Mutation")
unit("modelVersion", sagemaker)
unit("modelVersions", sagemaker)
unit("endpoint", sagemaker)
unit("predict", runtime)
unit("storePrediction", predictions, "Mutation")
unit("getPrediction", predictions)

pipeline("registerVersion", [function(name, sagemaker) for name in ("describeJob", "createPackage", "describePackage")])
pipeline("deploy", [function(name, sagemaker) for name in ("createModel", "createEndpointConfig", "createEndpoint")])

pulumi.export("graphql_api_url", graphql_api.uris["GRAPHQL"])
pulumi.export("graphql_api_key", api_key.key)
