"""Serves the variants of an endpoint as local model servers."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from inferway.backends.endpoints.endpoint import Endpoint as RunningEndpoint
from inferway.definition.balancing import Balancing, HealthCheck, OutlierEjection, Retries, Routing
from inferway.definition.endpoints import (
    AsyncInference,
    Capture,
    ServedEndpoint,
    ServedShadow,
    ServedVariant,
    shadow_sampling,
)
from inferway.processes.process import ProcessFailedError
from inferway.processes.supervisor import LineListener
from inferway.registry.endpoint import Endpoint, Variant
from inferway.registry.errors import RegistryError
from inferway.registry.model_folders import prepare
from inferway.registry.storage import Storage
from inferway.serving.folder import ModelFolderError
from inferway.serving.model_server import ModelServer, ServingOptions
from inferway.training.archive import ArchiveError

_MOST_REPLICAS: Final = os.cpu_count() or 1

Serve = Callable[[ServedEndpoint], RunningEndpoint]
"""Makes the endpoint over instances that are up."""


class HostingError(Exception):
    """A variant that cannot be served; the text says which and why."""


class Host:
    """The model servers of one endpoint's configuration, each with a folder of its own below `folder`.

    `running` is the endpoint in front of them, None until all are up.
    """

    def __init__(
        self, folder: Path, storage: Callable[[], Storage], serve: Serve, on_line: LineListener, timeout: float
    ) -> None:
        self._parent = folder
        self._storage = storage
        self._serve = serve
        self._on_line = on_line
        self._timeout = timeout
        self._folder: Path | None = None
        self._servers: list[ModelServer] = []
        self.running: RunningEndpoint | None = None

    async def start(self, endpoint: Endpoint) -> None:
        """Start every variant; raises HostingError, and leaves nothing running then."""
        try:
            self._folder = await asyncio.to_thread(_new_folder, self._parent, endpoint.name)
            urls = {}
            for variant in (*endpoint.variants, *endpoint.shadows):
                urls[variant.name] = await self._start(endpoint.name, variant, self._folder / variant.name)
            self.running = self._serve(served_endpoint(endpoint, urls))
            self.running.start()
        except OSError as error:
            await self.stop()
            raise HostingError(f"the model could not be brought here: {error}") from None
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop every server once its calls are done, and remove the folder."""
        running, self.running = self.running, None
        if running is not None:
            await running.stop()
        await asyncio.gather(*(server.stop() for server in self._servers))
        self._servers = []
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _start(self, endpoint: str, variant: Variant, target: Path) -> tuple[str, ...]:
        """Start a variant's instances, each with a port of its own, and give their URLs."""
        try:
            folder = await asyncio.to_thread(prepare, variant.container, self._storage(), target)
            options = ServingOptions(environment=_environment(variant.container), startup_timeout=self._timeout)
            count = min(variant.instances, _MOST_REPLICAS)
            names = [f"{endpoint}/{variant.name}" + (f"#{n + 1}" if count > 1 else "") for n in range(count)]
            servers = [ModelServer(name, folder, options, on_line=self._on_line) for name in names]
            self._servers += servers
            async with asyncio.TaskGroup() as group:
                for server in servers:
                    group.create_task(server.start())
        except BaseExceptionGroup as errors:
            raise _failure(variant, errors.exceptions[0]) from None
        except (ModelFolderError, ProcessFailedError, ArchiveError, RegistryError) as error:
            raise _failure(variant, error) from None
        return tuple(server.url for server in servers)


def served_endpoint(endpoint: Endpoint, urls: Mapping[str, tuple[str, ...]]) -> ServedEndpoint:
    """Give what an endpoint's configuration comes to, with its variants where they are."""
    production = endpoint.variants[0].weight if endpoint.variants else 1.0
    return ServedEndpoint(
        name=endpoint.name,
        variants=tuple(
            ServedVariant(
                name=each.name,
                urls=urls[each.name],
                weight=each.weight,
                balancing=_balancing(each, len(urls[each.name])),
            )
            for each in endpoint.variants
        ),
        shadows=tuple(
            ServedShadow(name=each.name, urls=urls[each.name], sampling=shadow_sampling(each.weight, production))
            for each in endpoint.shadows
        ),
        capture=capture_of(endpoint.capture),
        asynchronous=async_of(endpoint.asynchronous),
    )


def _balancing(variant: Variant, instances: int) -> Balancing:
    """Give how a variant's calls are spread: as it is configured, and around instances that are not well."""
    routing = Routing(variant.routing) if variant.routing in set(Routing) else Routing.RANDOM
    if instances < 2:
        return Balancing(routing=routing)
    return Balancing(routing=routing, health=HealthCheck(), ejection=OutlierEjection(), retry=Retries())


def capture_of(config: Mapping[str, Any]) -> Capture | None:
    """Read a DataCaptureConfig; None for one that captures nothing (EnableCapture)."""
    if not config or not config.get("EnableCapture", False):
        return None
    modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
    types = config.get("CaptureContentTypeHeader", {})
    return Capture(
        destination=config["DestinationS3Uri"],
        sampling=float(config["InitialSamplingPercentage"]),
        input=bool(modes & {"Input", "InputAndOutput"}),
        output=bool(modes & {"Output", "InputAndOutput"}),
        json=tuple(types.get("JsonContentTypes", ())),
        csv=tuple(types.get("CsvContentTypes", ())),
    )


def async_of(config: Mapping[str, Any]) -> AsyncInference | None:
    """Read an AsyncInferenceConfig."""
    output = config.get("OutputConfig", {})
    if not output.get("S3OutputPath"):
        return None
    concurrency = config.get("ClientConfig", {}).get("MaxConcurrentInvocationsPerInstance", 4)
    return AsyncInference(
        output=output["S3OutputPath"], failure=output.get("S3FailurePath", ""), concurrency=concurrency
    )


def _failure(variant: Variant, error: BaseException) -> HostingError:
    return HostingError(
        f"The primary container for production variant {variant.name} did not pass the ping health check. "
        f"(Inferway: {error})"
    )


def _new_folder(parent: Path, name: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name.lower()}-", dir=parent))


def _environment(container: Mapping[str, Any]) -> dict[str, str]:
    return dict(container.get("Environment", {}))
