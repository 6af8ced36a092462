"""ReplaceText: replaces each occurrence of a text in a body."""

from inferway.definition.message_steps import ReplaceText
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.set_header import holder_of


def compile_stage(step: ReplaceText, parts: Parts) -> tuple[Stage, ...]:
    """Compile both texts; an empty one is never found, and a body that streams is left as it is."""
    old, new, message = parts.scope.compile(step.old), parts.scope.compile(step.new), step.message

    def replace_text(exchange: Exchange) -> Outcome:
        holder = holder_of(exchange, message)
        wanted = str(old(exchange)).encode("utf-8", "replace")
        if wanted and isinstance(holder.body, bytes):
            holder.body = holder.body.replace(wanted, str(new(exchange)).encode("utf-8", "replace"))
        return None

    return (replace_text,)
