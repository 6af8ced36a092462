"""The two gRPC services that a Pulumi program talks to: ResourceMonitor and Engine.

The protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto and engine.proto beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent import futures
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

import msgspec

from inferway.faults import Place, Severity
from inferway.formats.pulumi.collected import Collected, RefusedError, Vanished
from inferway.formats.pulumi.endings import FOREIGN
from inferway.formats.pulumi.invokes import INVOKES, Surroundings
from inferway.formats.pulumi.messages import Ask, Exported, Job, Made
from inferway.formats.pulumi.outputs import Given, outputs
from inferway.formats.pulumi.protocol import (
    Message,
    empty,
    engine,
    engine_rpc,
    grpc,
    provider,
    resource,
    resource_rpc,
)
from inferway.formats.pulumi.sdk import Declaration
from inferway.formats.pulumi.transforms import Transforms
from inferway.formats.pulumi.wire import Unwrapped, wired
from inferway.formats.resources import Provisioned

_STACK: Final = "pulumi:pulumi:Stack"
_STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
_PROVIDER: Final = "pulumi:providers:"
_DYNAMIC: Final = "pulumi-python:dynamic"
_DEFAULT_SETTINGS: Final = frozenset({"version", "skipCredentialsValidation", "skipRegionValidation"})
_LARGEST_MESSAGE: Final = 64 * 1024 * 1024
_THREADS: Final = 16
_FEATURES: Final = (
    "secrets",
    "resourceReferences",
    "outputValues",
    "aliasSpecs",
    "deletedWith",
    "replaceWith",
    "transforms",
    "invokeTransforms",
    "parameterization",
    "resourceHooks",
    "errorHooks",
)
_UNHANDLED: Final = "failed with an unhandled exception:"
_NOT_RUN: Final = "are not run: Inferway creates nothing that they could act on"


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """Ways out of the engine: to whoever knows what resources are provisioned with, and to the operator."""

    ask: Callable[[Ask], Provisioned | None]
    say: Callable[[Sequence[str]], None]


class Declares(Protocol):
    """The SDKs that the program imports."""

    def resource(self, token: str) -> Declaration | None:
        """Give the class of a resource type; None where no SDK at hand declares it."""
        ...


class Services:
    """The state that both services share; one run of one program."""

    def __init__(self, job: Job, sdk: Callable[[], Declares], talk: Talk, collected: Collected) -> None:
        self.job = job
        self.ask = talk.ask
        self.say = talk.say
        self.collected = collected
        self.transforms = Transforms()
        self.folder = Path(job.folder)
        self.project = Path(job.root)
        self.root = ""
        self._sdk = sdk

    def place(self, request: Message) -> Place:
        """Give where the program made a request: its own innermost line."""
        if not hasattr(request, "sourcePosition"):
            return Place(file=self.job.main)
        positions = [request.sourcePosition, *(frame.pc for frame in request.stackTrace.frames)]
        found = [Place(file=unquote(urlsplit(each.uri).path), line=each.line) for each in positions if each.uri]
        own = (
            place
            for place in found
            if self.project in Path(place.file).parents and not FOREIGN & set(Path(place.file).parts)
        )
        return next(own, found[0] if found else Place(file=self.job.main))

    def urn(self, request: Message) -> str:
        """Give a resource's URN (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns)."""
        parent = request.parent.split("::")[2] if request.parent.count("::") >= 3 else ""
        within = "" if not parent or parent == _STACK else f"{parent}$"
        return f"urn:pulumi:{self.job.stack}::{self.job.project}::{within}{request.type}::{request.name}"

    def declared(self, token: str) -> Declaration | None:
        """Give the SDK's class of a resource type."""
        return self._sdk().resource(token)

    def refuse(self, context: Any, refused: RefusedError, place: Place) -> None:
        """Note a refusal and tell the program; this raises gRPC's own exception."""
        self.collected.refuse(refused, place)
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, refused.text)


class Monitor(resource_rpc.ResourceMonitorServicer):  # type: ignore[misc]  # the generated class has no types
    """What programs declare resources with."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._collected = services.collected

    def GetDeploymentInfo(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802 - gRPC's form
        """Say what this engine can do."""
        prefix = "RESOURCE_MONITOR_FEATURE_"
        names = ("".join(f"_{c}" if c.isupper() else c.upper() for c in feature) for feature in _FEATURES)
        known = [getattr(resource, prefix + name, None) for name in names]
        job = self._services.job
        info = resource.DeploymentInfo(project=job.project, stack=job.stack, organization="organization", parallel=16)
        info.supportedFeatures.extend(number for number in known if number is not None)
        return info

    def SupportsFeature(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Say whether this engine can do one thing."""
        return resource.SupportsFeatureResponse(hasSupport=request.id in _FEATURES)

    def RegisterPackage(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Take a package's name."""
        return resource.RegisterPackageResponse(ref=f"{request.name}-{request.version}")

    def RegisterResource(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Make a resource."""
        place = self._services.place(request)
        try:
            return self._register(request, place)
        except RefusedError as refused:
            return self._services.refuse(context, refused, place)

    def RegisterResourceOutputs(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Take a component's outputs; the stack's are the exports."""
        if f"::{_STACK}::" in request.urn:
            unwrapped = Unwrapped(self._services.folder)
            values = unwrapped.bag(request.outputs)
            hidden = {path[0] for path in unwrapped.secrets}
            self._collected.export(
                Exported(name=name, value=value, secret=name in hidden) for name, value in values.items()
            )
        return empty.Empty()

    def ReadResource(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Look up a resource that exists already, or the outputs of another stack."""
        place = self._services.place(request)
        try:
            return self._read(request, place)
        except RefusedError as refused:
            return self._services.refuse(context, refused, place)

    def Invoke(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Call a provider's function."""
        place = self._services.place(request)
        job = self._services.job
        answer = INVOKES.get(request.tok)
        if answer is None:
            text = f"the function {request.tok} has no answer here; known are {', '.join(sorted(INVOKES))}"
            return self._services.refuse(context, RefusedError("unknown-invoke", text), place)
        arguments = Unwrapped(self._services.folder).bag(request.args)
        try:
            result = answer(arguments, Surroundings(region=job.region, account=job.account))
        except (ValueError, AttributeError) as error:
            refused = RefusedError("bad-invoke", f"{request.tok} cannot read its arguments: {error}")
            return self._services.refuse(context, refused, place)
        response = resource.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(wired(result).struct_value)
        return response

    def Call(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Refuse a provider's method."""
        text = f"the method {request.tok} has no answer here"
        self._services.refuse(context, RefusedError("unknown-call", text), self._services.place(request))
        return provider.CallResponse()

    def ExistsResource(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Refuse to look for a resource."""
        text = f"whether the resource {request.id} exists cannot be told without a cloud"
        self._services.refuse(context, RefusedError("unknown-resource", text), self._services.place(request))
        return resource.ExistsResourceResponse()

    def RegisterStackTransform(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Take a transform of every resource."""
        self._services.transforms.add(request)
        return empty.Empty()

    def RegisterStackInvokeTransform(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Warn of a transform of provider functions."""
        return self._unsupported("invoke-transform", "transforms of provider functions are not applied")

    def RegisterResourceHook(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Warn of a hook."""
        return self._unsupported("resource-hook", f"resource hooks (here {request.name}) {_NOT_RUN}")

    def RegisterErrorHook(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Warn of a hook."""
        return self._unsupported("resource-hook", f"error hooks (here {request.name}) {_NOT_RUN}")

    def SignalAndWaitForShutdown(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Let the program end."""
        return empty.Empty()

    def _unsupported(self, code: str, text: str) -> Message:
        self._collected.find(Severity.WARNING, code, text, Place(file=self._services.job.main))
        return empty.Empty()

    def _register(self, request: Message, place: Place) -> Message:
        services = self._services
        if request.type != _STACK:
            services.transforms.apply(request)
        urn = services.urn(request)
        self._collected.claim(urn, request.object.ByteSize(), place)
        if request.remote:
            text = f"{request.name} is a component of another language ({request.type}); only Python's are run"
            raise RefusedError("remote-component", text)
        if not request.custom:
            return resource.RegisterResourceResponse(urn=urn)
        if request.type.startswith(_PROVIDER):
            self._warn_of_provider(request, place)
            return resource.RegisterResourceResponse(urn=urn, id=services.urn(request), object=request.object)
        self._warn_of(request, place)
        declared = services.declared(request.type)
        self._look_for_required(request, declared, place)
        unwrapped = Unwrapped(services.folder)
        properties = unwrapped.bag(request.object)
        given = Given(
            type=request.type,
            name=request.name,
            inputs=request.object,
            properties=properties,
            secret_outputs=frozenset(request.additionalSecretOutputs),
        )
        made_id, made = outputs(given, declared, self._ask(given, place))
        self._collected.add(
            Made(
                type=request.type,
                name=request.name,
                properties=properties,
                id=made_id,
                attributes=Unwrapped(services.folder).bag(made),
                secrets=tuple(".".join(map(str, path)) for path in unwrapped.secrets),
                file=place.file,
                line=place.line,
            )
        )
        return resource.RegisterResourceResponse(urn=urn, id=made_id, object=made)

    def _ask(self, given: Given, place: Place) -> Provisioned | None:
        job = self._services.job
        ask = Ask(
            type=given.type,
            name=given.name,
            properties=given.properties,
            file=place.file,
            line=place.line,
            region=job.region,
            account=job.account,
        )
        return self._services.ask(ask)

    def _read(self, request: Message, place: Place) -> Message:
        services = self._services
        urn = services.urn(request)
        properties = Unwrapped(services.folder).bag(request.properties)
        if request.type == _STACK_REFERENCE:
            held = _stack_reference(services.job.stack_references, str(properties.get("name") or request.id))
            return resource.ReadResourceResponse(urn=urn, properties=held)
        text = f"{request.name} is read from the cloud by its id {request.id}; here its outputs are stand-ins"
        self._collected.find(Severity.WARNING, "read-resource", text, place)
        given = Given(type=request.type, name=request.name, inputs=request.properties, properties=properties)
        _, made = outputs(given, services.declared(request.type), None)
        return resource.ReadResourceResponse(urn=urn, properties=made)

    def _warn_of(self, request: Message, place: Place) -> None:
        if request.type.startswith(_DYNAMIC):
            text = f"{request.name} has a dynamic provider, whose code is not run: its outputs are its inputs"
            self._collected.find(Severity.WARNING, "dynamic-provider", text, place)
        if request.importId:
            text = f"{request.name} is not imported from {request.importId}; it is made from its inputs"
            self._collected.find(Severity.WARNING, "import", text, place)

    def _warn_of_provider(self, request: Message, place: Place) -> None:
        settings = sorted(set(request.object.fields) - _DEFAULT_SETTINGS)
        if settings:
            text = f"the settings of the provider {request.name} are not used: {', '.join(settings)}"
            self._collected.find(Severity.WARNING, "provider-settings", text, place)

    def _look_for_required(self, request: Message, declared: Declaration | None, place: Place) -> None:
        for required in declared.required() if declared else ():
            value = request.object.fields.get(required.wire)
            if value is None or value.WhichOneof("kind") in {None, "null_value"}:
                gone = Vanished(resource=request.name, type=request.type, property=required.wire, place=place)
                self._collected.vanished.append(gone)


class Engine(engine_rpc.EngineServicer):  # type: ignore[misc]  # the generated class has no types
    """What programs log to."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def Log(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Pass on what is said, and keep warnings and errors; an unhandled exception comes another way."""
        if request.severity != engine.DEBUG:
            self._services.say(request.message.splitlines())
        if _UNHANDLED in request.message:
            return empty.Empty()
        severity = {engine.WARNING: Severity.WARNING, engine.ERROR: Severity.ERROR}.get(request.severity)
        if severity is not None and not request.ephemeral:
            place = Place(file=self._services.job.main)
            self._services.collected.find(severity, "program-log", request.message.strip(), place)
        return empty.Empty()

    def GetRootResource(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Give the stack's URN."""
        return engine.GetRootResourceResponse(urn=self._services.root)

    def SetRootResource(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Take the stack's URN."""
        self._services.root = request.urn
        return engine.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Satisfy every wish for a version of the command line: there is none."""
        return engine.RequirePulumiVersionResponse()


def serve(services: Services, address: str) -> Any:
    """Listen on a socket; gives the server, to be stopped. Raises RuntimeError where it cannot."""
    options = [("grpc.max_receive_message_length", _LARGEST_MESSAGE)]
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=options)
    resource_rpc.add_ResourceMonitorServicer_to_server(Monitor(services), server)
    engine_rpc.add_EngineServicer_to_server(Engine(services), server)
    server.add_insecure_port(address)
    server.start()
    return server


def _stack_reference(stacks: Mapping[str, Mapping[str, object]], name: str) -> Message:
    held = stacks.get(name, stacks.get(name.rpartition("/")[2]))
    if held is None:
        known = f"bound are {_listed(stacks)}" if stacks else "none is bound"
        text = f"the stack {name} is unknown; give its outputs in [stack_references] ({known})"
        raise RefusedError("unknown-stack", text)
    return wired({"name": name, "outputs": held, "secretOutputNames": []}).struct_value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
