"""Models: a container definition each, settled when the model is created."""

import asyncio
from collections.abc import Callable
from typing import Any

from inferway.registry.catalogue import Catalogue, document_of
from inferway.registry.errors import InvalidRequestError
from inferway.registry.model_folders import model_data
from inferway.registry.model_packages import APPROVED, ModelPackages
from inferway.registry.record import Kind
from inferway.registry.storage import Storage


class Models:
    """Models by name; each keeps what it was created with, and the container that this comes to."""

    def __init__(self, catalogue: Catalogue, packages: ModelPackages, storage: Callable[[], Storage]) -> None:
        self._catalogue = catalogue
        self._packages = packages
        self._storage = storage

    async def create(self, request: dict[str, Any]) -> str:
        """Keep a model and give its ARN; raises InvalidRequestError, UnknownNameError, NameTakenError."""
        containers = request.get("Containers") or [request[name] for name in ("PrimaryContainer",) if name in request]
        if len(containers) != 1:
            raise InvalidRequestError(
                "Exactly one container must be given, as PrimaryContainer or in Containers"
                + (": inference pipelines are not served by Inferway." if containers else ".")
            )
        container = await self._settled(containers[0])
        await self._require_data(container)
        document = {"Request": request, "Container": container}
        return await self._catalogue.add(Kind.MODEL, request["ModelName"], document)

    async def _settled(self, container: dict[str, Any]) -> dict[str, Any]:
        """Fill in what a model package says."""
        if "ModelPackageName" not in container:
            return container
        record = await self._packages.get(container["ModelPackageName"])
        if record.group and record.approval != APPROVED:
            raise InvalidRequestError(
                f"The model package {self._packages.arn(record)} cannot be deployed: its ModelApprovalStatus is "
                f"{record.approval}, and must be {APPROVED}."
            )
        specification = document_of(record).get("InferenceSpecification")
        if not specification:
            raise InvalidRequestError(f"The model package {self._packages.arn(record)} has no InferenceSpecification.")
        package: dict[str, Any] = specification["Containers"][0]
        environment = {**package.get("Environment", {}), **container.get("Environment", {})}
        return {**package, **container, "Environment": environment}

    async def _require_data(self, container: dict[str, Any]) -> None:
        url = model_data(container)
        if not url:
            raise InvalidRequestError("The container has no model data: Inferway serves models, not images alone.")
        path = self._storage().path(url)
        if not await asyncio.to_thread(path.exists):
            raise InvalidRequestError(f"Could not find model data at {url}.")
