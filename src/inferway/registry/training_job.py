"""A training job, as the registry keeps it."""

from enum import StrEnum
from typing import Any, Final

import msgspec

from inferway.registry.record import Kind, Record


class JobStatus(StrEnum):
    """TrainingJobStatus (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html)."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


UNFINISHED: Final = frozenset({JobStatus.IN_PROGRESS, JobStatus.STOPPING})

_MESSAGES: Final = {
    "Starting": "Starting the training job",
    "Pending": "Waiting for another training job to end",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
}


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """A secondary status and its time; `end` is None for the one that holds."""

    status: str
    message: str
    start: float
    end: float | None = None


class MetricValue(msgspec.Struct, frozen=True, kw_only=True):
    """The last value of a metric."""

    name: str
    value: float
    at: float


class TrainingJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job: `request` is what CreateTrainingJob was sent; times are in seconds (epoch)."""

    name: str
    arn: str
    request: dict[str, Any]
    artifact: str
    status: JobStatus = JobStatus.IN_PROGRESS
    transitions: tuple[Transition, ...] = ()
    metrics: tuple[MetricValue, ...] = ()
    failure: str = ""
    created: float
    modified: float
    started: float | None = None
    ended: float | None = None

    @property
    def secondary(self) -> str:
        """The secondary status that holds."""
        return self.transitions[-1].status if self.transitions else "Starting"

    def entering(self, secondary: str, at: float, status: JobStatus | None = None) -> "TrainingJob":
        """Give the job once it has entered a secondary status."""
        before = self.transitions
        if before:
            before = (*before[:-1], msgspec.structs.replace(before[-1], end=at))
        last = status is not None and status not in UNFINISHED
        entered = Transition(status=secondary, message=_MESSAGES[secondary], start=at, end=at if last else None)
        return msgspec.structs.replace(
            self,
            status=status or self.status,
            transitions=(*before, entered),
            modified=at,
            started=at if secondary == "Training" else self.started,
            ended=at if last else None,
        )

    def measuring(self, metric: MetricValue) -> "TrainingJob":
        """Give the job with a metric's new value."""
        others = tuple(known for known in self.metrics if known.name != metric.name)
        return msgspec.structs.replace(self, metrics=(*others, metric), modified=metric.at)

    def record(self) -> Record:
        """Give what the registry keeps."""
        return Record(
            kind=Kind.TRAINING_JOB,
            name=self.name,
            status=self.status,
            created=self.created,
            modified=self.modified,
            document=msgspec.json.encode(self),
        )


def training_job(record: Record) -> TrainingJob:
    """Read a job out of its record."""
    return msgspec.json.decode(record.document, type=TrainingJob)
