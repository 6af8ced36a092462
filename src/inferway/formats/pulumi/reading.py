"""What a program reads of what exists: the outputs of other stacks, resources by their id, providers' functions."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inferway.faults import Place, Severity
from inferway.formats.pulumi.collected import RefusedError
from inferway.formats.pulumi.invokes import Surroundings, answered
from inferway.formats.pulumi.lookups import Ask as AskFor
from inferway.formats.pulumi.lookups import look_up, read_by_id
from inferway.formats.pulumi.messages import Ask
from inferway.formats.pulumi.naming import placeholder
from inferway.formats.pulumi.outputs import Given, outputs
from inferway.formats.pulumi.protocol import Message, resource
from inferway.formats.pulumi.services import Services
from inferway.formats.pulumi.wire import wired
from inferway.formats.pulumi.yaml.standard import STANDARD
from inferway.formats.resources import Provisioned

_LARGEST: Final = 1024 * 1024
_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GET_RESOURCE: Final = "pulumi:pulumi:getResource"
_STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"


def read_resource(services: Services, request: Message, place: Place) -> Message:
    """Look up a resource that exists already, or the outputs of another stack; raises RefusedError."""
    urn = services.urn(request)
    properties = services.bag(request.properties)
    if request.type == _STACK_REFERENCE:
        held = _stack_reference(services.job.stack_references, str(properties.get("name") or request.id))
        return resource.ReadResourceResponse(urn=urn, id=request.id, properties=held)
    ask = _asker(services, request, request.name, place)
    found = read_by_id(request.type, request.id, properties, services.collected.resources, ask)
    attributes, declared = found or ({}, False)
    if not declared:
        known = "its other outputs are stand-ins" if found else "its outputs are stand-ins"
        text = f"{request.name} is read from the cloud by its id {request.id}; here {known}"
        severity = Severity.NOTE if found else Severity.WARNING
        services.collected.find(severity, "read-resource", text, place)
    given = Given(type=request.type, name=request.name, inputs=request.properties, properties=properties)
    provisioned = Provisioned(id=request.id, attributes=attributes)
    _, made = outputs(given, services.declared(request.type), provisioned)
    return resource.ReadResourceResponse(urn=urn, id=request.id, properties=made)


def invoke(services: Services, request: Message, place: Place) -> Message:
    """Call a provider's function; raises RefusedError where it cannot read its arguments."""
    response = resource.ResourceInvokeResponse()
    if request.tok == _GET_RESOURCE:
        getattr(response, "return").CopyFrom(_state(services, request))
        return response
    services.transforms.apply_to_function(request)
    arguments = services.bag(request.args)
    result = _result(services, request, arguments, place)
    getattr(response, "return").CopyFrom(wired(result).struct_value)
    return response


def _state(services: Services, request: Message) -> Message:
    """Give what the SDK makes a resource of that it knows by a reference only."""
    urn = request.args.fields["urn"].string_value
    if urn not in services.states:
        raise RefusedError("unknown-resource", f"there is no resource {urn}")
    identifier, outputs_of = services.states[urn]
    held = wired({"urn": urn, "id": identifier}).struct_value
    held.fields["state"].struct_value.CopyFrom(outputs_of)
    return held


def _result(
    services: Services, request: Message, arguments: Mapping[str, object], place: Place
) -> Mapping[str, object]:
    known = answered(request.tok) or STANDARD.get(request.tok)
    try:
        if known is not None:
            where = services.where(request.provider)
            region = arguments.get("region")
            own = region if isinstance(region, str) else where.region
            return known(arguments, Surroundings(region=own, account=where.account))
        ask = _asker(services, request, request.tok.rpartition(":")[2], place)
        found = look_up(request.tok, arguments, services.collected.resources, ask)
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise RefusedError("bad-invoke", f"{request.tok} cannot read its arguments: {error}") from None
    if found is not None:
        return _filled(services, request.tok, found)
    text = f"the function {request.tok} has no answer here; what it gives are stand-ins"
    services.collected.find(Severity.WARNING, "unknown-invoke", text, _call_of(request.tok, place))
    return _filled(services, request.tok, arguments)


def _filled(services: Services, token: str, known: Mapping[str, object]) -> Mapping[str, object]:
    """Give a result with stand-ins for the texts that it declares and nobody knows."""
    name = token.rpartition(":")[2]
    declared = services.result(token)
    stand_ins = {wire: placeholder(name, wire) for wire, is_text in declared.items() if is_text}
    return {**stand_ins, **{key: value for key, value in known.items() if value is not None}}


def _call_of(token: str, place: Place) -> Place:
    """Give the line of the first call of a function by its name, where the request does not say from where it came."""
    if place.line:
        return place
    name = token.rpartition(":")[2]
    call = re.compile(rf"\b(?:{name}|{_SNAKE.sub('_', name).lower()})(?:_?[oO]utput)?\(")
    try:
        lines = Path(place.file).read_text("utf-8", "replace")[:_LARGEST].splitlines()
    except OSError:
        return place
    line = next((number for number, text in enumerate(lines, 1) if call.search(text)), 0)
    return Place(file=place.file, line=line)


def _asker(services: Services, request: Message, name: str, place: Place) -> AskFor:
    where = services.where(request.provider)

    def ask(token: str, properties: Mapping[str, object]) -> Provisioned | None:
        return services.provisioned(
            Ask(
                type=token,
                name=name,
                properties=properties,
                file=place.file,
                line=place.line,
                region=where.region,
                account=where.account,
            )
        )

    return ask


def _stack_reference(stacks: Mapping[str, Mapping[str, object]], name: str) -> Message:
    held = stacks.get(name, stacks.get(name.rpartition("/")[2]))
    if held is None:
        known = f"bound are {', '.join(sorted(stacks))}" if stacks else "none is bound"
        text = f"the stack {name} is unknown; give its outputs in [stack_references] ({known})"
        raise RefusedError("unknown-stack", text)
    return wired({"name": name, "outputs": held, "secretOutputNames": []}).struct_value
