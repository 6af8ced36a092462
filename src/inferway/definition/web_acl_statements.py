"""What the rules of a web ACL look at, and the statements that they make of it, as data.

Source: AWS WAFV2 API reference, "Statement", "FieldToMatch" and what those refer to. Texts to search for, and values of
requests, are bytes written as Latin-1 texts: one character a byte.
"""

from enum import StrEnum
from typing import Union

import msgspec


class FieldKind(StrEnum):
    """Which part of a request is inspected."""

    SINGLE_HEADER = "SingleHeader"
    SINGLE_QUERY_ARGUMENT = "SingleQueryArgument"
    ALL_QUERY_ARGUMENTS = "AllQueryArguments"
    URI_PATH = "UriPath"
    URI_FRAGMENT = "UriFragment"
    QUERY_STRING = "QueryString"
    BODY = "Body"
    JSON_BODY = "JsonBody"
    METHOD = "Method"
    HEADERS = "Headers"
    HEADER_ORDER = "HeaderOrder"
    COOKIES = "Cookies"


class Scope(StrEnum):
    """Whether the keys of headers, cookies and JSON are inspected, or their values."""

    ALL = "ALL"
    KEY = "KEY"
    VALUE = "VALUE"


class Otherwise(StrEnum):
    """What a statement says of a part that cannot be inspected: one too large, one that is no JSON, no address."""

    CONTINUE = "CONTINUE"
    MATCH = "MATCH"
    NO_MATCH = "NO_MATCH"
    EVALUATE_AS_STRING = "EVALUATE_AS_STRING"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a request and how its texts are transformed, in order, before they are inspected.

    `name` is that of one header or argument, in lower case; `included` and `excluded` are names of headers and cookies
    in lower case, or the paths of JSON values. `invalid` is for a body that is no JSON; with CONTINUE it is inspected
    up to where it fails.
    """

    kind: FieldKind
    name: str = ""
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    scope: Scope = Scope.ALL
    oversize: Otherwise = Otherwise.CONTINUE
    invalid: Otherwise = Otherwise.CONTINUE
    transformations: tuple[str, ...] = ()


class Position(StrEnum):
    """Where in a text the searched one must stand."""

    EXACTLY = "EXACTLY"
    STARTS_WITH = "STARTS_WITH"
    ENDS_WITH = "ENDS_WITH"
    CONTAINS = "CONTAINS"
    CONTAINS_WORD = "CONTAINS_WORD"


class ByteMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where a text of the field holds `search`, at most 200 bytes."""

    field: Field
    search: str
    position: Position


class RegexMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where a text of the field holds a match of any of the patterns."""

    field: Field
    patterns: tuple[str, ...]


class SqliMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where a text of the field looks like SQL that changes a statement's meaning."""

    field: Field
    sensitivity: str = "LOW"


class XssMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where a text of the field looks like markup that runs a script."""

    field: Field


class SizeMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where the size in bytes of a text of the field compares so (EQ, NE, LE, LT, GE, GT)."""

    field: Field
    operator: str
    size: int


class ForwardedPosition(StrEnum):
    """Which address of a header counts."""

    FIRST = "FIRST"
    LAST = "LAST"
    ANY = "ANY"


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """A header that holds the client's address; `otherwise` (MATCH or NO_MATCH) where it holds none that is valid.

    A request without the header does not match at all.
    """

    header: str
    otherwise: Otherwise = Otherwise.NO_MATCH
    position: ForwardedPosition = ForwardedPosition.FIRST


class AddressMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches clients whose address is in one of the ranges, each in CIDR notation."""

    ranges: tuple[str, ...]
    forwarded: Forwarded | None = None


class CountryMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches clients whose address is in one of the countries (ISO 3166 alpha-2), and labels the request."""

    countries: tuple[str, ...]
    forwarded: Forwarded | None = None


class NetworkMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches clients whose address belongs to one of the autonomous systems."""

    numbers: tuple[int, ...]
    forwarded: Forwarded | None = None


class LabelMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches requests that have a label; with `namespace` one below the namespace, which ends in a colon."""

    key: str
    namespace: bool = False


class Never(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches nothing: it stands for what cannot be told here, for the reason given."""

    reason: str


class AllOf(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where every statement does."""

    statements: tuple["Statement", ...]


class AnyOf(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where a statement does."""

    statements: tuple["Statement", ...]


class NoneOf(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches where the statement does not."""

    statement: "Statement"


class RateKeyKind(StrEnum):
    """What requests are counted by."""

    HEADER = "Header"
    COOKIE = "Cookie"
    QUERY_ARGUMENT = "QueryArgument"
    QUERY_STRING = "QueryString"
    METHOD = "HTTPMethod"
    FORWARDED_IP = "ForwardedIP"
    IP = "IP"
    LABEL_NAMESPACE = "LabelNamespace"
    URI_PATH = "UriPath"
    ASN = "ASN"


class RateKey(msgspec.Struct, frozen=True, kw_only=True):
    """One of the things that requests are counted by; `name` is a header's, cookie's, argument's or namespace's."""

    kind: RateKeyKind
    name: str = ""
    transformations: tuple[str, ...] = ()


class RateMatch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Matches while more than `limit` requests of the same keys came within the last `window` seconds.

    Only requests that `within` matches are counted and can match. Without keys all of them count together.
    `aggregate` is the vendor's word for the kind of key, for the log.
    """

    limit: int
    window: int = 300
    keys: tuple[RateKey, ...] = ()
    aggregate: str = "IP"
    forwarded: Forwarded | None = None
    within: Union["Statement", None] = None


Statement = Union[  # noqa: UP007 - msgspec resolves the forward references in a typing.Union only
    ByteMatch,
    RegexMatch,
    SqliMatch,
    XssMatch,
    SizeMatch,
    AddressMatch,
    CountryMatch,
    NetworkMatch,
    LabelMatch,
    Never,
    AllOf,
    AnyOf,
    NoneOf,
    RateMatch,
]
