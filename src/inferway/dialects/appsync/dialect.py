"""AWS AppSync GraphQL APIs, as a dialect."""

from typing import ClassVar

from inferway.definition.deployment import Deployment
from inferway.dialects.appsync.faults import AppSyncFaults
from inferway.dialects.appsync.response_headers import finish
from inferway.dialects.appsync.scope import AppSyncScope
from inferway.dialects.dialect import Faults, Finish, Scope


class AppSync:
    """The dialect."""

    name = "appsync"
    methods: ClassVar[frozenset[str] | None] = None

    def scope(self, deployment: Deployment) -> Scope:
        """Give the scope of resolvers' templates."""
        return AppSyncScope(deployment)

    def faults(self, deployment: Deployment, scope: Scope) -> Faults:  # noqa: ARG002 - nothing is customised
        """Give the renderer of what is answered before GraphQL is."""
        return AppSyncFaults()

    def finish(self, deployment: Deployment) -> Finish:  # noqa: ARG002 - the same for all
        """Give what adds the service's headers and those that templates asked for."""
        return finish

    def timed(self, deployment: Deployment) -> frozenset[str]:  # noqa: ARG002 - the same for all
        """Give none: nobody asks how long a step took."""
        return frozenset()
