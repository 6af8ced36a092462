"""What lasts and what is managed: a project's tables, its registry, and the control plane in front of it.

Imported only for a project that has some of it, since a SQL library comes with it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from inferway.app import endpoint_pages
from inferway.app.forwarding import forwarded
from inferway.app.homes import Homes
from inferway.app.local_identity import CONTROL, SERVICES
from inferway.app.project import Project
from inferway.app.served_endpoints import served_endpoint
from inferway.app.state import StateError
from inferway.backends.endpoints.async_queue import AsyncInvocations
from inferway.backends.endpoints.directory import EndpointDirectory
from inferway.backends.endpoints.endpoint import Endpoint
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.backends.endpoints.served import Served
from inferway.backends.link import Invokable
from inferway.control.authorization import Authorize, signed_callers
from inferway.control.aws_lambda import Lambda
from inferway.control.dynamodb import DynamoDb
from inferway.control.sagemaker import SageMaker
from inferway.control.sagemaker_runtime import SageMakerRuntime
from inferway.control.unserved import Unserved
from inferway.definition.bindings import Bindings
from inferway.definition.deployment import ACCOUNT, REGION
from inferway.definition.endpoints import ONLY_VARIANT, ServedEndpoint, ServedVariant
from inferway.gateway.core import Page
from inferway.processes.supervisor import LineListener
from inferway.registry.errors import RegistryError
from inferway.registry.record import Account
from inferway.registry.records import METADATA
from inferway.registry.registry import Registry, RegistryOptions
from inferway.registry.storage import Storage
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
        self._bindings = Bindings()
        self._writer = JsonLines()
        self._directory: EndpointDirectory | None = None
        self._async: AsyncInvocations | None = None

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
        self._bindings = bindings
        if self._control:  # one process owns the registry, and it is another one
            other = forwarded(client, self._control)
            self._pages = {**_below({"": other}), **endpoint_pages.handed_on(other)}
            return
        if self._registry is None:
            options = RegistryOptions(
                folder=self._folder / _REGISTRY,
                account=Account(id=ACCOUNT, region=REGION),
                training=bindings.training,
                storage=bindings.storage,
                alarms=bindings.alarms,
            )
            database = SqlDatabase(sqlite_url(self._folder / "registry.db"), METADATA)

            def serve(settings: ServedEndpoint) -> Endpoint:
                return Endpoint(settings, client, self._locate, self._writer)

            self._registry = await Registry(database, options, self._on_line, serve).start()
        else:
            self._registry.rebind(bindings.training, bindings.storage, bindings.alarms)
        if self._directory is None:
            self._directory = EndpointDirectory(client, self._locate, self._writer)
        if self._async is None:
            self._async = AsyncInvocations(self._folder / "async", self._locate, self._endpoint)
            await self._async.recover()
        pages = self._made_pages(project, self._registry, self._tables, client)
        runtime = SageMakerRuntime(self._find, self._authorize(project, "sagemaker"), self._async)
        self._pages = {
            **_below({**pages, "sagemaker-runtime/": runtime.handle}),
            **endpoint_pages.pages(self._directory, self._async),
        }

    def tables(self, project: Project) -> dict[str, TableService]:
        """Give who answers for each of the project's tables."""
        return {} if self._tables is None else dict.fromkeys(project.bindings.tables, self._tables)

    def pages(self) -> Mapping[str, Page]:
        """Give the control plane's pages."""
        return self._pages

    def runtime(self, project: Project) -> str:
        """Give the URL of the runtime: straight at the process that has it, where that is another."""
        if self._control:
            return f"{self._control}{CONTROL}sagemaker-runtime"
        return project.surroundings.get("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "")

    async def at_home(self, homes: Homes) -> None:
        """Say where the bound endpoints are now. Raises ValueError for a URL that cannot be called."""
        self._homes = homes
        if self._directory is not None:
            await self._directory.update(_served(self._bindings, homes))
        if self._async is not None:
            for name in self._bindings.endpoints:
                self._async.resume(name)

    @property
    def hosted(self) -> Iterable[Endpoint]:
        """The bound endpoints that this process serves; none where another one has them."""
        return () if self._directory is None else self._directory

    def endpoints(self) -> Mapping[str, Invokable]:
        """Give the endpoints of this process that are more than a URL, by their names."""
        if self._directory is None:
            return {}
        managed = {name for name, bound in self._bindings.endpoints.items() if not bound.is_plain}
        return {each.name: Served(each, self._async) for each in self._directory if each.name in managed}

    async def drop_copies(self) -> None:
        """End the copies for shadow variants that are under way: nobody waits for them, nor does the end."""
        await asyncio.gather(*(shadow.stop() for each in self._directory or () for shadow in each.shadows))

    async def close(self) -> None:
        """End training jobs and let go of the databases; harmless twice."""
        if self._async is not None:
            await self._async.aclose()
        if self._directory is not None:
            await self._directory.aclose()
        if self._registry is not None:
            await self._registry.aclose()
        if self._tables is not None:
            await self._tables.close()
        await asyncio.to_thread(self._writer.close)

    def _locate(self, place: str) -> Path:
        """Give where an S3 URI, or a path that the bindings name, is here."""
        if "://" not in place:
            return Path(place)
        if self._registry is not None:
            return self._registry.storage().path(place)
        return Storage(self._folder / _REGISTRY, self._bindings.storage).path(place)

    def _endpoint(self, name: str) -> Endpoint | None:
        """Give an endpoint that is served: what the bindings name comes before the registry's."""
        found = self._directory.get(name) if self._directory is not None else None
        if found is not None or name in self._bindings.endpoints or self._registry is None:
            return found
        return self._registry.endpoints.served_endpoint(name)

    def _find(self, name: str) -> Endpoint | bool:
        """Give an endpoint; True for one that is known and not up."""
        found = self._endpoint(name)
        if found is not None:
            return found if found.is_up else True
        if self._registry is None:
            return name in self._bindings.endpoints
        return name in self._bindings.endpoints or self._registry.endpoints.is_known(name)

    def _authorize(self, project: Project, service: str) -> Authorize:
        identities = tuple(project.bindings.identities.values())
        if project.identity is not None:
            identities = (*identities, project.identity)
        return signed_callers(identities, service=service, region=REGION)

    def _made_pages(
        self, project: Project, registry: Registry, tables: TableStore, client: HttpClient
    ) -> Mapping[str, Page]:
        below = f"{REGION}:{ACCOUNT}"
        functions = Lambda(
            lambda: self._homes.functions,
            self._authorize(project, "lambda"),
            f"arn:aws:lambda:{below}:function:",
            client,
        )
        dynamodb = DynamoDb(tables, self._authorize(project, "dynamodb"), f"arn:aws:dynamodb:{below}:table/")
        return {
            "": Unserved(SERVICES).handle,
            "sagemaker/": SageMaker(registry, self._authorize(project, "sagemaker")).handle,
            "dynamodb/": dynamodb.handle,
            "lambda/": functions.handle,
        }


def _served(bindings: Bindings, homes: Homes) -> Iterable[ServedEndpoint]:
    """Give every bound endpoint with its places, those with one URL among them."""
    for name, endpoint in bindings.endpoints.items():
        if endpoint.is_plain:
            urls = (homes.endpoints[name],) if name in homes.endpoints else ()
            yield ServedEndpoint(name=name, variants=(ServedVariant(name=ONLY_VARIANT, urls=urls),))
        else:
            yield served_endpoint(endpoint, homes.instances.get(name, {}))


def _below(pages: Mapping[str, Page]) -> Mapping[str, Page]:
    """Give pages below the control plane's path; clients that post to a service's root leave out its last slash."""
    paths = {f"{CONTROL}{name}": page for name, page in pages.items()}
    return {**{path.rstrip("/"): page for path, page in paths.items()}, **paths}
