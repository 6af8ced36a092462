"""Transforms: functions of the program that change a resource before it is made; the program serves them over gRPC."""

from collections.abc import Iterable
from typing import Final

from inferway.formats.pulumi.collected import RefusedError
from inferway.formats.pulumi.protocol import Message, callback, callback_rpc, grpc, resource

_SECONDS: Final = 30.0


class Transforms:
    """The transforms of a stack, and channels to where they are served."""

    def __init__(self) -> None:
        self._stubs: dict[str, Message] = {}
        self._everywhere: list[Message] = []

    def add(self, transform: Message) -> None:
        """Apply a callback to every resource from now on."""
        self._everywhere.append(transform)

    def apply(self, request: Message) -> None:
        """Apply a resource's own transforms, then the stack's, to a RegisterResourceRequest in place.

        Raises RefusedError where one fails. The order is Pulumi's: innermost first
        (https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/).
        """
        for transform in (*request.transforms, *self._everywhere):
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

    def _call(self, transform: Message, request: bytes) -> bytes:
        stub = self._stubs.get(transform.target)
        if stub is None:
            stub = self._stubs[transform.target] = callback_rpc.CallbacksStub(grpc.insecure_channel(transform.target))
        invoke = callback.CallbackInvokeRequest(token=transform.token, request=request)
        try:
            answer: bytes = stub.Invoke(invoke, timeout=_SECONDS).response
        except grpc.RpcError as error:
            raise RefusedError("transform-failed", f"a transform failed: {error.details()}") from None
        return answer


def _options(request: Message) -> Message:
    options = resource.TransformResourceOptions(
        depends_on=request.dependencies, provider=request.provider, ignore_changes=request.ignoreChanges
    )
    _copy(options.additional_secret_outputs, request.additionalSecretOutputs)
    return options


def _copy(to: Message, values: Iterable[str]) -> None:
    to.extend(values)
