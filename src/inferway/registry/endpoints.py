"""Endpoints: created, updated and deleted by request, served by this process, up again after a start."""

import asyncio
import logging
import random
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.backends.endpoints.endpoint import Endpoint as RunningEndpoint
from inferway.processes.supervisor import LineListener
from inferway.registry.catalogue import Catalogue
from inferway.registry.configuration import Configuration, read_configuration
from inferway.registry.endpoint import Endpoint, EndpointStatus, endpoint
from inferway.registry.errors import InvalidRequestError, NameTakenError, UnknownNameError, WrongStateError
from inferway.registry.hosting import Host, HostingError, Serve
from inferway.registry.record import Account, Kind, Page, Query, Record
from inferway.registry.records import Records
from inferway.registry.shifting import Alarms, Shift, check_alarms, shift_of, shift_traffic
from inferway.registry.storage import Storage
from inferway.rollout.tally import Tally

_LONGEST_REASON: Final = 1024
_LIVING: Final = (EndpointStatus.CREATING, EndpointStatus.UPDATING, EndpointStatus.IN_SERVICE)
_log = logging.getLogger("inferway.registry")


class HostingOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`folder` holds what is unpacked to be served; `startup_timeout` is in seconds, `alarms` are rules by name.

    `serve` makes an endpoint over the instances that are up.
    """

    folder: Path
    serve: Serve
    startup_timeout: float = 60.0
    alarms: Alarms = {}


class Endpoints:
    """All endpoints of a registry. Belongs to the event loop that it was made in."""

    def __init__(
        self,
        records: Records,
        catalogue: Catalogue,
        storage: Callable[[], Storage],
        account: Account,
        options: HostingOptions,
        on_line: LineListener,
    ) -> None:
        self._records = records
        self._catalogue = catalogue
        self._storage = storage
        self._account = account
        self._options = options
        self._on_line = on_line
        self._alarms = options.alarms
        self._hosts: dict[str, Host] = {}
        self._shifted: dict[str, tuple[Host, float]] = {}
        self._known: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def recover(self) -> None:
        """Begin to serve again what was served when the gateway ended; it is Creating until it is up."""
        await asyncio.to_thread(shutil.rmtree, self._options.folder, ignore_errors=True)
        for record in await self._records.with_status(Kind.ENDPOINT, [EndpointStatus.DELETING]):
            await self._records.delete(Kind.ENDPOINT, record.name)
        for record in await self._records.with_status(Kind.ENDPOINT, [EndpointStatus.FAILED]):
            self._known.add(record.name)
        for record in await self._records.with_status(Kind.ENDPOINT, _LIVING):
            known = endpoint(record)
            again = msgspec.structs.replace(known, status=EndpointStatus.CREATING)
            self._known.add(again.name)
            await self._records.replace(again.record())
            self._begin(again.name, self._create(again))

    def rebind(self, alarms: Alarms) -> None:
        """Use other alarms from now on."""
        self._alarms = alarms

    async def create(self, name: str, config: str, deployment: Mapping[str, Any] | None = None) -> str:
        """Begin to create an endpoint and give its ARN; raises NameTakenError, UnknownNameError, InvalidRequestError.

        `deployment` is a DeploymentConfig, kept for updates that retain it.
        """
        arn = self._account.arn(Kind.ENDPOINT, name)
        taken = await read_configuration(self._catalogue, config)
        self._shift(deployment or {}, taken)
        now = time.time()
        new = Endpoint(
            **msgspec.structs.asdict(taken),
            name=name,
            arn=arn,
            deployment=dict(deployment or {}),
            status=EndpointStatus.CREATING,
            created=now,
            modified=now,
        )
        if not await self._records.insert(new.record()):
            raise NameTakenError(Kind.ENDPOINT, arn)
        self._known.add(name)
        self._begin(name, self._create(new))
        return arn

    async def update(
        self, name: str, config: str, deployment: Mapping[str, Any] | None = None, *, retain: bool = False
    ) -> str:
        """Begin to serve another configuration and give the ARN.

        Calls go over as `deployment`, a DeploymentConfig, says, or with `retain` as the last one did. Raises
        UnknownNameError, WrongStateError, InvalidRequestError.
        """
        taken = await read_configuration(self._catalogue, config)
        chosen = (await self.get(name)).deployment if retain else dict(deployment or {})
        shift = self._shift(chosen, taken)

        def change(record: Record) -> Record:
            before = endpoint(record)
            if before.status is EndpointStatus.FAILED:
                raise WrongStateError(f'Cannot update failed endpoint "{before.arn}".')
            if before.status is not EndpointStatus.IN_SERVICE:
                raise WrongStateError(f'Cannot update in-progress endpoint "{before.arn}".')
            return msgspec.structs.replace(
                before, status=EndpointStatus.UPDATING, modified=time.time(), deployment=chosen
            ).record()

        record = await self._changed(name, change)
        before = endpoint(record)
        self._begin(before.name, self._update(before, taken, shift))
        return before.arn

    async def delete(self, name: str) -> None:
        """Begin to delete an endpoint; raises UnknownNameError, WrongStateError for one that is being updated."""

        def change(record: Record) -> Record:
            before = endpoint(record)
            if before.status is EndpointStatus.UPDATING:
                raise WrongStateError(f'Cannot update in-progress endpoint "{before.arn}".')
            return msgspec.structs.replace(before, status=EndpointStatus.DELETING, modified=time.time()).record()

        record = await self._changed(name, change)
        under_way = self._tasks.get(record.name)
        if under_way is not None:
            under_way.cancel()
        self._begin(record.name, self._delete(record.name, under_way))

    async def get(self, name: str) -> Endpoint:
        """Give an endpoint; raises UnknownNameError."""
        record = await self._records.get(Kind.ENDPOINT, name)
        if record is None:
            raise UnknownNameError(Kind.ENDPOINT, self._account.arn(Kind.ENDPOINT, name))
        return endpoint(record)

    async def page(self, query: Query) -> Page:
        """Give a page of endpoints."""
        return await self._records.page(query)

    def served_endpoint(self, name: str) -> RunningEndpoint | None:
        """Give what serves the next call of an endpoint, by its name as it was created; None while nothing does."""
        host = self._hosts.get(name)
        if self._shifted and (new := self._shifted.get(name)) is not None and random.random() < new[1]:
            host = new[0]
        return host.running if host is not None else None

    def is_known(self, name: str) -> bool:
        """Say whether there is an endpoint of this name, served or not."""
        return name in self._known

    async def weigh(self, name: str, weights: Mapping[str, float]) -> str:
        """Change the weights of some variants of an endpoint in service, all at once, and give its ARN.

        Raises UnknownNameError, WrongStateError, InvalidRequestError.
        """

        def change(record: Record) -> Record:
            before = endpoint(record)
            if before.status is not EndpointStatus.IN_SERVICE:
                raise WrongStateError(f'Cannot update in-progress endpoint "{before.arn}".')
            unknown = set(weights) - {variant.name for variant in before.variants}
            if unknown:
                raise InvalidRequestError(f"Variant {min(unknown)} was not found for endpoint {before.name}.")
            variants = tuple(
                msgspec.structs.replace(each, weight=weights.get(each.name, each.weight)) for each in before.variants
            )
            return msgspec.structs.replace(before, variants=variants, modified=time.time()).record()

        after = endpoint(await self._changed(name, change))
        running = self.served_endpoint(after.name)
        if running is not None:
            running.set_weights(weights)
        return after.arn

    async def settled(self, name: str) -> None:
        """Return when nothing is under way for an endpoint."""
        while (task := self._tasks.get(name)) is not None:
            await asyncio.wait({task})

    async def aclose(self) -> None:
        """Stop serving; what was served is served again by the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(host.stop() for host in self._hosts.values()))
        self._hosts = {}

    async def _changed(self, name: str, change: Callable[[Record], Record]) -> Record:
        record = await self._records.change(Kind.ENDPOINT, name, change)
        if record is None:
            raise UnknownNameError(Kind.ENDPOINT, self._account.arn(Kind.ENDPOINT, name))
        return record

    def _begin(self, name: str, work: Any) -> None:
        task = asyncio.create_task(work, name=f"endpoint {name}")
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("The endpoint %s: %s", name, error, exc_info=error)

    def _host(self) -> Host:
        options = self._options
        return Host(options.folder, self._storage, options.serve, self._on_line, options.startup_timeout)

    async def _create(self, new: Endpoint) -> None:
        host = self._host()
        try:
            await host.start(new)
        except HostingError as error:
            await self._become(new, EndpointStatus.FAILED, str(error))
            return
        self._hosts[new.name] = host
        await self._become(new, EndpointStatus.IN_SERVICE, "")

    def _shift(self, deployment: Mapping[str, Any], taken: Configuration) -> Shift:
        shift = shift_of(deployment, sum(variant.instances for variant in taken.variants))
        check_alarms(shift, self._alarms)
        return shift

    async def _update(self, before: Endpoint, taken: Configuration, shift: Shift) -> None:
        """Start the new variants beside the old ones, which stay where the new do not come up, or an alarm goes off."""
        host = self._host()
        after = msgspec.structs.replace(before, **msgspec.structs.asdict(taken))
        try:
            await host.start(after)
        except HostingError as error:
            await self._become(before, EndpointStatus.IN_SERVICE, str(error))
            return
        try:
            back = await self._moved(before.name, host, shift)
        except BaseException:
            await host.stop()
            raise
        finally:
            self._shifted.pop(before.name, None)
        if back:
            await self._become(before, EndpointStatus.IN_SERVICE, back)
            await host.stop()
            return
        old, self._hosts[before.name] = self._hosts.get(before.name), host
        try:
            await asyncio.sleep(shift.termination if old is not None else 0)
        finally:
            if old is not None:
                await old.stop()
        await self._become(after, EndpointStatus.IN_SERVICE, "")

    async def _moved(self, name: str, host: Host, shift: Shift) -> str:
        """Have an endpoint's calls go over to another host; give why they have to go back, "" where they need not."""

        def to(share: float) -> None:
            self._shifted[name] = host, share

        return await shift_traffic(shift, to, lambda: _seen(host), self._alarms)

    async def _delete(self, name: str, under_way: asyncio.Task[None] | None) -> None:
        if under_way is not None:
            await asyncio.wait({under_way})
        host = self._hosts.pop(name, None)
        if host is not None:
            await host.stop()
        await self._records.delete(Kind.ENDPOINT, name)
        self._known.discard(name)

    async def _become(self, known: Endpoint, status: EndpointStatus, failure: str) -> None:
        after = msgspec.structs.replace(known, status=status, failure=failure[:_LONGEST_REASON], modified=time.time())
        await self._records.change(Kind.ENDPOINT, known.name, lambda record: _unless_deleted(record, after))


def _seen(host: Host) -> Tally:
    """Give what all variants of a host have been seen to do."""
    seen = Tally()
    if host.running is not None:
        for variant in host.running.variants.values():
            seen.merge(variant.counts.since(0))
    return seen


def _unless_deleted(record: Record, after: Endpoint) -> Record:
    return record if record.status == EndpointStatus.DELETING else after.record()
