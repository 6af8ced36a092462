"""Extended: the corrected program with a second function, so that the same API predicts movie ratings too."""

import pulumi
import pulumi_aws as aws

cfg = pulumi.Config()
digits_arn = cfg.get("lambdaArn") or "arn:aws:lambda:us-east-1:000000000000:function:predict-image-label"
ratings_arn = cfg.get("ratingsLambdaArn") or "arn:aws:lambda:us-east-1:000000000000:function:predicted-ratings"
role_arn = cfg.get("appsyncRoleArn") or "arn:aws:iam::000000000000:role/appsync-invoke-lambda"

graphql_api = aws.appsync.GraphQLApi(
    "exampleApi",
    authentication_type="API_KEY",
    schema="""
schema { query: Query }
type Query {
  predictImageLabel(image: String!): String
  predictedRatings(user: Int!, items: [Int!]!): [Float!]
}
""",
)

digits = aws.appsync.DataSource(
    "exampleDataSource",
    api_id=graphql_api.id,
    type="AWS_LAMBDA",
    lambda_config=aws.appsync.DataSourceLambdaConfigArgs(function_arn=pulumi.Output.secret(digits_arn)),
    service_role_arn=pulumi.Output.secret(role_arn),
)

ratings = aws.appsync.DataSource(
    "ratingsDataSource",
    api_id=graphql_api.id,
    type="AWS_LAMBDA",
    lambda_config=aws.appsync.DataSourceLambdaConfigArgs(function_arn=pulumi.Output.secret(ratings_arn)),
    service_role_arn=pulumi.Output.secret(role_arn),
)

aws.appsync.Resolver(
    "exampleResolver",
    api_id=graphql_api.id,
    data_source=digits.name,
    type="Query",
    field="predictImageLabel",
    request_template="""{
  "version": "2017-02-28",
  "operation": "Invoke",
  "payload": { "image": $util.toJson($context.arguments.image) }
}""",
    response_template="$util.toJson($context.result)",
)

aws.appsync.Resolver(
    "ratingsResolver",
    api_id=graphql_api.id,
    data_source=ratings.name,
    type="Query",
    field="predictedRatings",
    request_template="""#if( $context.arguments.items.size() > 100 )
  $util.error("At most 100 items at a time", "TooManyItems")
#end
{
  "version": "2018-05-29",
  "operation": "Invoke",
  "payload": {
    "user": $util.toJson($context.arguments.user),
    "items": $util.toJson($context.arguments.items)
  }
}""",
    response_template="""#if( $context.error )
  $util.error("The model gave no ratings", "ModelError")
#end
$util.toJson($context.result)""",
)

graphql_api_key = aws.appsync.ApiKey("exampleApiKey", api_id=graphql_api.id)

pulumi.export("graphql_api_url", graphql_api.uris["GRAPHQL"])
pulumi.export("graphql_api_key", graphql_api_key.key)
