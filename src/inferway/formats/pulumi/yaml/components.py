"""Components of other packages, as programs in YAML use them."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from inferway.formats.pulumi.rest_api import API, DEPLOYMENT, STAGE, Surroundings, function_arn, rest_api, stage_name
from inferway.formats.resources import Resource

Make = Callable[[str, Mapping[str, object]], Resource]
"""Makes a resource of a type, named as its component is, and gives it with its id and its outputs."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a component is constructed, and the resources that its program has made before."""

    region: str
    account: str
    made: Iterable[Resource]
    say: Callable[[str], None]


def construct(name: str, arguments: Mapping[str, object], place: Place, make: Make) -> dict[str, object]:
    """Make the resources of a RestAPI, and give its outputs; raises BadComponentError."""
    function = function_arn(place.made, place.region, place.account)
    surroundings = Surroundings(region=place.region, function=function, say=place.say)
    api = make(API, rest_api(name, arguments, surroundings))
    deployment = make(DEPLOYMENT, {"restApi": api.id})
    named = {"restApi": api.id, "deployment": deployment.id, "stageName": stage_name(arguments)}
    stage = make(STAGE, named)
    return {
        "url": f"{stage.attributes.get('invokeUrl') or ''}/",
        "api": {**api.attributes, "id": api.id},
        "deployment": {**deployment.attributes, "id": deployment.id},
        "stage": {**stage.attributes, "id": stage.id},
    }
