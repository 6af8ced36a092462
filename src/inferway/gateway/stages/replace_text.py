"""ReplaceText: replaces each occurrence of a text in a body."""

from typing import Final

from inferway.definition.message_steps import ReplaceText
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.set_header import holder_of

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a body that replacing may make: a short text in a large body would otherwise multiply it without bound."""


def compile_stage(step: ReplaceText, parts: Parts) -> tuple[Stage, ...]:
    """Compile both texts; an empty one is never found, and a body that streams is left as it is."""
    old, new, message = parts.scope.compile(step.old), parts.scope.compile(step.new), step.message

    def replace_text(exchange: Exchange) -> Outcome:
        holder = holder_of(exchange, message)
        wanted = str(old(exchange)).encode("utf-8", "replace")
        if not wanted or not isinstance(holder.body, bytes):
            return None
        given = str(new(exchange)).encode("utf-8", "replace")
        more = len(given) - len(wanted)
        if more > 0 and len(holder.body) + holder.body.count(wanted) * more > LARGEST:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"replacing text would make more than {LARGEST} bytes")
        holder.body = holder.body.replace(wanted, given)
        return None

    return (replace_text,)
