"""WriteLog: writes a line to the gateway's log."""

import logging

from inferway.definition.message_steps import WriteLog
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage

_LOG = logging.getLogger("inferway.definition")
_LEVEL = {"debug": logging.DEBUG, "info": logging.INFO, "error": logging.ERROR}
_LONGEST = 10_000


def compile_stage(step: WriteLog, parts: Parts) -> tuple[Stage, ...]:
    """Compile the text; it is evaluated only where its line would be written."""
    evaluate, source, level = parts.scope.compile(step.text), step.source, _LEVEL[step.severity]

    def write_log(exchange: Exchange) -> Outcome:
        if _LOG.isEnabledFor(level):
            _LOG.log(level, "%s %s: %.*s", exchange.id, source, _LONGEST, evaluate(exchange))
        return None

    return (write_log,)
