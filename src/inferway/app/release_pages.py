"""The page that shows canary releases and ends them, as `inferway canary` asks; on the loopback interface only."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.app.loopback import local, not_json
from inferway.app.releases import Releases
from inferway.exchange import Request, Response
from inferway.gateway.core import Page, json_page
from inferway.rollout.judge import Outcome

PATH: Final = "/_inferway/canaries"


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an operator wants a release to end."""

    name: str
    outcome: Outcome
    reason: str = ""


def release_pages(releases: Releases) -> Mapping[str, Page]:
    """Give the page."""

    def page(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        if request.method == "GET":
            return json_page(200, {"canaries": releases.shown()})
        no = not_json(request)
        if no is not None:
            return no
        try:
            asked = msgspec.json.decode(request.body, type=Asked)
        except msgspec.DecodeError as error:
            return json_page(400, {"message": f"this cannot be decided: {error}"})
        problem = releases.decide(asked.name, asked.outcome, asked.reason)
        return json_page(409, {"message": problem}) if problem else json_page(200, {"message": asked.outcome.value})

    return {PATH: local(page, "what is known of releases")}
