"""NONE data sources: the request template's payload is the result.

Source: AppSync, "Resolver mapping template reference for None data source" (https://docs.aws.amazon.com/appsync/latest/
devguide/resolver-mapping-template-reference-none.html).
"""

from inferway.dialects.appsync.data_source import Outcome, Sent, SourceError
from inferway.exchange import NO_CALL, Call, Exchange, Reply
from inferway.faults import Fault


class LocalSource:
    """Calls nothing."""

    def call(self, document: dict[str, object]) -> Call:  # noqa: ARG002 - a source's form
        """Give no call."""
        return NO_CALL

    def outcome(self, reply: Reply, sent: Sent, exchange: Exchange) -> Outcome:  # noqa: ARG002 - a source's form
        """Give the payload."""
        return Outcome(result=sent.document.get("payload"))

    def failed(self, fault: Fault) -> SourceError:
        """Give the error for a step that was refused."""
        return SourceError(message=fault.message or "The request failed.", type="InternalFailure")
