"""Transforms: functions of the program that change a resource, or a call of a provider's function, before it is made.

The program serves them over gRPC
(https://github.com/pulumi/pulumi/blob/master/proto/pulumi/callback.proto and resource.proto).
"""

from typing import Final

from inferway.formats.pulumi.collected import RefusedError
from inferway.formats.pulumi.protocol import Message, callback, callback_rpc, grpc, resource

_SECONDS: Final = 30.0
_DIRECT: Final = [("grpc.enable_http_proxy", 0)]
_LONGEST_CHAIN: Final = 1000
_OPTIONS: Final = {
    "protect": "protect",
    "version": "version",
    "provider": "provider",
    "pluginDownloadURL": "plugin_download_url",
    "retainOnDelete": "retain_on_delete",
    "deletedWith": "deleted_with",
    "deleteBeforeReplace": "delete_before_replace",
}
_LISTS: Final = {
    "dependencies": "depends_on",
    "ignoreChanges": "ignore_changes",
    "replaceOnChanges": "replace_on_changes",
    "aliases": "aliases",
    "additionalSecretOutputs": "additional_secret_outputs",
}


class Transforms:
    """The transforms of a stack and of its resources, and channels to where they are served."""

    def __init__(self) -> None:
        self._stubs: dict[str, Message] = {}
        self._everywhere: list[Message] = []
        self._of_functions: list[Message] = []
        self._own: dict[str, tuple[str, tuple[Message, ...]]] = {}

    def add(self, transform: Message) -> None:
        """Apply a callback to every resource from now on."""
        self._everywhere.append(transform)

    def add_for_functions(self, transform: Message) -> None:
        """Apply a callback to every call of a provider's function from now on."""
        self._of_functions.append(transform)

    def keep(self, urn: str, request: Message) -> None:
        """Remember a resource's own transforms: they hold for what lies within it, too."""
        self._own[urn] = (request.parent, tuple(request.transforms))

    def apply(self, request: Message) -> None:
        """Apply a resource's own transforms, those of its parents, then the stack's, to its request in place.

        Raises RefusedError where one fails. The order is Pulumi's: innermost first
        (https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/).
        """
        for transform in (*request.transforms, *self._inherited(request.parent), *self._everywhere):
            given = resource.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options(request),
            )
            response = resource.TransformResponse.FromString(self._call(transform, given.SerializeToString()))
            if response.HasField("properties"):
                request.object.CopyFrom(response.properties)
            if response.HasField("options"):
                request.provider = response.options.provider
                del request.additionalSecretOutputs[:]
                request.additionalSecretOutputs.extend(response.options.additional_secret_outputs)

    def apply_to_function(self, request: Message) -> None:
        """Apply the stack's transforms of functions to a call in place; raises RefusedError where one fails."""
        for transform in self._of_functions:
            options = resource.TransformInvokeOptions(provider=request.provider, version=request.version)
            given = resource.TransformInvokeRequest(token=request.tok, args=request.args, options=options)
            response = resource.TransformInvokeResponse.FromString(self._call(transform, given.SerializeToString()))
            if response.HasField("args"):
                request.args.CopyFrom(response.args)
            if response.HasField("options"):
                request.provider = response.options.provider

    def _inherited(self, parent: str) -> list[Message]:
        found: list[Message] = []
        for _ in range(_LONGEST_CHAIN):
            if parent not in self._own:
                break
            parent, transforms = self._own[parent]
            found += transforms
        return found

    def _call(self, transform: Message, request: bytes) -> bytes:
        stub = self._stubs.get(transform.target)
        if stub is None:
            channel = grpc.insecure_channel(transform.target, options=_DIRECT)
            stub = self._stubs[transform.target] = callback_rpc.CallbacksStub(channel)
        invoke = callback.CallbackInvokeRequest(token=transform.token, request=request)
        try:
            answer: bytes = stub.Invoke(invoke, timeout=_SECONDS).response
        except grpc.RpcError as error:
            raise RefusedError("transform-failed", f"a transform failed: {error.details()}") from None
        return answer


def _options(request: Message) -> Message:
    options = resource.TransformResourceOptions()
    for name, option in _OPTIONS.items():
        value = getattr(request, name)
        if value:
            setattr(options, option, value)
    for name, option in _LISTS.items():
        getattr(options, option).extend(getattr(request, name))
    options.providers.update(request.providers)
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    return options
