"""The Solutions Construct's API with Inferway's own pattern: no node, no CDK, the same resources."""

from inferway.patterns import SageMakerApi

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

api = SageMakerApi(
    id="test-apigw-sagemakerendpoint",
    endpoint_name="movie-ratings",
    resource_name="predicted-ratings",
    resource_path="{user_id}",
    request_mapping_template=REQUEST_TEMPLATE,
    response_mapping_template=RESPONSE_TEMPLATE,
    api_gateway_props={"rest_api_name": "construct"},
)
