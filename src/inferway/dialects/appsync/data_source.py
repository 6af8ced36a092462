"""What a data source asks of a request template's document, and gives its response template."""

from typing import Final, Protocol

import msgspec

from inferway.dialects.graphql import FieldError
from inferway.exchange import Call, Exchange, Reply
from inferway.faults import Fault

FIRST_VERSION: Final = "2017-02-28"
LATER_VERSION: Final = "2018-05-29"
VERSIONS: Final = (FIRST_VERSION, LATER_VERSION)
"""Source: "AWS AppSync resolver mapping template changelog" (https://docs.aws.amazon.com/appsync/latest/devguide/
resolver-mapping-template-changelog.html)."""

MAPPING_TEMPLATE: Final = "MappingTemplate"
"""The error type of whatever is wrong with a template or its outcome (recorded in public responses)."""


class SourceError(msgspec.Struct, frozen=True, kw_only=True):
    """A data source's failure, as `$ctx.error` has it."""

    message: str
    type: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a data source gave: a result, an error, or for a few both."""

    result: object = None
    error: SourceError | None = None


class Sent(msgspec.Struct, kw_only=True):
    """What one exchange with a data source knows: the template's version and document."""

    version: str = LATER_VERSION
    document: dict[str, object] = {}


class DataSource(Protocol):
    """One kind of data source."""

    def call(self, document: dict[str, object]) -> Call:
        """Give the call that a request template's document asks for; raises FieldError."""
        ...

    def outcome(self, reply: Reply, sent: Sent, exchange: Exchange) -> Outcome:
        """Give what the reply to it means."""
        ...

    def failed(self, fault: Fault) -> SourceError:
        """Give the error for a call that brought no reply."""
        ...


def wrong_document(message: str) -> FieldError:
    """Give the error of a document that a data source cannot follow."""
    return FieldError(message, MAPPING_TEMPLATE)


def text_of(document: dict[str, object], name: str) -> str:
    """Give a required text of a document; raises FieldError with the vendor's words where there is none."""
    value = document.get(name)
    if value is None:
        raise wrong_document(f"Value for field '$[{name}]' not found.")
    if not isinstance(value, str):
        raise wrong_document(f"Expected a string for the field '$[{name}]'.")
    return value


def object_of(document: dict[str, object], name: str, within: str = "") -> dict[str, object]:
    """Give an object of a document, empty where it is absent; raises FieldError for anything else."""
    value = document.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong_document(f"Expected a JSON object for the field '$[{within}{name}]'.")
    return value
