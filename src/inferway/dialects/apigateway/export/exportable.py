"""What can be exported of a definition: each API's document, and what stands beside it."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from inferway.definition.deployment import REGION
from inferway.dialects.apigateway.bodies import has_body
from inferway.dialects.apigateway.documents import Parts, assemble
from inferway.dialects.apigateway.domains import own_host
from inferway.dialects.apigateway.identifiers import api_id_of
from inferway.dialects.apigateway.reader import by_api, slug_of
from inferway.dialects.apigateway.resource_view import ResourceView, views
from inferway.formats.cursor import Cursor, Report
from inferway.formats.openapi import DOCUMENT
from inferway.formats.resources import ResourceGraph

_LEFT_OUT: Final = {
    "stage": "stages, with their variables, settings, caches and logs",
    "method-settings": "settings of methods",
    "plan": "usage plans",
    "key": "API keys",
    "base-path": "custom domains",
    "base-path-v2": "custom domains",
}
"""What an OpenAPI document has no place for, by the kind of resource."""


class Exportable(msgspec.Struct, frozen=True, kw_only=True):
    """One API: its document, its identifier, the domain of its own, and its stages.

    `names` are those of validators and authorizers by the identifiers that the document has, `tags` the resource's.
    `is_closed` says that its own domain is; `is_imported`, that its models come from a document, as an import makes
    them. `versions` are those of the documentation by stage, and `left_out` says what no document can carry.
    """

    document: Cursor
    id: str
    name: str
    host: str
    stages: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    tags: Mapping[str, str] = {}
    is_closed: bool = False
    is_imported: bool = True
    versions: Mapping[str, str] = {}
    left_out: tuple[str, ...] = ()


def exportables(graph: ResourceGraph) -> tuple[Exportable, ...]:
    """Give each API of a graph that has been read without an error."""
    said: Report = {}
    made = []
    for resource in graph.resources:
        if resource.type == DOCUMENT:
            document = Cursor.of(resource, said)
            name = document["info"]["title"].text() or resource.name
            identifier = api_id_of(slug_of(name))
            host = f"{identifier}.execute-api.{REGION}.amazonaws.com"
            made.append(Exportable(document=document, id=identifier, name=name, host=host))
    kinds = views(graph.resources, said)
    return (*made, *(_resources(parts, said) for parts in by_api(kinds)))


def _resources(parts: Parts, said: Report) -> Exportable:
    api, document = parts.api, assemble(parts, said)
    stages = {stage["StageName"].text(): stage["DocumentationVersion"].text() for stage in parts.of("stage")}
    made = (deployment["StageName"].text() for deployment in parts.of("deployment"))
    found = dict.fromkeys((*stages, *(name for name in made if name)))
    return Exportable(
        document=document,
        id=api.id,
        name=document["info"]["title"].text() or api.label,
        host=own_host(api).name,
        stages=tuple(found),
        names=_names((*parts.of("validator"), *parts.of("authorizer"))),
        tags=_tags(api["Tags"]),
        is_closed=api["DisableExecuteApiEndpoint"].flag(),
        is_imported=has_body(api) or bool(parts.of("put")),
        versions={name: version for name, version in stages.items() if version},
        left_out=tuple(dict.fromkeys(text for kind, text in _LEFT_OUT.items() if parts.of(kind))),
    )


def _names(resources: Iterable[ResourceView]) -> dict[str, str]:
    """Give the names of resources by their identifiers; one of several that share a name keeps its identifier."""
    made: dict[str, str] = {}
    for resource in resources:
        name = resource["Name"].text()
        if name and name not in made.values():
            made[resource.id] = name
    return made


def _tags(tags: Cursor) -> dict[str, str]:
    if isinstance(tags.value, Mapping):
        return {name: value.text() for name, value in tags.entries()}
    return {tag["Key"].text(): tag["Value"].text() for tag in tags.items()}
