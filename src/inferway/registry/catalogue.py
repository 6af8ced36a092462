"""Things that are only kept: model package groups, models, endpoint configurations."""

import time
from typing import Any

import msgspec

from inferway.registry.errors import NameTakenError, UnknownNameError
from inferway.registry.record import Account, Kind, Page, Query, Record
from inferway.registry.records import Records


class Catalogue:
    """Documents by kind and name."""

    def __init__(self, records: Records, account: Account) -> None:
        self._records = records
        self._account = account

    def arn(self, kind: Kind, name: str) -> str:
        """Give a thing's ARN, there or not."""
        return self._account.arn(kind, name)

    async def add(self, kind: Kind, name: str, document: dict[str, Any], status: str = "") -> str:
        """Keep a new thing and give its ARN; raises NameTakenError."""
        now = time.time()
        record = Record(
            kind=kind, name=name, status=status, created=now, modified=now, document=msgspec.json.encode(document)
        )
        if not await self._records.insert(record):
            raise NameTakenError(kind, self.arn(kind, name))
        return self.arn(kind, name)

    async def get(self, kind: Kind, name: str) -> Record:
        """Give a thing; raises UnknownNameError."""
        record = await self._records.get(kind, name)
        if record is None:
            raise UnknownNameError(kind, self.arn(kind, name))
        return record

    async def remove(self, kind: Kind, name: str) -> None:
        """Forget a thing; raises UnknownNameError."""
        if not await self._records.delete(kind, name):
            raise UnknownNameError(kind, self.arn(kind, name))

    async def page(self, query: Query) -> Page:
        """Give a page of things."""
        return await self._records.page(query)


def document_of(record: Record) -> dict[str, Any]:
    """Give what was kept of a thing."""
    return msgspec.json.decode(record.document, type=dict[str, Any])
