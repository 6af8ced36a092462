"""How a resource that the program declares is made."""

from typing import Final

from inferway.faults import Place, Severity
from inferway.formats.pulumi.asset_files import absent
from inferway.formats.pulumi.collected import RefusedError, Vanished
from inferway.formats.pulumi.components import COMPONENTS, Constructing
from inferway.formats.pulumi.messages import Ask, Made
from inferway.formats.pulumi.outputs import Given, outputs
from inferway.formats.pulumi.protocol import Message, resource
from inferway.formats.pulumi.providers import PREFIX, read_provider
from inferway.formats.pulumi.sdk import Declaration
from inferway.formats.pulumi.services import STACK, Services

_DYNAMIC: Final = ("pulumi-python:dynamic", "pulumi-nodejs:dynamic")
_RANDOM: Final = "random:"


def register(services: Services, request: Message, place: Place) -> Message:
    """Make a resource; gives the response. Raises RefusedError for what is not done."""
    if request.type != STACK:
        services.transforms.apply(request)
    urn = services.urn(request)
    services.collected.claim(urn, request.object.ByteSize(), place)
    services.transforms.keep(urn, request)
    if request.remote and request.type in COMPONENTS:
        return _component(services, request, urn, place)
    if request.remote:
        whose = f"{request.name} is a component of another package ({request.type})"
        text = f"{whose}, whose code is not run here; declare the resources that it makes"
        raise RefusedError("remote-component", text)
    if not request.custom:
        return resource.RegisterResourceResponse(urn=urn)
    if request.type.startswith(PREFIX):
        return _provider(services, request, urn, place)
    return _custom(services, request, urn, place)


def _component(services: Services, request: Message, urn: str, place: Place) -> Message:
    constructing = Constructing(services, request, urn, place)
    api = register(services, constructing.request(constructing.first()), place)
    deployment = register(services, constructing.request(constructing.deployment(api)), place)
    stage = register(services, constructing.request(constructing.stage(api, deployment)), place)
    return constructing.response(api, deployment, stage)


def _provider(services: Services, request: Message, urn: str, place: Place) -> Message:
    provider = read_provider(request.type, services.bag(request.object), services.default)
    services.providers[f"{urn}::{urn}"] = provider  # a reference to a provider is its URN and its id
    if provider.ignored:
        text = f"settings of the provider {request.name} have no effect here: {', '.join(provider.ignored)}"
        services.collected.find(Severity.WARNING, "provider-settings", text, place)
    return resource.RegisterResourceResponse(urn=urn, id=urn, object=request.object)


def _custom(services: Services, request: Message, urn: str, place: Place) -> Message:
    dynamic = request.type.startswith(_DYNAMIC)
    if dynamic:
        text = f"{request.name} has a dynamic provider, whose code is not run: its outputs are its inputs"
        services.collected.find(Severity.WARNING, "dynamic-provider", text, place)
    if request.importId:
        text = f"{request.name} is not imported from {request.importId}; it is made from its inputs"
        services.collected.find(Severity.WARNING, "import", text, place)
    declared = services.declared(request.type)
    _look_for_required(services, request, declared, place)
    unwrapped = services.unwrapped()
    properties = unwrapped.bag(request.object)
    for gone in absent(properties):
        services.collected.find(gone.severity, gone.code, f"{request.name}: {gone.text}", place)
    given = Given(
        type=request.type,
        name=request.name,
        inputs=request.object,
        properties=properties,
        secret_outputs=frozenset(request.additionalSecretOutputs),
    )
    where = services.where(request.provider)
    own = properties.get("region")
    ask = Ask(
        type=given.type,
        name=given.name,
        properties=properties,
        file=place.file,
        line=place.line,
        # since release 7 every resource of aws may name its Region
        region=own if isinstance(own, str) and given.type.startswith("aws:") else where.region,
        account=where.account,
    )
    made_id, made = outputs(given, declared, services.provisioned(ask))
    if not dynamic and not request.type.startswith(_RANDOM):  # values of the program, nothing of a cloud
        services.collected.add(
            Made(
                type=request.type,
                name=request.name,
                properties=properties,
                id=made_id,
                attributes=services.bag(made),
                secrets=tuple(".".join(map(str, path)) for path in unwrapped.secrets),
                file=place.file,
                line=place.line,
            )
        )
    services.states[urn] = (made_id, made)
    return resource.RegisterResourceResponse(urn=urn, id=made_id, object=made)


def _look_for_required(services: Services, request: Message, declared: Declaration | None, place: Place) -> None:
    for required in declared.required() if declared else ():
        value = request.object.fields.get(required.wire)
        if value is None or value.WhichOneof("kind") in {None, "null_value"}:
            gone = Vanished(resource=request.name, type=request.type, property=required.wire, place=place)
            services.collected.vanished.append(gone)
