"""Which part of a template a translated resource was made from.

The translator names what it makes after what it makes it from: `<function><event>Permission<stage>`, `<api>Deployment
<hash>`, `<api>Stage` (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/
sam-specification-generated-resources.html).
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry, Leaf, Node, Table, table
from inferway.formats.sam.source import API, FUNCTION, GRAPHQL, IMPLICIT_API, Declared, Source

_RENAMED: Final = (
    ("Body", ("DefinitionBody", "DefinitionUri")),
    ("BodyS3Location", ("DefinitionUri",)),
    ("Code", ("InlineCode", "CodeUri")),
    ("Content", ("ContentUri",)),
    ("Definition", ("SchemaInline", "SchemaUri")),
    ("DefinitionString", ("Definition",)),
    ("Role", ("Policies",)),
)
"""What a property is made from where its name differs."""

_IMPLICIT: Final = {IMPLICIT_API: ("Api", "RestApiId"), "ServerlessHttpApi": ("HttpApi", "ApiId")}
"""The APIs that events make: the type of event, and what it must not name."""

_SOURCES: Final = {"DynamoDb": "DynamoDB"}
"""Kinds of data sources whose name is another in the names of what is made of them."""

_UNNAMED: Final = ("ApiGatewayDomainName", "RecordSetGroup", "ServerlessApiKey", "ServerlessUsagePlan")
"""What the names of resources begin with that belong to several APIs."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the source: where it stands, what its properties are made from, the event that it is, or ""."""

    entry: Entry
    likes: tuple[Node, ...]
    owner: str
    event: str = ""


class Origins:
    """Finds the origin of a translated resource by its logical name."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[str, Origin] = {}
        resources = list(source.resources())
        for declared in resources:
            self._known[declared.name] = self._of(declared, resources)
            self._known |= dict(_parts(declared))
        for name, event in _IMPLICIT.items():
            maker = next((each for each in self._known.values() if each.event and _makes(each, event)), None)
            if maker is not None:
                likes = (_document(maker.entry), *_api_likes(name, resources), *_shared(source, API))
                self._known.setdefault(name, Origin(entry=maker.entry, likes=likes, owner=name))
        apis = [self._known[each.name] for each in resources if each.type == API]
        self._api = apis[0] if apis else self._known.get(IMPLICIT_API)

    def of(self, name: str) -> Origin | None:
        """Give the origin of a resource; None where nothing tells."""
        if name in self._known:
            return self._known[name]
        parts = (name[:length] for length in range(len(name) - 1, 0, -1))
        longest = next((known for known in parts if known in self._known and self._begins(name, known)), "")
        if longest:
            return self._known[longest]
        return self._api if name.startswith(_UNNAMED) else None

    def _begins(self, name: str, known: str) -> bool:
        """Say whether a name may be made of a known one; after an event's comes a word: `FnA` is not in `FnAlias`."""
        rest = name.removeprefix(known)
        return name.startswith(known) and not (self._known[known].event and rest[:1].islower())

    def _of(self, declared: Declared, resources: list[Declared]) -> Origin:
        likes = [_with_renamed(declared.properties)] if declared.properties is not None else []
        if declared.type == API:
            likes += [_document(declared.entry), *_api_likes(declared.name, resources)]
        likes += _shared(self._source, declared.type)
        return Origin(entry=declared.entry, likes=tuple(likes), owner=declared.name)


def _makes(origin: Origin, event: tuple[str, str]) -> bool:
    kind, named = event
    given = part(origin.entry.value, "Properties")
    return text_of(part(origin.entry.value, "Type")) == kind and (given is None or part(given, named) is None)


def _shared(source: Source, kind: str) -> Iterator[Node]:
    shared = source.shared(kind)
    if shared is not None:
        yield _with_renamed(shared)


def _parts(declared: Declared) -> Iterator[tuple[str, Origin]]:
    """Give the parts of a resource that make resources of their own, by the names of these."""
    if declared.type == FUNCTION:
        for event, entry in declared.entries("Events").items():
            yield f"{declared.name}{event}", _part(declared, entry, event)
    elif declared.type == GRAPHQL:
        for listed in (declared.entries("Functions"), declared.entries("ApiKeys")):
            for name, entry in listed.items():
                yield f"{declared.name}{name}", _part(declared, entry)
        for kind, names in declared.entries("DataSources").items():
            for name, entry in _entries(names.value).items():
                yield f"{declared.name}{name}{_SOURCES.get(kind, kind)}DataSource", _part(declared, entry)
        for kind, names in declared.entries("Resolvers").items():
            for name, entry in _entries(names.value).items():
                yield f"{declared.name}{kind}{name}", _part(declared, entry)


def _part(declared: Declared, entry: Entry, event: str = "") -> Origin:
    return Origin(entry=entry, likes=(_with_renamed(entry.value),), owner=declared.name, event=event)


def _entries(node: Node) -> Mapping[str, Entry]:
    return node.entries if isinstance(node, Table) else {}


def _with_renamed(properties: Node) -> Node:
    if not isinstance(properties, Table):
        return properties
    entries = dict(properties.entries)
    for name, sources in _RENAMED:
        found = next((properties.entries[each] for each in sources if each in properties.entries), None)
        if found is not None and name not in entries:
            entries[name] = found
    return table(entries, properties.line, properties.column, properties.file)


def _document(entry: Entry) -> Node:
    """Give the place of the document that SAM writes for an API that has none."""
    node: Node = table({}, entry.line, entry.column, entry.file)
    return table({"Body": msgspec.structs.replace(entry, value=node)}, entry.line, entry.column, entry.file)


def _api_likes(api: str, resources: list[Declared]) -> list[Node]:
    """Give the document that the events of functions add to an API's, each method with the place of its event."""
    made: list[Node] = []
    for declared in resources:
        for entry in declared.entries("Events").values() if declared.type == FUNCTION else ():
            given = part(entry.value, "Properties")
            if text_of(part(entry.value, "Type")) != "Api" or given is None:
                continue
            path, method = text_of(part(given, "Path")), (text_of(part(given, "Method")) or "").lower()
            if path is None or not method or _api_of(part(given, "RestApiId")) != api:
                continue
            method = "x-amazon-apigateway-any-method" if method == "any" else method
            node: Node = Leaf(value=None, line=entry.line, column=entry.column, file=entry.file)
            for step in (method, path, "paths", "Body"):
                node = table({step: msgspec.structs.replace(entry, value=node)}, entry.line, entry.column, entry.file)
            made.append(node)
    return made


def _api_of(reference: Node | None) -> str:
    if reference is None:
        return IMPLICIT_API
    return text_of(part(reference, "Ref")) or text_of(reference) or ""
