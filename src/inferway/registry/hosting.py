"""Serves the variants of an endpoint as local model servers."""

import asyncio
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.processes.process import ProcessFailedError
from inferway.processes.supervisor import LineListener
from inferway.registry.endpoint import Variant
from inferway.registry.errors import RegistryError
from inferway.registry.model_folders import prepare
from inferway.registry.storage import Storage
from inferway.serving.folder import ModelFolderError
from inferway.serving.model_server import ModelServer, ServingOptions
from inferway.training.archive import ArchiveError

_MOST_REPLICAS: Final = os.cpu_count() or 1


class HostingError(Exception):
    """A variant that cannot be served; the text says which and why."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """A variant that is up: where, and its share of the calls."""

    variant: str
    weight: float
    url: str


class Host:
    """The model servers of one endpoint's configuration, each with a folder of its own below `folder`."""

    def __init__(
        self, endpoint: str, folder: Path, storage: Callable[[], Storage], on_line: LineListener, timeout: float
    ) -> None:
        self._endpoint = endpoint
        self._parent = folder
        self._storage = storage
        self._on_line = on_line
        self._timeout = timeout
        self._folder: Path | None = None
        self._servers: list[ModelServer] = []
        self._served: dict[str, Served] = {}

    async def start(self, variants: tuple[Variant, ...]) -> None:
        """Start every variant; raises HostingError, and leaves nothing running then."""
        try:
            self._folder = await asyncio.to_thread(_new_folder, self._parent, self._endpoint)
            for variant in variants:
                await self._start(variant, self._folder / variant.name)
        except OSError as error:
            await self.stop()
            raise HostingError(f"the model could not be brought here: {error}") from None
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop every server once its calls are done, and remove the folder."""
        self._served = {}
        await asyncio.gather(*(server.stop() for server in self._servers))
        self._servers = []
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def choose(self, variant: str = "") -> Served | None:
        """Give the named variant, else one by weight; None where there is no such."""
        if variant or len(self._served) == 1:
            return self._served.get(variant) if variant else next(iter(self._served.values()))
        candidates = list(self._served.values())
        weights = [one.weight for one in candidates]
        return random.choices(candidates, weights)[0] if any(weights) else None

    async def _start(self, variant: Variant, target: Path) -> None:
        try:
            folder = await asyncio.to_thread(prepare, variant.container, self._storage(), target)
            options = ServingOptions(
                replicas=min(variant.instances, _MOST_REPLICAS),
                environment=_environment(variant.container),
                startup_timeout=self._timeout,
            )
            name = f"{self._endpoint}/{variant.name}"
            server = ModelServer(name, folder, options, on_line=self._on_line)
            await server.start()
        except (ModelFolderError, ProcessFailedError, ArchiveError, RegistryError) as error:
            raise HostingError(
                f"The primary container for production variant {variant.name} did not pass the ping health check. "
                f"(Inferway: {error})"
            ) from None
        self._servers.append(server)
        self._served[variant.name] = Served(variant=variant.name, weight=variant.weight, url=server.url)


def _new_folder(parent: Path, name: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name.lower()}-", dir=parent))


def _environment(container: Mapping[str, Any]) -> dict[str, str]:
    return dict(container.get("Environment", {}))
