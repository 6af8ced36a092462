"""Puts the documents of all scopes together: what runs where `<base/>` stands.

Source: API Management, "Set or edit policies", "Use base element to set policy evaluation order"
(https://learn.microsoft.com/azure/api-management/set-edit-policies); "Forward request" (the default policy).
"""

from typing import Final

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.steps import Choose, Refuse, Step, When
from inferway.dialects.apim.document import Element, MalformedError, read_document
from inferway.dialects.apim.named_values import unknown_value
from inferway.dialects.apim.policies.site import SECTIONS, Fragment, Site, Surroundings, Within
from inferway.dialects.apim.policies.table import convert
from inferway.faults import FaultKind, Finding, Place, Severity
from inferway.formats.cursor import Report

DEFAULT: Final = read_document(
    "<policies><inbound/><backend><forward-request/></backend><outbound/><on-error/></policies>"
)
"""The policy of a service that defines none: it forwards requests."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A policy document: its scope, whose it is (unique within a service), its root element and its place.

    `within` gives the places of its lines. `product` is the identifier of the product that a document of
    this scope belongs to.
    """

    scope: str
    owner: str
    root: Element
    place: Place
    within: Within
    product: str = ""


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """The documents that one operation's requests meet, None where a scope has none."""

    everywhere: Document | None
    products: tuple[Document, ...]
    api: Document | None
    operation: Document | None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A document's text, its place, and the places of its lines."""

    text: str
    place: Place
    within: Within


def parse(source: Source, scope: str, owner: str, report: Report, product: str = "") -> Document | None:
    """Read a document; None, with an error at its place, where it cannot be read."""
    root = _root(source, f"the {scope}'s policy", "policies", report)
    if root is None:
        return None
    for child in root.children:
        if child.name not in SECTIONS:
            _report(report, source, f"{child.name} is no section of a policy", child.line, child.column)
    return Document(scope=scope, owner=owner, root=root, place=source.place, within=source.within, product=product)


def parse_fragment(source: Source, name: str, report: Report) -> Fragment | None:
    """Read a fragment; None, with an error at its place, where it cannot be read."""
    root = _root(source, f"the fragment {name}", "fragment", report)
    return None if root is None else Fragment(name=name, root=root, place=source.place, within=source.within)


def _root(source: Source, what: str, wanted: str, report: Report) -> Element | None:
    try:
        root = read_document(source.text)
    except MalformedError as error:
        _report(report, source, f"{what} is no XML: {error.message}", error.line, error.column)
        return None
    if root.name != wanted:
        _report(report, source, f"{what} begins with {root.name}, not {wanted}", root.line, root.column)
        return None
    return root


def section_steps(section: str, documents: Documents, around: Surroundings, report: Report) -> tuple[Step, ...]:
    """Give the steps of a section for one operation, all scopes included."""
    outermost = documents.everywhere or _FORWARDING
    made = _of(outermost, section, (), around, report)
    if documents.products:
        branches = tuple(
            When(
                condition=Expression(language="product", text=document.product, place=document.place),
                steps=_of(document, section, made, around, report),
            )
            for document in documents.products
        )
        if any(branch.steps != made for branch in branches):
            made = (Choose(when=branches, otherwise=made),)
    for document in (documents.api, documents.operation):
        if document is not None:
            made = _of(document, section, made, around, report)
    return made


_NOWHERE: Final = Place(file="")


def _nowhere(line: int, column: int) -> Place:  # noqa: ARG001 - the form of places within a document
    return _NOWHERE


_FORWARDING: Final = Document(scope="global", owner="", root=DEFAULT, place=_NOWHERE, within=_nowhere)


def _of(
    document: Document, section: str, parent: tuple[Step, ...], around: Surroundings, report: Report
) -> tuple[Step, ...]:
    """Give the steps of one document's section; one that is missing is taken as `<base/>` alone."""
    found = document.root.named(section)
    if not found:
        return parent
    site = Site(
        place=document.place,
        within=document.within,
        scope=document.scope,
        owner=document.owner,
        section=section,
        parent=parent,
        around=around,
        report=report,
    )
    for again in found[1:]:
        site.error(again, "duplicate-section", f"a second {section}")
    steps = convert(found[0].children, site)
    name = unknown_value(found[0].text.text)
    return (
        (Refuse(kind=FaultKind.MISCONFIGURED, cause=f"the named value {name} is in Key Vault"), *steps)
        if name
        else steps
    )


def _report(report: Report, source: Source, text: str, line: int, column: int) -> None:
    place = source.within(line, column)
    if place == source.place:
        text = f"{text} (line {line}, column {column} of the policy)"
    report[Finding(severity=Severity.ERROR, code="bad-policy", text=text, place=place)] = None
