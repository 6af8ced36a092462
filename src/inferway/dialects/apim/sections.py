"""Puts the documents of all scopes together: what runs where `<base/>` stands.

Source: API Management, "Set or edit policies", "Use base element to set policy evaluation order"
(https://learn.microsoft.com/azure/api-management/set-edit-policies); "Forward request" (the default policy).
"""

from typing import Final

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.steps import Choose, Step, When
from inferway.dialects.apim.document import Element, MalformedError, read_document
from inferway.dialects.apim.policies.site import SECTIONS, Site, Surroundings
from inferway.dialects.apim.policies.table import convert
from inferway.faults import Finding, Place, Severity
from inferway.formats.cursor import Report

DEFAULT: Final = read_document(
    "<policies><inbound/><backend><forward-request/></backend><outbound/><on-error/></policies>"
)
"""The policy of a service that defines none: it forwards requests."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A policy document: its scope, whose it is (unique within a service), its root element and its place.

    `product` is the identifier of the product that a document of this scope belongs to.
    """

    scope: str
    owner: str
    root: Element
    place: Place
    product: str = ""


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """The documents that one operation's requests meet, None where a scope has none."""

    everywhere: Document | None
    products: tuple[Document, ...]
    api: Document | None
    operation: Document | None


def parse(text: str, scope: str, owner: str, place: Place, report: Report, product: str = "") -> Document | None:
    """Read a document; None, with an error at its place, where it cannot be read."""
    try:
        root = read_document(text)
    except MalformedError as error:
        _report(report, place, f"the {scope}'s policy is no XML: {error.message}", error.line, error.column)
        return None
    if root.name != "policies":
        _report(report, place, f"the {scope}'s policy begins with {root.name}, not policies", root.line, root.column)
        return None
    for child in root.children:
        if child.name not in SECTIONS:
            _report(report, place, f"{child.name} is no section of a policy", child.line, child.column)
    return Document(scope=scope, owner=owner, root=root, place=place, product=product)


def section_steps(section: str, documents: Documents, around: Surroundings, report: Report) -> tuple[Step, ...]:
    """Give the steps of a section for one operation, all scopes included."""
    outermost = documents.everywhere or Document(scope="global", owner="", root=DEFAULT, place=_NOWHERE)
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


def _of(
    document: Document, section: str, parent: tuple[Step, ...], around: Surroundings, report: Report
) -> tuple[Step, ...]:
    """Give the steps of one document's section; one that is missing is taken as `<base/>` alone."""
    found = document.root.named(section)
    if not found:
        return parent
    site = Site(
        place=document.place,
        scope=document.scope,
        owner=document.owner,
        section=section,
        parent=parent,
        around=around,
        report=report,
    )
    for again in found[1:]:
        site.error(again, "duplicate-section", f"a second {section}")
    return convert(found[0].children, site)


def _report(report: Report, place: Place, text: str, line: int, column: int) -> None:
    where = f"{text} (line {line}, column {column} of the policy)"
    report[Finding(severity=Severity.ERROR, code="bad-policy", text=where, place=place)] = None
