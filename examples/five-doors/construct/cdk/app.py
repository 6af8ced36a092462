"""The seed's CDK app, for the movies model; `app.synth()` needs node but not the CDK's command line."""

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_solutions_constructs.aws_apigateway_sagemakerendpoint import ApiGatewayToSageMakerEndpoint

REQUEST_TEMPLATE = """{
    "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
    {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
    $esc.newline
#end
    ]
}"""

RESPONSE_TEMPLATE = """{
    "ratings": [
#set( $predictions = $input.path("$.predictions") )
#foreach( $item in $predictions )
    $item.scores[0]#if( $foreach.hasNext ),#end
    $esc.newline
#end
    ]
}"""

app = cdk.App(outdir="cdk.out")
stack = cdk.Stack(app, "SageMakerConstruct")
ApiGatewayToSageMakerEndpoint(
    stack,
    "test-apigw-sagemakerendpoint",
    endpoint_name="movie-ratings",
    resource_name="predicted-ratings",
    resource_path="{user_id}",
    request_mapping_template=REQUEST_TEMPLATE,
    response_mapping_template=RESPONSE_TEMPLATE,
    api_gateway_props=apigateway.RestApiProps(rest_api_name="construct"),
)
app.synth()
