"""The registry: all that this gateway knows of models, and what it runs for them."""

import asyncio
import fcntl
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec

from inferway.definition.training import BoundTraining
from inferway.processes.supervisor import LineListener
from inferway.registry.catalogue import Catalogue
from inferway.registry.endpoints import Endpoints, HostingOptions
from inferway.registry.errors import RegistryInUseError
from inferway.registry.hosting import Serve
from inferway.registry.model_packages import ModelPackages
from inferway.registry.models import Models
from inferway.registry.record import Account
from inferway.registry.records import Records
from inferway.registry.shifting import Alarms
from inferway.registry.storage import Storage
from inferway.registry.training_jobs import TrainingJobs, TrainingOptions
from inferway.stores.sql import SqlDatabase


class RegistryOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`folder` holds job folders, artifacts and what is served; one process owns it at a time.

    `training` has bound images by name, `storage` folders by S3 URI prefix. `jobs_at_once` training jobs run while up
    to `jobs_waiting` wait; `startup_timeout` (seconds) is an endpoint's, `alarms` are rules by
    name, for updates that roll back.
    """

    folder: Path
    account: Account = Account()
    training: Mapping[str, BoundTraining] = {}
    storage: Mapping[str, str] = {}
    jobs_at_once: int = 2
    jobs_waiting: int = 100
    startup_timeout: float = 60.0
    alarms: Alarms = {}


class Registry:
    """Models, versions, endpoints and training jobs. Belongs to the event loop that it is started in.

    `database` is one over `records.METADATA`, not open yet: the registry opens and closes it. `serve` makes endpoints
    over instances that are up.
    """

    def __init__(self, database: SqlDatabase, options: RegistryOptions, on_line: LineListener, serve: Serve) -> None:
        # A job's script has another working directory: what it is told must not depend on this one.
        options = msgspec.structs.replace(options, folder=options.folder.resolve())
        self._options = options
        self._storage = _storage(options)
        self._database = database
        self._records = Records(database)
        self._lock: int | None = None
        account, folder = options.account, options.folder
        self.account = account
        self.catalogue = Catalogue(self._records, account)
        self.model_packages = ModelPackages(self._records, account)
        self.models = Models(self.catalogue, self.model_packages, self.storage)
        self.endpoints = Endpoints(
            self._records,
            self.catalogue,
            self.storage,
            account,
            HostingOptions(
                folder=folder / "endpoints",
                serve=serve,
                startup_timeout=options.startup_timeout,
                alarms=options.alarms,
            ),
            on_line,
        )
        training = TrainingOptions(
            folder=folder / "training",
            bound=options.training,
            at_once=options.jobs_at_once,
            waiting=options.jobs_waiting,
        )
        self.training_jobs = TrainingJobs(self._records, self.storage, account, training, on_line)

    def storage(self) -> Storage:
        """Give where S3 URIs live now."""
        return self._storage

    async def start(self) -> Self:
        """Take the folder, and take up what a gateway before this one left.

        Raises RegistryInUseError, OSError, and SQLAlchemy's errors for a database that cannot be opened.
        """
        self._lock = await asyncio.to_thread(_take, self._options.folder)
        await self._database.open()
        await self.training_jobs.recover()
        await self.endpoints.recover()
        return self

    def rebind(
        self, training: Mapping[str, BoundTraining], storage: Mapping[str, str], alarms: Alarms | None = None
    ) -> None:
        """Use other bindings from now on; jobs under way keep theirs."""
        self._options = msgspec.structs.replace(self._options, training=training, storage=storage)
        self._storage = _storage(self._options)
        self.training_jobs.rebind(training)
        self.endpoints.rebind(alarms or {})

    async def aclose(self) -> None:
        """End the training jobs, which have failed then, and stop serving; harmless twice."""
        await self.training_jobs.aclose()
        await self.endpoints.aclose()
        await self._database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _storage(options: RegistryOptions) -> Storage:
    code = [bound.path for bound in options.training.values()]
    return Storage(options.folder, options.storage, readable=code)


def _take(folder: Path) -> int:
    """Lock the folder for this process; the lock ends with it, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "registry.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise RegistryInUseError(f"{folder} belongs to another running gateway: {error.strerror}") from None
    return handle
