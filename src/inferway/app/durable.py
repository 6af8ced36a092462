"""What lasts and what is managed: a project's tables, its registry, and the control plane in front of it.

Imported only for a project that has some of it, since a SQL library comes with it.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from inferway.app.forwarding import forwarded
from inferway.app.homes import Homes
from inferway.app.local_identity import CONTROL, SERVICES
from inferway.app.project import Project
from inferway.app.state import StateError
from inferway.control.authorization import Authorize, signed_callers
from inferway.control.aws_lambda import Lambda
from inferway.control.dynamodb import DynamoDb
from inferway.control.sagemaker import SageMaker
from inferway.control.sagemaker_runtime import SageMakerRuntime
from inferway.control.unserved import Unserved
from inferway.definition.deployment import ACCOUNT, REGION
from inferway.gateway.core import Page
from inferway.processes.supervisor import LineListener
from inferway.registry.errors import RegistryError
from inferway.registry.record import Account
from inferway.registry.records import METADATA
from inferway.registry.registry import Registry, RegistryOptions
from inferway.stores.sql import SqlDatabase
from inferway.stores.tables.definition import bound_definition
from inferway.stores.tables.service import TableService
from inferway.stores.tables.store import TableStore, sqlite_url
from inferway.transport.client import HttpClient

_REGISTRY: Final = "registry"


class Durable:
    """The durable part of one project; what is bound may change while it runs, its folder does not.

    `control` is the URL of the process that has the control plane, "" where this one is to have it.
    """

    def __init__(self, folder: Path, on_line: LineListener, control: str = "") -> None:
        self._folder = folder
        self._on_line = on_line
        self._control = control
        self._tables: TableStore | None = None
        self._registry: Registry | None = None
        self._homes = Homes()
        self._pages: Mapping[str, Page] = {}

    async def open(self, project: Project, client: HttpClient) -> None:
        """Open what the project needs and is not open yet. Raises StateError."""
        try:
            await self._open(project, client)
        except (OSError, RegistryError, SQLAlchemyError) as error:
            raise StateError(f"what lasts in {self._folder} cannot be opened: {error}") from error

    async def _open(self, project: Project, client: HttpClient) -> None:
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        bindings = project.bindings
        if self._tables is None:
            self._tables = TableStore(sqlite_url(self._folder / "tables.db"))
        await self._tables.open(map(bound_definition, bindings.tables.values()))
        if self._control:  # one process owns the registry, and it is another one
            self._pages = _below({"": forwarded(client, self._control)})
            return
        if self._registry is None:
            options = RegistryOptions(
                folder=self._folder / _REGISTRY,
                account=Account(id=ACCOUNT, region=REGION),
                training=bindings.training,
                storage=bindings.storage,
            )
            database = SqlDatabase(sqlite_url(self._folder / "registry.db"), METADATA)
            self._registry = await Registry(database, options, self._on_line).start()
        else:
            self._registry.rebind(bindings.training, bindings.storage)
        self._pages = self._made_pages(project, self._registry, self._tables, client)

    def tables(self, project: Project) -> dict[str, TableService]:
        """Give who answers for each of the project's tables."""
        return {} if self._tables is None else dict.fromkeys(project.bindings.tables, self._tables)

    def pages(self) -> Mapping[str, Page]:
        """Give the control plane's pages."""
        return self._pages

    def at_home(self, homes: Homes) -> None:
        """Say where the bound endpoints are now."""
        self._homes = homes

    async def close(self) -> None:
        """End training jobs and let go of the databases; harmless twice."""
        if self._registry is not None:
            await self._registry.aclose()
        if self._tables is not None:
            await self._tables.close()

    def _made_pages(
        self, project: Project, registry: Registry, tables: TableStore, client: HttpClient
    ) -> Mapping[str, Page]:
        identities = tuple(project.bindings.identities.values())
        if project.identity is not None:
            identities = (*identities, project.identity)
        bound = project.bindings.endpoints

        def authorize(service: str) -> Authorize:
            return signed_callers(identities, service=service, region=REGION)

        def url_of(name: str) -> str | None:
            return self._homes.endpoints.get(name, "") if name in bound else None

        below = f"{REGION}:{ACCOUNT}"
        functions = Lambda(
            lambda: self._homes.functions, authorize("lambda"), f"arn:aws:lambda:{below}:function:", client
        )
        made: dict[str, Page] = {
            "": Unserved(SERVICES).handle,
            "sagemaker/": SageMaker(registry, authorize("sagemaker")).handle,
            "sagemaker-runtime/": SageMakerRuntime(registry, authorize("sagemaker"), client, url_of).handle,
            "dynamodb/": DynamoDb(tables, authorize("dynamodb"), f"arn:aws:dynamodb:{below}:table/").handle,
            "lambda/": functions.handle,
        }
        return _below(made)


def _below(pages: Mapping[str, Page]) -> Mapping[str, Page]:
    """Give pages below the control plane's path; clients that post to a service's root leave out its last slash."""
    paths = {f"{CONTROL}{name}": page for name, page in pages.items()}
    return {**{path.rstrip("/"): page for path, page in paths.items()}, **paths}
