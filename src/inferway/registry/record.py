"""What the registry keeps of each thing: the columns that lists are made by, and a document with all the rest."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """The kinds of things, by the words of their ARNs (https://docs.aws.amazon.com/service-authorization/latest/
    reference/list_amazonsagemaker.html, resource types)."""

    TRAINING_JOB = "training-job"
    MODEL_PACKAGE_GROUP = "model-package-group"
    MODEL_PACKAGE = "model-package"
    MODEL = "model"
    ENDPOINT_CONFIG = "endpoint-config"
    ENDPOINT = "endpoint"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One thing; times are in seconds (epoch).

    `name` is as it was given; two names that differ in case alone are the same. `group` and `version` are a model
    package's, `approval` too. `document` is the thing itself, as JSON.
    """

    kind: Kind
    name: str
    status: str
    created: float
    modified: float
    document: bytes
    group: str = ""
    version: int = 0
    approval: str = ""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which records a page holds, and in which order; `token` goes on where a page before ended."""

    kind: Kind
    limit: int = 10
    sort_by: str = "CreationTime"
    descending: bool = False
    token: str = ""
    name_contains: str = ""
    status: str = ""
    approval: str = ""
    group: str | None = None
    versioned: bool | None = None
    created_after: float | None = None
    created_before: float | None = None
    modified_after: float | None = None
    modified_before: float | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some records, and the token for the next page, "" after the last."""

    records: tuple[Record, ...]
    token: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Whose things these are, for their names."""

    id: str = "000000000000"
    region: str = "us-east-1"

    def arn(self, kind: Kind, name: str) -> str:
        """Give a thing's ARN; names in it are in lower case, as on the service."""
        return f"arn:aws:sagemaker:{self.region}:{self.id}:{kind}/{name.lower()}"
