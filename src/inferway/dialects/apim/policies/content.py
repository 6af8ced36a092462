"""The policy that validates content.

Source: API Management, "Validate content" (https://learn.microsoft.com/azure/api-management/validate-content-policy).
"""

from typing import Any, Final, NoReturn

import jsonschema_rs
import msgspec

from inferway.definition.guard_steps import ContentSchema, Reaction, ValidateContent
from inferway.definition.message_steps import Message
from inferway.definition.steps import Step
from inferway.dialects.apim.document import Element
from inferway.dialects.apim.policies.site import Site, UnservedError

_LARGEST: Final = 4_194_304
"""Bytes; the service's own bound is 102,400 until its support raises it."""

_HOLDERS: Final = frozenset(("definitions", "$defs", "components", "$schema"))


def validate_content(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`validate-content` with `content` and `content-type-map`."""
    size = site.integer(element, "max-size")
    if size is None or size > _LARGEST:
        return site.refuse(element, "bad-validation", f"validate-content needs a max-size of at most {_LARGEST}")
    maps = element.named("content-type-map")
    types: dict[str, str] = {}
    for mapped in (child for part in maps for child in part.named("type")):
        if "when" in mapped.attributes:
            text = "a mapping of content types by an expression is not served"
            raise UnservedError(mapped, "unserved-expression", text)
        types[mapped.attribute("from").text] = mapped.attribute("to").text
    schemas: list[ContentSchema] = []
    for content in element.named("content"):
        found = _content(content, site)
        if found is None:
            return site.refuse(content, "bad-schema", "without its schema validate-content would pass anything")
        schemas += found
    return (
        ValidateContent(
            message=site.message,
            max_size=size,
            too_large=_reaction(element, "size-exceeded-action", site),
            unspecified=_reaction(element, "unspecified-content-type-action", site),
            schemas=tuple(schemas),
            any_type=next((part.attribute("any-content-type-value").text for part in maps), ""),
            no_type=next((part.attribute("missing-content-type-value").text for part in maps), ""),
            types=types,
            variable=element.attribute("errors-variable-name").text,
        ),
    )


def _content(content: Element, site: Site) -> list[ContentSchema] | None:
    kind = content.attribute("validate-as").text
    if kind != "json":
        text = f"validate-as {kind or 'nothing'} is not served; only json is"
        raise UnservedError(content, "unserved-validation", text)
    content_type, name = content.attribute("type").text.strip(), content.attribute("schema-id").text.strip()
    reaction = _reaction(content, "action", site)
    if name:
        schema = site.around.schemas.get(name)
        if schema is None:
            known = ", ".join(sorted(site.around.schemas)) or "none"
            site.error(content, "unknown-schema", f"there is no schema {name!r}; known are: {known}")
            return None
        found = {content_type: (name, schema)}
    else:
        own = site.around.own_request if site.message is Message.CALL else site.around.own_responses
        found = {
            kind: (kind, schema) for kind, schema in own.items() if not content_type or kind == content_type.lower()
        }
        if not found:
            site.error(content, "unknown-schema", "the operation has no schema for this content; use schema-id")
            return None
    made = []
    for kind, (called, text) in found.items():
        adapted = _adapted(content, text, site)
        if adapted is None:
            return None
        made.append(ContentSchema(content_type=kind, schema=adapted, name=called, reaction=reaction))
    return made


def _adapted(content: Element, text: str, site: Site) -> str | None:
    """Give a schema with what the policy changes in it: the part referred to, whether more properties are allowed."""
    try:
        schema = msgspec.json.decode(text)
        reference = content.attribute("schema-ref").text.strip()
        if reference and isinstance(schema, dict):
            schema = {**{key: part for key, part in schema.items() if key in _HOLDERS}, "$ref": reference}
        if content.attribute("allow-additional-properties").text and isinstance(schema, dict):
            allowed = site.truth(content, "allow-additional-properties")
            schema = {key: part for key, part in schema.items() if key != "additionalProperties"}
            schema |= {} if allowed else {"additionalProperties": False}
        _try(schema)
        return msgspec.json.encode(schema).decode()
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        site.error(content, "bad-schema", f"the schema cannot be used: {str(error)[:200]}")
        return None


def _reaction(element: Element, name: str, site: Site) -> Reaction:
    text = element.attribute(name).text
    try:
        return Reaction(text)
    except ValueError:
        site.error(element, "bad-attribute", f"{name} is ignore, prevent or detect, not {text[:50]!r}")
        return Reaction.PREVENT


def _try(schema: Any) -> None:
    """Compile a schema to see that it can be; one that names no draft may be of draft 4. Raises ValueError."""
    try:
        jsonschema_rs.validator_for(schema, retriever=_refuse)
    except ValueError:
        jsonschema_rs.Draft4Validator(schema, retriever=_refuse)


def _refuse(uri: str) -> NoReturn:
    raise ValueError(f"a schema from elsewhere: {uri}")
