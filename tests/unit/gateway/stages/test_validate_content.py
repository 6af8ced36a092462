"""ValidateContent: schemas come from the definition alone, and what is noted is kept."""

import json
from typing import Any

import pytest

from inferway.definition.guard_steps import ContentSchema, Reaction, ValidateContent
from inferway.definition.message_steps import Message
from inferway.faults import Fault, FaultKind
from inferway.gateway.stages.validate_content import compile_check

Bench = Any


def test_a_schema_fetches_nothing_from_elsewhere() -> None:
    with pytest.raises(ValueError, match="Retrieval is disabled"):
        compile_check('{"$ref": "http://127.0.0.1:1/schema.json"}')


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
        {"type": "integer", "exclusiveMinimum": 1},
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "integer", "exclusiveMinimum": 1},
        {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True},
    ],
)
def test_schemas_of_any_draft_are_understood(schema: Any) -> None:
    check = compile_check(json.dumps(schema))
    assert check(b"1") != ""
    assert check(b"2") == ""


def step(reaction: Reaction, message: Message = Message.CALL) -> ValidateContent:
    schema = ContentSchema(content_type="", schema='{"type": "object"}', name="s", reaction=reaction)
    return ValidateContent(
        message=message,
        max_size=10,
        too_large=Reaction.PREVENT,
        unspecified=Reaction.PREVENT,
        schemas=(schema,),
        variable="errors",
    )


def test_what_is_only_detected_is_noted(bench: Bench) -> None:
    exchange = bench.exchange(body=b"[]")
    assert bench.run(step(Reaction.DETECT), exchange) is None
    assert len(exchange.variables["errors"]) == 1


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff", b"{", b"nan"])
def test_a_body_that_is_no_json_is_refused(bench: Bench, body: bytes) -> None:
    outcome = bench.run(step(Reaction.PREVENT), bench.exchange(body=body))
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.BAD_BODY
