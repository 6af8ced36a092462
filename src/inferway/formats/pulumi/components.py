"""Components of other packages whose resources are known here; their code runs in no program."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.faults import Place, Severity
from inferway.formats.pulumi.collected import RefusedError
from inferway.formats.pulumi.protocol import Message, resource
from inferway.formats.pulumi.rest_api import (
    API,
    DEPLOYMENT,
    REST_API,
    STAGE,
    BadComponentError,
    Surroundings,
    function_arn,
    rest_api,
    stage_name,
)
from inferway.formats.pulumi.services import Services
from inferway.formats.pulumi.wire import RESOURCE, SIGNATURE, wired

COMPONENTS: Final = frozenset((REST_API,))
"""Types of components that can be constructed."""

_PACKAGE: Final = "aws"


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """A resource of a component to be registered: its type and its properties; it is named as the component is."""

    type: str
    properties: Mapping[str, object]


class Constructing:
    """Constructs one component of an engine's run; `register` makes its resources."""

    def __init__(self, services: Services, request: Message, urn: str, place: Place) -> None:
        self._services = services
        self._request = request
        self._urn = urn
        self._place = place
        self._provider = request.providers.get(_PACKAGE, request.provider)

    def first(self) -> Child:
        """Give the API; raises RefusedError where the component's provider would refuse its arguments."""
        where = self._services.where(self._provider)
        told = function_arn(self._services.collected.resources, where.region, where.account)
        surroundings = Surroundings(region=where.region, function=told, say=self._say)
        try:
            properties = rest_api(self._request.name, self._arguments, surroundings)
        except BadComponentError as bad:
            raise RefusedError("bad-component", str(bad)) from None
        return Child(type=API, properties=properties)

    def deployment(self, api: Message) -> Child:
        """Give the API's deployment."""
        return Child(type=DEPLOYMENT, properties={"restApi": api.id})

    def stage(self, api: Message, deployment: Message) -> Child:
        """Give the API's stage."""
        named = {"restApi": api.id, "deployment": deployment.id, "stageName": stage_name(self._arguments)}
        return Child(type=STAGE, properties=named)

    def request(self, child: Child) -> Message:
        """Give the request that registers one of the component's resources."""
        return resource.RegisterResourceRequest(
            type=child.type,
            name=self._request.name,
            parent=self._urn,
            custom=True,
            provider=self._provider,
            object=wired(child.properties).struct_value,
            acceptSecrets=True,
        )

    def response(self, api: Message, deployment: Message, stage: Message) -> Message:
        """Give the component's response."""
        made = wired({"url": f"{stage.object.fields['invokeUrl'].string_value}/"}).struct_value
        for name, child in (("api", api), ("deployment", deployment), ("stage", stage)):
            reference = {SIGNATURE: RESOURCE, "urn": child.urn, "id": child.id, "packageVersion": ""}
            made.fields[name].CopyFrom(wired(reference))
        return resource.RegisterResourceResponse(urn=self._urn, object=made)

    @property
    def _arguments(self) -> dict[str, object]:
        return self._services.bag(self._request.object)

    def _say(self, text: str) -> None:
        self._services.collected.find(Severity.WARNING, "static-route", text, self._place)
