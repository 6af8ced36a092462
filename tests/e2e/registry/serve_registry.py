"""A small gateway with a registry behind its control plane: `python serve_registry.py FOLDER OPTIONS`."""

import asyncio
import json
import logging
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn

from inferway.app.edge import Edge
from inferway.backends.endpoints.async_queue import AsyncInvocations
from inferway.backends.endpoints.directory import EndpointDirectory
from inferway.backends.endpoints.endpoint import Endpoint
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.control.authorization import signed_callers
from inferway.control.sagemaker import SageMaker
from inferway.control.sagemaker_runtime import SageMakerRuntime
from inferway.definition.endpoints import ServedEndpoint, ServedVariant
from inferway.definition.identity import Identity
from inferway.definition.training import BoundTraining
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.gateway.protocol import HttpProtocol
from inferway.registry.records import METADATA
from inferway.registry.registry import Registry, RegistryOptions
from inferway.stores.sql import SqlDatabase
from inferway.transport.client import HttpClient

EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
READING = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sagemaker:Describe*",'
    '"Resource":"arn:aws:sagemaker:us-east-1:000000000000:training-job/*"}]}'
)
IDENTITIES = (
    Identity(
        name="owner",
        access_key="AKIAOWNER",
        secret="owner-secret",
        arn="arn:aws:iam::000000000000:user/owner",
        policies=(EVERYTHING,),
    ),
    Identity(
        name="reader",
        access_key="AKIAREADER",
        secret="reader-secret",
        arn="arn:aws:iam::000000000000:user/reader",
        policies=(READING,),
    ),
)


class Gateway:
    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        self._folder = folder
        self._options = options
        self.core = Core(access_log=AccessLog(None), options=CoreOptions())
        self._registry: Registry | None = None
        self._client: HttpClient | None = None
        self._directory: EndpointDirectory | None = None
        self._writer = JsonLines()

    def _serve(self, settings: ServedEndpoint) -> Endpoint:
        assert self._client is not None
        return Endpoint(settings, self._client, self._locate, self._writer)

    def _locate(self, place: str) -> Path:
        assert self._registry is not None
        return self._registry.storage().path(place)

    def _endpoint(self, name: str) -> Endpoint | None:
        assert self._directory is not None
        assert self._registry is not None
        return self._directory.get(name) or self._registry.endpoints.served_endpoint(name)

    def _find(self, name: str) -> Endpoint | bool:
        assert self._registry is not None
        found = self._endpoint(name)
        if found is None:
            return self._registry.endpoints.is_known(name)
        return found if found.is_up else True

    async def start(self) -> None:
        self._folder.mkdir(exist_ok=True)
        options = dict(self._options)
        training = {name: BoundTraining(name=name, **bound) for name, bound in options.pop("training", {}).items()}
        bound: dict[str, str] = options.pop("endpoints", {})
        self._client = HttpClient()
        self._registry = Registry(
            SqlDatabase(f"sqlite:///{self._folder / 'registry.sqlite'}", METADATA),
            RegistryOptions(folder=self._folder, training=training, **options),
            lambda name, line: print(f"{name}: {line}", file=sys.stderr),
            self._serve,
        )
        await self._registry.start()
        authorize = signed_callers(IDENTITIES, service="sagemaker", region="us-east-1")
        api = SageMaker(self._registry, authorize)
        self._directory = EndpointDirectory(self._client, self._locate, self._writer)
        await self._directory.update(
            ServedEndpoint(name=name, variants=(ServedVariant(name="AllTraffic", urls=(url,) if url else ()),))
            for name, url in bound.items()
        )
        invocations = AsyncInvocations(self._folder / "async", self._locate, self._endpoint)
        runtime = SageMakerRuntime(self._find, authorize, invocations)
        self.core.activate(
            {}, {"/_inferway/aws/sagemaker/": api.handle, "/_inferway/aws/sagemaker-runtime/": runtime.handle}
        )

    async def stop(self) -> None:
        assert self._registry is not None
        assert self._client is not None
        await self._registry.aclose()
        await self._client.aclose(grace=1)


def main(folder: str, options: str) -> None:
    logging.basicConfig(level=logging.WARNING)
    gateway = Gateway(Path(folder), json.loads(options))
    listener = socket.create_server(("127.0.0.1", 0))
    edge = Edge(gateway.core, gateway.start, gateway.stop)
    server = uvicorn.Server(
        uvicorn.Config(
            edge, http=HttpProtocol, ws="none", lifespan="on", log_config=None, access_log=False, loop="uvloop"
        )
    )

    def announce() -> None:
        while not server.started:
            if server.should_exit:
                return
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)

    threading.Thread(target=announce, daemon=True).start()
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main(*sys.argv[1:])
