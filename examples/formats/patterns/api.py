"""The movies API in Python."""

from inferway.patterns import RestApi, endpoint, function, given

REQUEST = """{
  "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
    {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
    $esc.newline
#end
  ]
}"""

api = RestApi("movies", keys=["demo"], rate=100, burst=200)
api.get(
    "/predicted-ratings/{user_id}",
    endpoint("movie-ratings"),
    query={"items": True},
    request=REQUEST,
    response={"ratings": given.answer("$.predictions[*].scores[0]")},
    errors={
        400: (r"4\d{2}", {"message": "The model cannot read the request", "reason": given.answer("$.OriginalMessage")}),
        500: (r"5\d{2}", {"message": "The model failed"}),
    },
)
api.get("/scale", function("movies-scale", path="../function"))
