"""The endpoints of one process by their names, across changes of what is bound."""

import asyncio
from collections.abc import Iterable, Iterator

from inferway.backends.endpoints.endpoint import Endpoint, Locate
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.definition.endpoints import ServedEndpoint
from inferway.transport.client import HttpClient


class EndpointDirectory:
    """Keeps an endpoint as long as it stays what it is, with its sessions, weights and counts."""

    def __init__(self, client: HttpClient, locate: Locate, writer: JsonLines) -> None:
        self._client = client
        self._locate = locate
        self._writer = writer
        self._known: dict[str, Endpoint] = {}

    def __iter__(self) -> Iterator[Endpoint]:
        """Give every endpoint."""
        return iter(list(self._known.values()))

    def get(self, name: str) -> Endpoint | None:
        """Give an endpoint, None where there is none of the name."""
        return self._known.get(name)

    async def update(self, wanted: Iterable[ServedEndpoint]) -> None:
        """Serve these endpoints and no others; calls under way in others go on. Raises ValueError for a bad URL."""
        known, kept = self._known, {}
        for settings in wanted:
            before = known.get(settings.name)
            if before is not None and before.settings == settings:
                kept[settings.name] = before
            else:
                kept[settings.name] = Endpoint(settings, self._client, self._locate, self._writer)
        self._known = kept
        for name, endpoint in kept.items():
            if known.get(name) is not endpoint:
                endpoint.start()
        await asyncio.gather(*(before.stop() for name, before in known.items() if kept.get(name) is not before))

    async def aclose(self) -> None:
        """Serve none any more."""
        await self.update(())
