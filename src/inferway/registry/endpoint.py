"""An endpoint, as the registry keeps it."""

from enum import StrEnum
from typing import Any

import msgspec

from inferway.registry.record import Kind, Record


class EndpointStatus(StrEnum):
    """EndpointStatus (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html)."""

    CREATING = "Creating"
    UPDATING = "Updating"
    IN_SERVICE = "InService"
    DELETING = "Deleting"
    FAILED = "Failed"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One variant: a model's container definition, behind a share of the calls.

    A shadow's weight is its share of the production variant's; `routing` is a RoutingStrategy, "" for none given.
    """

    name: str
    model: str
    weight: float
    instances: int
    container: dict[str, Any]
    routing: str = ""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint. Its variants hold all that serving them takes: a configuration may be gone by the next start.

    `capture` and `asynchronous` are the configuration's DataCaptureConfig and AsyncInferenceConfig, empty for none;
    `deployment` is the DeploymentConfig of the last request.
    """

    name: str
    arn: str
    config: str
    variants: tuple[Variant, ...]
    shadows: tuple[Variant, ...] = ()
    capture: dict[str, Any] = {}
    asynchronous: dict[str, Any] = {}
    deployment: dict[str, Any] = {}
    status: EndpointStatus
    failure: str = ""
    created: float
    modified: float

    def record(self) -> Record:
        """Give what the registry keeps."""
        return Record(
            kind=Kind.ENDPOINT,
            name=self.name,
            status=self.status,
            created=self.created,
            modified=self.modified,
            document=msgspec.json.encode(self),
        )


def endpoint(record: Record) -> Endpoint:
    """Read an endpoint out of its record."""
    return msgspec.json.decode(record.document, type=Endpoint)
