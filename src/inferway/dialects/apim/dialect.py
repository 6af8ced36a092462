"""Azure API Management, as a dialect."""

from typing import ClassVar

from inferway.definition.deployment import Deployment
from inferway.dialects.apim.faults import ApiManagementFaults
from inferway.dialects.apim.scope import ApiManagementScope
from inferway.dialects.dialect import Faults, Finish, Scope
from inferway.exchange import Exchange, Response


class ApiManagement:
    """The dialect."""

    name = "apim"
    methods: ClassVar[frozenset[str] | None] = None

    def scope(self, deployment: Deployment) -> Scope:
        """Give the scope of policy expressions."""
        return ApiManagementScope(deployment)

    def faults(self, deployment: Deployment, scope: Scope) -> Faults:  # noqa: ARG002 - the protocol's form
        """Give the service's responses to faults."""
        return ApiManagementFaults(deployment)

    def finish(self, deployment: Deployment) -> Finish:  # noqa: ARG002 - as above
        """Give what leaves the backend's Date out: the service, which adds no other header, has its own."""
        return _without_date

    def timed(self, deployment: Deployment) -> frozenset[str]:  # noqa: ARG002 - the same for all
        """Give none: nobody asks how long a step took."""
        return frozenset()


def _without_date(exchange: Exchange, response: Response) -> None:  # noqa: ARG001 - the protocol's form
    response.headers = [pair for pair in response.headers if pair[0].lower() != b"date"]
