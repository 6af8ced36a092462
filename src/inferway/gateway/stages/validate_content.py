"""ValidateContent: holds a body to a size and to the schema of its content type."""

from collections.abc import Callable
from typing import Final

import jsonschema_rs
import msgspec

from inferway.definition.guard_steps import Reaction, ValidateContent
from inferway.definition.message_steps import Message
from inferway.exchange import Call, Exchange, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.set_header import holder_of
from inferway.languages.json_schema import Schema

Check = Callable[[bytes], str]
"""Says what is wrong with a body, "" for nothing."""

_LONGEST: Final = 1_000


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that does not hold: the content type, the rule, and what there is to say of it."""

    content_type: str
    rule: str
    text: str


def compile_stage(step: ValidateContent, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Compile each schema; ValueError where one cannot be. A body that streams is not looked at."""
    checks = {made.content_type.lower(): (made, compile_check(made.schema)) for made in step.schemas}
    content_type = _type_of(step)

    def flaws(body: bytes, kind: str) -> tuple[Flaw | None, Reaction]:
        if len(body) > step.max_size and step.too_large is not Reaction.IGNORE:
            return Flaw(content_type="", rule="SizeLimit", text=str(len(body))), step.too_large
        if not body:
            return None, Reaction.IGNORE
        found = checks.get(kind) or checks.get("")
        if found is None:
            return Flaw(content_type=kind, rule="Unspecified", text=""), step.unspecified
        schema, check = found
        if schema.reaction is Reaction.IGNORE:
            return None, Reaction.IGNORE
        text = check(body)
        if not text:
            return None, Reaction.IGNORE
        return Flaw(content_type=kind, rule=f"IncorrectMessage {schema.name}", text=text), schema.reaction

    def validate_content(exchange: Exchange) -> Outcome:
        holder = holder_of(exchange, step.message)
        if not isinstance(holder.body, bytes):
            return None
        flaw, reaction = flaws(holder.body, content_type(holder))
        if flaw is None or reaction is Reaction.IGNORE:
            return None
        _note(exchange, step, flaw, reaction)
        return _fault(step, flaw) if reaction is Reaction.PREVENT else None

    return (validate_content,)


def compile_check(schema: str) -> Check:
    """Compile a JSON Schema of the draft that `$schema` names; one that names none may be of draft 4 as well."""
    document = msgspec.json.decode(schema)
    try:
        validator = Schema(document, jsonschema_rs.validator_for)
    except ValueError:
        validator = Schema(document, jsonschema_rs.Draft4Validator)

    def check(body: bytes) -> str:
        try:
            return validator.first_error(msgspec.json.decode(body))[:_LONGEST]
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            return str(error)[:_LONGEST]

    return check


def _type_of(step: ValidateContent) -> Callable[[Call | Response], str]:
    types = {came.lower(): meant.lower() for came, meant in step.types.items()}
    any_type, no_type = step.any_type.lower(), step.no_type.lower()

    def content_type(holder: Call | Response) -> str:
        given = next((value for name, value in holder.headers if name.lower() == b"content-type"), b"")
        plain = given.decode("latin-1").partition(";")[0].strip().lower()
        return types.get(plain) or any_type or plain or no_type

    return content_type


def _note(exchange: Exchange, step: ValidateContent, flaw: Flaw, reaction: Reaction) -> None:
    if not step.variable:
        return
    noted = exchange.variables.setdefault(step.variable, [])
    if isinstance(noted, list):
        noted.append((flaw, step.message, step.max_size, reaction))


def _fault(step: ValidateContent, flaw: Flaw) -> Fault:
    inbound = step.message is Message.CALL
    rule, _, name = flaw.rule.partition(" ")
    details = (
        ("content", "request" if inbound else "response"),
        ("rule", rule),
        ("schema", name),
        ("type", flaw.content_type),
        ("text", flaw.text),
        ("limit", str(step.max_size)),
    )
    kind = FaultKind.BAD_BODY if inbound else FaultKind.BACKEND_BROKE_PROTOCOL
    return Fault(kind=kind, cause=f"{rule} {flaw.content_type} {flaw.text}".strip(), details=details)
