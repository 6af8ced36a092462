"""Model packages: the numbered versions of a model, each with its artifact, its metrics and its approval."""

import time
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from inferway.registry.catalogue import document_of
from inferway.registry.errors import InvalidRequestError, NameTakenError, UnknownNameError
from inferway.registry.record import Account, Kind, Page, Query, Record
from inferway.registry.records import Records

PENDING_APPROVAL: Final = "PendingManualApproval"
APPROVED: Final = "Approved"
_COMPLETED: Final = "Completed"
_MOST_TOKENS: Final = 1000


class ModelPackages:
    """Versions by `GROUP/NUMBER`, and packages without a group by name."""

    def __init__(self, records: Records, account: Account) -> None:
        self._records = records
        self._account = account
        self._by_token: dict[str, str] = {}

    async def create(self, request: dict[str, Any]) -> str:
        """Register a package, the next version where it names a group, and give its ARN.

        A request whose ClientToken was seen since the start, sent again, gives the same ARN and registers nothing.
        Raises InvalidRequestError, UnknownNameError for the group, NameTakenError.
        """
        token = request.get("ClientToken", "")
        if token not in self._by_token or not token:
            self._by_token[token] = await self._create(request)
            while len(self._by_token) > _MOST_TOKENS:
                del self._by_token[next(iter(self._by_token))]
        return self._by_token[token]

    async def _create(self, request: dict[str, Any]) -> str:
        group, name = request.get("ModelPackageGroupName", ""), request.get("ModelPackageName", "")
        if bool(group) == bool(name):
            raise InvalidRequestError("Either ModelPackageGroupName or ModelPackageName must be given, and not both.")
        document = msgspec.json.encode(request)
        now = time.time()

        def make(version: int) -> Record:
            return Record(
                kind=Kind.MODEL_PACKAGE,
                name=f"{group}/{version}" if group else name,
                status=_COMPLETED,
                created=now,
                modified=now,
                document=document,
                group=group,
                version=version,
                approval=request.get("ModelApprovalStatus", PENDING_APPROVAL) if group else "",
            )

        if not group:
            record = make(0)
            if not await self._records.insert(record):
                raise NameTakenError(Kind.MODEL_PACKAGE, self.arn(record))
            return self.arn(record)
        found = await self.group(group)
        group = found.name
        return self.arn(await self._records.insert_version(Kind.MODEL_PACKAGE, group, make))

    def arn(self, record: Record) -> str:
        """Give a package's ARN."""
        return self._account.arn(Kind.MODEL_PACKAGE, record.name)

    async def group(self, name_or_arn: str) -> Record:
        """Give a group; raises UnknownNameError, InvalidRequestError."""
        return await self._find(Kind.MODEL_PACKAGE_GROUP, name_or_arn)

    async def get(self, name_or_arn: str) -> Record:
        """Give a package by its ARN, `GROUP/NUMBER` or name; raises UnknownNameError, InvalidRequestError."""
        return await self._find(Kind.MODEL_PACKAGE, name_or_arn)

    async def page(self, query: Query) -> Page:
        """Give a page of packages; `group` may be an ARN."""
        if query.group:
            query = msgspec.structs.replace(query, group=(await self.group(query.group)).name)
        return await self._records.page(query)

    async def update(self, arn: str, changes: dict[str, Any], removed_metadata: Iterable[str] = ()) -> str:
        """Change a package's approval, metadata and other members, and give its ARN; raises UnknownNameError."""
        record = await self.get(arn)
        removed = frozenset(removed_metadata)

        def change(before: Record) -> Record:
            document = document_of(before)
            metadata = {
                **document.get("CustomerMetadataProperties", {}),
                **changes.get("CustomerMetadataProperties", {}),
            }
            metadata = {name: value for name, value in metadata.items() if name not in removed}
            document = {**document, **changes, "CustomerMetadataProperties": metadata}
            if not metadata:
                del document["CustomerMetadataProperties"]
            return msgspec.structs.replace(
                before,
                document=msgspec.json.encode(document),
                approval=changes.get("ModelApprovalStatus", before.approval),
                modified=time.time(),
            )

        changed = await self._records.change(Kind.MODEL_PACKAGE, record.name, change)
        if changed is None:
            raise UnknownNameError(Kind.MODEL_PACKAGE, arn)
        return self.arn(changed)

    async def _find(self, kind: Kind, name_or_arn: str) -> Record:
        name = name_or_arn
        if name.startswith("arn:"):
            _, _, _, region, _, resource = name.split(":", 5)
            if region != self._account.region:
                raise InvalidRequestError(f"ARN should be scoped to correct region: {self._account.region}")
            word, _, name = resource.partition("/")
            if word != kind:
                raise InvalidRequestError(f"{name_or_arn} is no {kind}")
        record = await self._records.get(kind, name)
        if record is None:
            raise UnknownNameError(kind, self._account.arn(kind, name))
        return record
