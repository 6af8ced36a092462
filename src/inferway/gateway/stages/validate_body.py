"""ValidateBody: a body must hold to the schema of its content type."""

import jsonschema_rs
import msgspec

from inferway.definition.steps import ValidateBody
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.media_types import media_type

_MESSAGE = "Invalid request body"


def compile_stage(step: ValidateBody, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Compile each schema; a content type without one is not checked."""
    if not step.schemas:
        return ()
    validators = {
        schema.content_type.lower(): jsonschema_rs.Draft4Validator(msgspec.json.decode(schema.schema))
        for schema in step.schemas
    }

    def validate_body(exchange: Exchange) -> Outcome:
        validator = validators.get(media_type(exchange.request.header(b"content-type")))
        if validator is None:
            return None
        try:
            document = msgspec.json.decode(exchange.request.body)
        except (msgspec.DecodeError, RecursionError) as error:
            return _invalid("Can not parse body", str(error))
        if validator.is_valid(document):
            return None
        errors = ", ".join(error.message for error in validator.iter_errors(document))
        return _invalid(f"[{errors}]", errors)

    return (validate_body,)


def _invalid(detail: str, cause: str) -> Fault:
    return Fault(kind=FaultKind.BAD_BODY, message=_MESSAGE, cause=cause, details=(("validationErrorString", detail),))
