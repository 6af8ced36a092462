"""Training jobs: a queue, a few at a time, each kept in the store from its request to its model."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from inferway.definition.training import BoundTraining
from inferway.registry.errors import LimitError, NameTakenError, UnknownNameError, WrongStateError
from inferway.registry.record import Account, Kind, Page, Query
from inferway.registry.records import Records
from inferway.registry.storage import Storage
from inferway.registry.training_job import UNFINISHED, JobStatus, MetricValue, TrainingJob, training_job
from inferway.registry.training_plans import artifact_uri, plan_for
from inferway.training.contract import FAILURE_LIMIT
from inferway.training.events import Ended, Event, Measured, Phase
from inferway.training.plan import TrainingPlan
from inferway.training.run import OnLine, StopReason, TrainingRun, end_strays

ENDED_WITH_GATEWAY: Final = "InternalServerError: the gateway ended while this training job was running"
_log = logging.getLogger("inferway.training")


class TrainingOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`at_once` jobs run, up to `waiting` more wait; `folder` holds a folder per job; images are `bound` by name."""

    folder: Path
    bound: Mapping[str, BoundTraining] = {}
    at_once: int = 2
    waiting: int = 100


class _Live:
    """A job that has not ended, and its way into the store: what changes is written as it then stands, in order."""

    def __init__(self, job: TrainingJob, records: Records) -> None:
        self.job = job
        self.run: TrainingRun | None = None
        self.task: asyncio.Task[None] | None = None
        self.stop_asked = False
        self._records = records
        self._changed = asyncio.Event()
        self._writer = asyncio.create_task(self._write(), name=f"write {job.name}")

    def become(self, job: TrainingJob) -> None:
        self.job = job
        self._changed.set()

    async def finish(self) -> None:
        """Write the last state, and no more."""
        self._writer.cancel()
        await asyncio.wait({self._writer})
        await self.save()

    async def save(self) -> None:
        await self._records.replace(self.job.record())

    async def _write(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await asyncio.shield(self.save())
            except SQLAlchemyError:
                _log.exception("The state of the training job %s could not be kept", self.job.name)


class TrainingJobs:
    """All training jobs of a registry. Belongs to the event loop that it was made in."""

    def __init__(
        self,
        records: Records,
        storage: Callable[[], Storage],
        account: Account,
        options: TrainingOptions,
        on_line: OnLine,
    ) -> None:
        self._records = records
        self._storage = storage
        self._account = account
        self._options = options
        self._on_line = on_line
        self._live: dict[str, _Live] = {}
        self._slots = asyncio.Semaphore(options.at_once)

    def rebind(self, bound: Mapping[str, BoundTraining]) -> None:
        """Use other bindings from now on."""
        self._options = msgspec.structs.replace(self._options, bound=bound)

    async def recover(self) -> None:
        """Mark as failed what a gateway before this one left running, and end what its scripts left."""
        await asyncio.to_thread(end_strays, self._options.folder)
        for record in await self._records.with_status(Kind.TRAINING_JOB, UNFINISHED):
            failed = _failed(training_job(record), ENDED_WITH_GATEWAY)
            await self._records.replace(failed.record())

    async def create(self, request: dict[str, Any]) -> TrainingJob:
        """Queue a job; raises InvalidRequestError, NameTakenError, LimitError."""
        name = request["TrainingJobName"]
        arn = self._account.arn(Kind.TRAINING_JOB, name)
        if await self._records.get(Kind.TRAINING_JOB, name) is not None:
            raise NameTakenError(Kind.TRAINING_JOB, arn)
        plan = await asyncio.to_thread(plan_for, request, arn, self._options.bound, self._storage())
        self._refuse_too_many()
        now = time.time()
        job = TrainingJob(
            name=name, arn=arn, request=request, artifact=artifact_uri(request), created=now, modified=now
        )
        job = job.entering("Starting", now)
        if not await self._records.insert(job.record()):
            raise NameTakenError(Kind.TRAINING_JOB, arn)
        live = self._live[name.lower()] = _Live(job, self._records)
        live.task = asyncio.create_task(self._lead(live, plan), name=f"train {name}")
        return job

    async def get(self, name: str) -> TrainingJob:
        """Give a job as it stands; raises UnknownNameError."""
        live = self._live.get(name.lower())
        if live is not None:
            return live.job
        record = await self._records.get(Kind.TRAINING_JOB, name)
        if record is None:
            raise UnknownNameError(Kind.TRAINING_JOB, self._account.arn(Kind.TRAINING_JOB, name))
        return training_job(record)

    async def page(self, query: Query) -> Page:
        """Give a page of jobs."""
        return await self._records.page(query)

    async def stop(self, name: str) -> None:
        """Begin to stop a job; raises UnknownNameError, and WrongStateError for one that is not in progress."""
        job = await self.get(name)
        live = self._live.get(name.lower())
        if live is None or live.job.status is not JobStatus.IN_PROGRESS:
            status = live.job.status if live else job.status
            raise WrongStateError(f"The request was rejected because the training job is in status {status}.")
        live.become(live.job.entering("Stopping", time.time(), JobStatus.STOPPING))
        live.stop_asked = True
        if live.run is not None:
            live.run.stop()
        elif live.task is not None:
            live.task.cancel()  # it still waits
        await live.save()

    async def aclose(self) -> None:
        """End every job; one that ran has failed then."""
        tasks = [live.task for live in self._live.values() if live.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _refuse_too_many(self) -> None:
        limit = self._options.at_once + self._options.waiting
        if len(self._live) >= limit:
            raise LimitError(
                f"The account-level service limit 'training jobs running or waiting' is {limit} Instances, with "
                f"current utilization of {len(self._live)} Instances and a request delta of 1 Instances."
            )

    async def _lead(self, live: _Live, plan: TrainingPlan) -> None:
        """Take a job to its end."""
        try:
            if self._slots.locked():
                live.become(live.job.entering("Pending", time.time()))
            async with self._slots:
                folder = self._options.folder / live.job.name.lower()
                live.run = TrainingRun(plan, folder, on_event=lambda event: _follow(live, event), on_line=self._on_line)
                ended = await live.run.run()
            live.job = _finished(live.job, ended, live.run.stopped)
        except asyncio.CancelledError:
            asked = live.stop_asked and live.run is None
            live.job = (
                live.job.entering("Stopped", time.time(), JobStatus.STOPPED)
                if asked
                else _failed(live.job, ENDED_WITH_GATEWAY)
            )
        except Exception as error:  # noqa: BLE001 - whatever happened, the job has to end, and to say so
            _log.exception("The training job %s failed", live.job.name)
            live.job = _failed(live.job, f"InternalServerError: {error}"[:FAILURE_LIMIT])
        finally:
            await asyncio.shield(self._settle(live))

    async def _settle(self, live: _Live) -> None:
        try:
            await live.finish()
        except SQLAlchemyError:  # the next start finds the job in progress, and marks it as failed
            _log.exception("The training job %s could not be kept", live.job.name)
        finally:
            del self._live[live.job.name.lower()]


def _follow(live: _Live, event: Event) -> None:
    """Take over what a job's container tells."""
    job = live.job
    if isinstance(event, Phase) and job.status is JobStatus.IN_PROGRESS:
        live.become(job.entering(event.status, event.at))
    elif isinstance(event, Measured):
        live.become(job.measuring(MetricValue(name=event.name, value=event.value, at=event.at)))


def _finished(job: TrainingJob, ended: Ended, stopped: StopReason) -> TrainingJob:
    now = time.time()
    if stopped is StopReason.RUNTIME:
        return job.entering("MaxRuntimeExceeded", now, JobStatus.STOPPED)
    if stopped is StopReason.ASKED:
        return job.entering("Stopped", now, JobStatus.STOPPED)
    if ended.exit_code:
        return _failed(job, ended.failure)
    return job.entering("Completed", now, JobStatus.COMPLETED)


def _failed(job: TrainingJob, reason: str) -> TrainingJob:
    failed = job.entering("Failed", time.time(), JobStatus.FAILED)
    return msgspec.structs.replace(failed, failure=reason[:FAILURE_LIMIT])
