"""gRPC, protobuf and Pulumi's generated messages, imported here alone: they have no types, and weigh 40 MB."""

from typing import Any, Final

import grpc as _grpc  # type: ignore[import-untyped]  # types-grpcio is not among the tools
from google.protobuf import empty_pb2 as _empty  # type: ignore[import-untyped]  # nor is types-protobuf
from google.protobuf import struct_pb2 as _struct
from pulumi.runtime.proto import callback_pb2 as _callback
from pulumi.runtime.proto import callback_pb2_grpc as _callback_rpc
from pulumi.runtime.proto import engine_pb2 as _engine
from pulumi.runtime.proto import engine_pb2_grpc as _engine_rpc
from pulumi.runtime.proto import provider_pb2 as _provider
from pulumi.runtime.proto import resource_pb2 as _resource
from pulumi.runtime.proto import resource_pb2_grpc as _resource_rpc

Message = Any
"""A protobuf message."""

grpc: Final[Any] = _grpc
empty: Final[Any] = _empty
struct: Final[Any] = _struct
callback: Final[Any] = _callback
callback_rpc: Final[Any] = _callback_rpc
engine: Final[Any] = _engine
engine_rpc: Final[Any] = _engine_rpc
provider: Final[Any] = _provider
resource: Final[Any] = _resource
resource_rpc: Final[Any] = _resource_rpc
