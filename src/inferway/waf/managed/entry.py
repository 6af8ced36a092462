"""The rules of a managed group, and what they are written with."""

from typing import Final

import msgspec

from inferway.definition.web_acl import Verdict
from inferway.definition.web_acl_statements import (
    Field,
    FieldKind,
    Never,
    NoneOf,
    Otherwise,
    RegexMatch,
    Scope,
    SizeMatch,
    SqliMatch,
    Statement,
    XssMatch,
)

URL: Final = ("URL_DECODE",)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A rule: its name, the last part of its label, and what it looks for; Never where that cannot be told here."""

    name: str
    label: str
    statement: Statement
    verdict: Verdict = Verdict.BLOCK


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group: the prefix of its labels, and its rules in order."""

    prefix: str
    entries: tuple[Entry, ...]


def group(namespace: str, *entries: Entry) -> Group:
    """Give a group of AWS's."""
    return Group(prefix=f"awswaf:managed:aws:{namespace}:", entries=entries)


def part(kind: FieldKind, *transformations: str, name: str = "", scope: Scope = Scope.ALL) -> Field:
    """Give a field."""
    return Field(kind=kind, name=name, scope=scope, transformations=transformations)


URI: Final = part(FieldKind.URI_PATH, *URL)
QUERY: Final = part(FieldKind.QUERY_STRING, *URL)
ARGUMENTS: Final = part(FieldKind.ALL_QUERY_ARGUMENTS, *URL)
BODY: Final = part(FieldKind.BODY, *URL)
COOKIES: Final = part(FieldKind.COOKIES, *URL, scope=Scope.VALUE)
HEADERS: Final = part(FieldKind.HEADERS, *URL, scope=Scope.VALUE)
USER_AGENT: Final = part(FieldKind.SINGLE_HEADER, "LOWERCASE", name="user-agent")

PARTS: Final = {
    "URIPATH": URI,
    "QUERYSTRING": QUERY,
    "QUERYARGUMENTS": ARGUMENTS,
    "BODY": BODY,
    "COOKIE": COOKIES,
    "HEADER": HEADERS,
}
"""Fields by the endings that names of rules have for them."""

_LABELS: Final = {
    "URIPATH": "URIPath",
    "QUERYSTRING": "QueryString",
    "QUERYARGUMENTS": "QueryArguments",
    "BODY": "Body",
    "COOKIE": "Cookie",
    "HEADER": "Header",
}


def found(name: str, pattern: str, *parts: str, lower: bool = True) -> tuple[Entry, ...]:
    """Give a rule for each part that a pattern, of lower-case letters unless `lower` is false, is looked for in."""
    return tuple(
        Entry(
            name=f"{name}_{ending}",
            label=f"{name}_{_LABELS[ending]}",
            statement=RegexMatch(field=_lowered(PARTS[ending]) if lower else PARTS[ending], patterns=(pattern,)),
        )
        for ending in parts
    )


def _lowered(field: Field) -> Field:
    return msgspec.structs.replace(field, transformations=(*field.transformations, "LOWERCASE"))


def scripts(name: str, *parts: str) -> tuple[Entry, ...]:
    """Give a rule for each part that scripts are looked for in."""
    return tuple(
        Entry(
            name=f"{name}_{ending}",
            label=f"{name}_{_LABELS[ending]}",
            statement=XssMatch(field=_decoded(PARTS[ending])),
        )
        for ending in parts
    )


def _decoded(field: Field) -> Field:
    return msgspec.structs.replace(field, transformations=(*field.transformations, "HTML_ENTITY_DECODE"))


def injections(name: str, sensitivity: str, *parts: str) -> tuple[Entry, ...]:
    """Give a rule for each part that SQL is looked for in."""
    return tuple(
        Entry(
            name=f"{name}_{ending}",
            label=f"{name}_{_LABELS[ending]}",
            statement=SqliMatch(field=PARTS[ending], sensitivity=sensitivity),
        )
        for ending in parts
    )


def longer(name: str, label: str, field: Field, most: int) -> Entry:
    """Give a rule for what is longer than so many bytes, or than what is inspected."""
    over = msgspec.structs.replace(field, transformations=(), oversize=Otherwise.MATCH)
    return Entry(name=name, label=label, statement=SizeMatch(field=over, operator="GT", size=most))


def missing(name: str, label: str, field: Field) -> Entry:
    """Give a rule for a part that is not there, or empty."""
    return Entry(name=name, label=label, statement=NoneOf(statement=SizeMatch(field=field, operator="GT", size=0)))


def untold(reason: str, *names: str) -> tuple[Entry, ...]:
    """Give rules that cannot be told here."""
    return tuple(Entry(name=name, label=name, statement=Never(reason=reason)) for name in names)
