"""Steps that let a message pass or refuse it."""

from enum import StrEnum

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.message_steps import Message


class RequireCertificate(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a request to one of these domains on a connection that was opened without a certificate for it."""

    domains: tuple[str, ...]


class LimitBySlidingWindow(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses more than `calls` within any `seconds` per key; a key that is None or empty is not limited.

    `counter` names the counts: steps of the same name share them. With `condition` a request counts only where that
    is true once its response is known. The other fields name headers of the response, and variables, that get the
    seconds to wait, the calls left, and `calls`; an empty name is none.
    """

    counter: str
    key: Expression
    calls: int
    seconds: float
    condition: Expression | None = None
    wait_header: str = "Retry-After"
    wait_variable: str = ""
    left_header: str = ""
    left_variable: str = ""
    total_header: str = ""


class LimitByFixedWindow(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses more than `calls` per window of `seconds`, 0 for a window without end, and per key, as above.

    Windows start at `start` (Unix time in seconds) and every `seconds` after; None: with the key's first call.
    """

    counter: str
    key: Expression
    calls: int
    seconds: float
    start: float | None = None
    condition: Expression | None = None


class CheckHeader(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a request without a header, or whose header has none of `values` where there are any."""

    name: str
    values: tuple[Expression, ...] = ()
    ignore_case: bool = False
    status: int
    text: Expression


class AddressRange(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses from `first` to `last`, both included; IPv4 or IPv6."""

    first: str
    last: str


class FilterAddress(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses clients by their address: those not in `ranges` with `allow`, else those in it."""

    allow: bool
    ranges: tuple[AddressRange, ...]


class Reaction(StrEnum):
    """What follows from content that does not hold: nothing, a note in a variable, or a refusal as well."""

    IGNORE = "ignore"
    DETECT = "detect"
    PREVENT = "prevent"


class ContentSchema(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON Schema, as JSON text, for content of one type, "" for any; `name` is the definition's own for it."""

    content_type: str
    schema: str
    name: str
    reaction: Reaction = Reaction.PREVENT


class ValidateContent(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Holds the body of a message to a size in bytes and to the schema of its content type.

    `any_type` stands for every content type, `no_type` for a missing one, and `types` maps others; what goes wrong is
    added to the list in `variable`, where that is named.
    """

    message: Message
    max_size: int
    too_large: Reaction
    unspecified: Reaction
    schemas: tuple[ContentSchema, ...] = ()
    any_type: str = ""
    no_type: str = ""
    types: dict[str, str] = {}
    variable: str = ""


class AllowOrigins(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Answers preflights and adds the headers of cross-origin sharing; `*` among origins, methods or headers is any.

    A cross-origin request of another origin gets an empty 200 with `terminate`; `max_age` in seconds, 0 for none.
    """

    origins: tuple[str, ...]
    methods: tuple[str, ...] = ("GET", "POST")
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    credentials: bool = False
    max_age: int = 0
    terminate: bool = True
