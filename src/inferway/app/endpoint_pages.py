"""The endpoints as an operator sees them, and their weights: `/_inferway/endpoints`, on the loopback interface only."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from inferway.app.loopback import local, not_json
from inferway.backends.endpoints.async_queue import AsyncInvocations
from inferway.backends.endpoints.directory import EndpointDirectory
from inferway.backends.endpoints.endpoint import Endpoint
from inferway.backends.endpoints.variant import Variant
from inferway.exchange import Request, Response
from inferway.gateway.core import Page, json_page

PATH: Final = "/_inferway/endpoints"

_WHAT: Final = "the page of endpoints"


def pages(directory: EndpointDirectory, invocations: AsyncInvocations) -> Mapping[str, Page]:
    """Give the pages: `GET PATH` and `PATH/NAME` with `?since=UNIX_TIME`, `POST PATH/NAME/weights` with JSON."""

    def listed(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        since = _since(request)
        if since is None:
            return _bad("since is a Unix time")
        shown = {each.name: report(each, since, invocations.waiting(each.name)) for each in directory}
        return json_page(200, {"endpoints": shown})

    def one(request: Request, below: str) -> Response:
        since = _since(request)
        if since is None:
            return _bad("since is a Unix time")
        name, _, action = below.partition("/")
        endpoint = directory.get(unquote(name))
        if endpoint is None or action not in {"", "weights"}:
            return json_page(404, {"message": f"there is no endpoint {unquote(name)[:100]}"})
        if action:
            return _weigh(endpoint, request)
        return json_page(200, report(endpoint, since, invocations.waiting(endpoint.name)))

    return {PATH: local(listed, _WHAT), f"{PATH}/": local(one, _WHAT)}


def handed_on(page: Page) -> Mapping[str, Page]:
    """Give the pages of a process that hands them to another, which could not tell where a request came from."""
    asked = local(page, _WHAT)
    return {PATH: asked, f"{PATH}/": asked}


def report(endpoint: Endpoint, since: float = 0.0, waiting: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """Give an endpoint's weights, and what was seen of its parts since a moment (Unix time; 0: all)."""
    shown: dict[str, Any] = {
        "weights": dict(endpoint.weights),
        "variants": {name: _variant(variant, since) for name, variant in endpoint.variants.items()},
    }
    if endpoint.components:
        shown["components"] = {name: _variant(each, since) for name, each in endpoint.components.items()}
    if endpoint.models:
        shown["models"] = {name: _variant(each, since) for name, each in endpoint.models.items()}
    if endpoint.shadows:
        shown["shadows"] = {
            shadow.name: {
                **_variant(shadow.variant, since),
                "mirrored": shadow.mirrored,
                "dropped": shadow.dropped,
                "same_status": shadow.same_status,
                "same_body": shadow.same_body,
                "faster": shadow.faster,
                "differences": [msgspec.to_builtins(one) for one in shadow.differences],
            }
            for shadow in endpoint.shadows
        }
    if endpoint.settings.asynchronous is not None:
        shown["async"] = {"waiting": waiting[0], "under_way": waiting[1]}
    return shown


def _variant(variant: Variant, since: float) -> dict[str, Any]:
    cluster = variant.cluster
    return {
        **msgspec.to_builtins(variant.counts.seen(since)),
        "waiting": cluster.waiting,
        "circuit": cluster.breaker.state if cluster.breaker is not None else "none",
        "instances": [
            {
                "url": host.name,
                "healthy": host.healthy,
                "ejected": not cluster.is_usable(host) and host.healthy,
                "outstanding": host.outstanding,
                "failures": host.failures,
            }
            for host in cluster.hosts
        ],
    }


def _weigh(endpoint: Endpoint, request: Request) -> Response:
    no = not_json(request, 'POST a JSON document, as {"VARIANT": 1.5}')
    if no is not None:
        return no
    try:
        endpoint.set_weights(msgspec.json.decode(request.body, type=dict[str, float]))
    except ValueError as error:
        return _bad(str(error))
    return json_page(200, {"weights": dict(endpoint.weights)})


def _since(request: Request) -> float | None:
    given = request.arguments().get("since", ["0"])[0]
    try:
        return float(given)
    except ValueError:
        return None


def _bad(text: str) -> Response:
    return json_page(400, {"message": text})
