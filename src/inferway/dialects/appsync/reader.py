"""Reads GraphQL APIs from their resources.

Source: AppSync API reference (https://docs.aws.amazon.com/appsync/latest/APIReference/Welcome.html).
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.expression import Expression
from inferway.definition.steps import Assignment, ExecuteGraphql, GraphqlField, Pipeline, ReturnResponse, Step
from inferway.definition.usage import ApiKey
from inferway.dialects.appsync.authorization import API_KEY, Authorization, read_authorization, unreachable
from inferway.dialects.appsync.parts import CLOUDFORMATION, PULUMI, Kind, Part, parts_of
from inferway.dialects.appsync.provisioning import slug_of
from inferway.dialects.appsync.resolvers import TIMEOUT, Resolvers
from inferway.dialects.appsync.scalars import PRELUDE, SCALARS
from inferway.dialects.appsync.schemaless import NO_SCHEMA, without_schema
from inferway.dialects.appsync.sources import read_source
from inferway.dialects.appsync.unserved_types import UNSERVED_TYPES
from inferway.dialects.aws_resources.unknown_types import is_unknown, unknown_types
from inferway.faults import Findings, Place, Severity
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Coverage, Resource, ResourceGraph
from inferway.languages.graphql import Schema, SchemaError, example, schema_from_sdl

CLAIMS: Final = (PULUMI, CLOUDFORMATION)
"""The prefixes of the resource types that are this dialect's."""

LIMITS: Final = RequestLimits(url=10_240, headers=10_240, body=10 * 1024 * 1024)
"""Bytes; the vendor publishes none for a request, so these are ours."""

_DEEPEST: Final = 75
_EVENT_APIS: Final = frozenset(("AWS::AppSync::Api", "aws:appsync/api:Api"))
_CORS: Final = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET,POST,OPTIONS",
    "access-control-allow-headers": (
        "authorization,content-type,x-amz-date,x-amz-security-token,x-amz-user-agent,x-api-key"
    ),
    "access-control-max-age": "172800",
}


def read(graph: ResourceGraph) -> tuple[tuple[ApiDefinition, ...], Findings]:
    """Read each API with its schema, data sources, resolvers, functions and keys, with findings."""
    findings: Report = dict.fromkeys(unknown_types(graph.resources, CLAIMS))
    parts = parts_of(graph, findings)
    for resource in graph.resources:
        if is_unknown(resource.type):
            continue
        if resource.type.startswith(CLAIMS) and all(part.resource is not resource for part in parts):
            _report_unserved(resource, findings)
    apis = [part for part in parts if part.kind is Kind.API]
    read_apis = tuple(_Reader(api, parts, alone=len(apis) == 1).read() for api in apis)
    events = _event_apis(graph)
    for part in parts:
        if part.kind is Kind.API or (part["apiId"].value and part["apiId"].value in events):
            continue
        if not any(_belongs(part, api, alone=len(apis) == 1) for api in apis):
            part["apiId"].error("unknown-api", f"{part.resource.name} belongs to no GraphQL API of this definition")
    return read_apis, tuple(findings)


def _event_apis(graph: ResourceGraph) -> frozenset[object]:
    """Give the identifiers of the Event APIs: each is reported as not served, with what belongs to it."""
    listed = [resource for resource in graph.resources if resource.type in _EVENT_APIS]
    return frozenset(
        known for resource in listed for name in ("ApiId", "apiId") if (known := resource.attributes.get(name))
    )


def _report_unserved(resource: Resource, findings: Report) -> None:
    """Say what happens instead of a resource that is left out; nothing of one that belongs to another such one."""
    kind = UNSERVED_TYPES.get(resource.type)
    if kind is not None and kind.coverage is Coverage.READ:
        return
    cursor = Cursor.of(resource, findings)
    reason = kind.reason if kind is not None else "nothing of it is served"
    report = cursor.note if kind is not None and kind.severity is Severity.NOTE else cursor.warning
    report("unserved-resource", f"{resource.name} of type {resource.type} has no effect: {reason}")


def _belongs(part: Part, api: Part, *, alone: bool) -> bool:
    given = part["apiId"].value
    known = {api.resource.id, api.attribute("apiId")}
    return given in known if given else alone


class _Reader:
    """Reads one API."""

    def __init__(self, api: Part, parts: tuple[Part, ...], *, alone: bool) -> None:
        self._api = api
        self._own = [part for part in parts if part.kind is not Kind.API and _belongs(part, api, alone=alone)]

    def _of(self, kind: Kind) -> list[Part]:
        return [part for part in self._own if part.kind is kind]

    def read(self) -> ApiDefinition:
        api = self._api
        authorization = read_authorization(api)
        self._report()
        sdl = self._schema()
        schema = _checked(sdl)
        fields = self._fields(schema, authorization) if schema is not None else ()
        graphql = ExecuteGraphql(
            schema=sdl.text(),
            fields=fields,
            introspection=api["introspectionConfig"].text("ENABLED") != "DISABLED",
            depth=min(_number(api["queryDepthLimit"]), _DEEPEST),
            pipelines=_number(api["resolverCountLimit"]),
            timeout=TIMEOUT,
            place=sdl.place,
        )
        slug = slug_of(api.resource)
        return ApiDefinition(
            dialect="appsync",
            name=api["name"].text() or api.resource.name,
            slug=slug,
            limits=LIMITS,
            routes=self._routes(authorization, graphql, schema),
            id=str(api.resource.attributes.get("ApiId") or api.resource.id),
            base="",
            keys=tuple(_key(part) for part in self._of(Kind.KEY)),
            place=api.place,
        )

    def _schema(self) -> Cursor:
        schemas = [part["definition"] for part in self._of(Kind.SCHEMA)]
        if schemas:
            return schemas[0]
        if not self._api["schema"].text().strip():
            self._api["schema"].warning("no-schema", "the API has no schema, so every request of it fails")
            for part in self._of(Kind.RESOLVER):
                part.root.error("no-schema", f"{part.resource.name}: {NO_SCHEMA}")
        return self._api["schema"]

    def _routes(
        self, authorization: Authorization, graphql: ExecuteGraphql, schema: Schema | None
    ) -> tuple[Route, ...]:
        """Give the endpoint by POST and by GET, and its CORS preflight; none of it for a schema that is wrong."""
        place = self._api.place
        if schema is None and graphql.schema.strip():
            return ()
        answer = graphql if schema is not None else without_schema(place)
        example = _example(schema, graphql.fields) if schema is not None else ""
        endpoint = (_endpoint(method, authorization, answer, example, place) for method in ("POST", "GET"))
        return (*endpoint, _preflight(place))

    def _fields(self, schema: Schema, authorization: Authorization) -> tuple[GraphqlField, ...]:
        sources = {
            part.attribute("name") or part["name"].text() or part.resource.name: read_source(part)
            for part in self._of(Kind.SOURCE)
        }
        functions = {part.attribute("functionId") or part.resource.name: part for part in self._of(Kind.FUNCTION)}
        resolvers = Resolvers(sources, functions)
        found: dict[tuple[str, str], GraphqlField] = {}
        for part in self._of(Kind.RESOLVER):
            field = resolvers.read(part)
            known = schema.fields(field.type_name)
            if known is None:
                part["type"].error("unknown-type", f"the schema has no object type {field.type_name!r}")
            elif field.field_name not in known:
                part["field"].error("unknown-field", f"{field.type_name} has no field {field.field_name!r}")
            elif (field.type_name, field.field_name) in found:
                part["field"].error(
                    "duplicate-resolver", f"{field.type_name}.{field.field_name} has a resolver already"
                )
            else:
                found[field.type_name, field.field_name] = field
        for refused in unreachable(schema, authorization, self._api.place) if API_KEY in authorization.modes else ():
            found[refused.type_name, refused.field_name] = refused
        self._report_unresolved(schema, found)
        return tuple(found.values())

    def _report_unresolved(self, schema: Schema, found: Iterable[tuple[str, str]]) -> None:
        """Note the root fields that nothing resolves: they are null, as on the service."""
        known = set(found)
        roots = schema.roots()
        if "subscription" in roots:
            self._api.root.warning(
                "unserved-subscriptions",
                f"{roots['subscription']}: subscriptions are not served yet; WebSockets are refused",
            )
        for operation, root in roots.items():
            bare = [name for name in schema.fields(root) or () if (root, name) not in known]
            if operation != "subscription" and bare:
                text = f"no resolver is attached to {', '.join(f'{root}.{name}' for name in bare)}: always null"
                self._api.root.note("no-resolver", text)

    def _report(self) -> None:
        """Report settings that have no effect here."""
        api = self._api
        for name, text in _INERT.items():
            if api[name].value:
                api[name].note("inert-setting", text)
        if api["visibility"].text("GLOBAL") == "PRIVATE":
            api["visibility"].warning("private-api", "a private API is reachable here as any other")
        if api["apiType"].text("GRAPHQL") == "MERGED":
            api["apiType"].error("unserved-merged-api", "merged APIs are not served yet")


_INERT: Final = {
    "logConfig": "logs go to Inferway's own access log, not to CloudWatch",
    "xrayEnabled": "no traces are sent to X-Ray",
    "enhancedMetricsConfig": "no metrics are sent to CloudWatch",
}


def _number(cursor: Cursor) -> int:
    return cursor.integer() or 0


def _checked(sdl: Cursor) -> Schema | None:
    """Give the schema, with a finding at its place in the SDL where it is none."""
    if not sdl.text().strip():
        return None
    try:
        return schema_from_sdl(sdl.text(), PRELUDE, SCALARS)
    except SchemaError as error:
        at = error.location
        place = sdl.inside(at.line, at.column) if at is not None else None
        where = f" (line {at.line}, column {at.column} of the schema)" if at is not None else ""
        sdl.error("bad-schema", f"{error}{where}", place)
        return None


def _key(part: Part) -> ApiKey:
    """Read a key. One whose definition does not say when it expires does not expire here, though it does there."""
    value = part.attribute("key") or part.attribute("apiKey")
    expires = part["expires"]
    until = _moment(expires) if expires.value else 0.0
    if not expires.value:
        part.root.note("key-expiry", "the key expires after 7 days on the service; here it does not")
    return ApiKey(
        id=part.attribute("apiKeyId") or part.resource.name,
        name=part.resource.name,
        digest=hashlib.sha256(value.encode()).digest(),
        enabled=bool(value),
        expires=until,
    )


def _moment(cursor: Cursor) -> float:
    """Read when a key expires: seconds since 1970, or an RFC 3339 text."""
    value = cursor.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = cursor.text()
    try:
        if text.isdigit():
            return float(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        cursor.error("bad-expiry", f"{text!r} is no time; write it as 2027-01-01T00:00:00Z")
        return 1.0
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


def _endpoint(method: str, authorization: Authorization, answer: Step, example: str, place: Place) -> Route:
    keyed = API_KEY in authorization.modes
    return Route(
        method=method,
        path="/graphql",
        pipeline=Pipeline(invoke=(*authorization.steps, answer)),
        operation="graphql",
        authorization="NONE" if keyed else authorization.default,
        api_key_required=keyed,
        example_body=example if method == "POST" else "",
        place=place,
    )


def _example(schema: Schema, fields: tuple[GraphqlField, ...]) -> str:
    """Give a body that asks for the first field of the query type that has a resolver, else for the type's name."""
    root = schema.roots().get("query", "")
    name = next((field.field_name for field in fields if field.type_name == root), "")
    query, variables = example(schema, "query", name)
    return msgspec.json.encode({"query": query, **({"variables": variables} if variables else {})}).decode()


def _preflight(place: Place) -> Route:
    headers = tuple(
        Assignment(name=name, value=Expression(language="literal", text=value, place=place))
        for name, value in _CORS.items()
    )
    pipeline = Pipeline(invoke=(ReturnResponse(status=200, headers=headers),))
    return Route(method="OPTIONS", path="/graphql", pipeline=pipeline, operation="preflight", place=place)
