"""The two gRPC services that a Pulumi program talks to: ResourceMonitor and Engine.

The protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto and engine.proto beside it.
"""

from collections.abc import Callable
from concurrent import futures
from typing import Any, Final

from inferway.faults import Place, Severity
from inferway.formats.pulumi.collected import RefusedError
from inferway.formats.pulumi.messages import Exported
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
from inferway.formats.pulumi.reading import invoke, read_resource
from inferway.formats.pulumi.registration import register
from inferway.formats.pulumi.services import STACK, Services

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
_LONGEST_LOG: Final = 8_000  # characters of a finding; all of them are shown
_UNHANDLED: Final = "failed with an unhandled exception:"
_TOO_DEEP: Final = "the properties nest too deep to be read"
_NOT_RUN: Final = "are not run: Inferway creates nothing that they could act on"


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
        return self._answered(register, request, context)

    def RegisterResourceOutputs(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Take a component's outputs; the stack's are the exports."""
        return self._answered(self._outputs, request, context)

    def ReadResource(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Look up a resource that exists already, or the outputs of another stack."""
        return self._answered(read_resource, request, context)

    def Invoke(self, request: Message, context: Any) -> Message:  # noqa: N802
        """Call a provider's function."""
        return self._answered(invoke, request, context)

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
        """Take a transform of every call of a provider's function."""
        self._services.transforms.add_for_functions(request)
        return empty.Empty()

    def RegisterResourceHook(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Warn of a hook."""
        return self._unsupported("resource-hook", f"resource hooks (here {request.name}) {_NOT_RUN}")

    def RegisterErrorHook(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Warn of a hook."""
        return self._unsupported("resource-hook", f"error hooks (here {request.name}) {_NOT_RUN}")

    def SignalAndWaitForShutdown(self, request: Message, context: Any) -> Message:  # noqa: ARG002, N802
        """Let the program end."""
        return empty.Empty()

    def _outputs(self, services: Services, request: Message, place: Place) -> Message:  # noqa: ARG002 - as the others
        services.states.setdefault(request.urn, ("", request.outputs))
        if f"::{STACK}::" in request.urn:
            unwrapped = services.unwrapped()
            values = unwrapped.bag(request.outputs)
            hidden = {path[0] for path in unwrapped.secrets}
            self._collected.export(
                Exported(name=name, value=value, secret=name in hidden) for name, value in values.items()
            )
        return empty.Empty()

    def _unsupported(self, code: str, text: str) -> Message:
        self._collected.find(Severity.WARNING, code, text, Place(file=self._services.job.main))
        return empty.Empty()

    def _answered(
        self, answer: Callable[[Services, Message, Place], Message], request: Message, context: Any
    ) -> Message:
        place = self._services.place(request)
        try:
            return answer(self._services, request, place)
        except RefusedError as refused:
            return self._services.refuse(context, refused, place)
        except RecursionError:
            return self._services.refuse(context, RefusedError("too-deep", _TOO_DEEP), place)


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
            self._services.collected.find(severity, "program-log", request.message.strip()[:_LONGEST_LOG], place)
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
