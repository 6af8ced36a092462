"""A web ACL: the rules that a request has to pass before an API sees it, as data.

Source: AWS WAFV2 API reference, "WebACL", "Rule", "LoggingConfiguration" and what those refer to.
"""

from enum import StrEnum

import msgspec

from inferway.definition.web_acl_statements import Field, Statement
from inferway.faults import Place


class CustomResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What a blocked client gets instead of the vendor's own response."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = ""
    body: str = ""


class Verdict(StrEnum):
    """What a rule does with a request that it matches."""

    ALLOW = "ALLOW"
    BLOCK = "BLOCK"
    COUNT = "COUNT"
    CAPTCHA = "CAPTCHA"
    CHALLENGE = "CHALLENGE"
    MONETIZE = "MONETIZE"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict, with the headers that it adds to a request that goes on, or the response that it ends it with."""

    verdict: Verdict
    headers: tuple[tuple[str, str], ...] = ()
    response: CustomResponse | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A rule; `labels` are given to requests that it matches, each whole. `overridden` is the action it had before."""

    name: str
    statement: Statement
    action: Action
    labels: tuple[str, ...] = ()
    overridden: Verdict | None = None
    place: Place


class RuleGroup(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Rules that stand for one rule of an ACL, for requests that `within` matches.

    `id` is the vendor's, `prefix` that of its rules' labels. With `count` no rule of it ends a request: the first one
    that would, ends the group.
    """

    name: str
    id: str
    rules: tuple[Rule, ...]
    prefix: str = ""
    managed: bool = False
    within: Statement | None = None
    count: bool = False
    place: Place


class LogCondition(msgspec.Struct, frozen=True, kw_only=True):
    """What a request's log entry must have: an action, or a label."""

    action: str = ""
    label: str = ""


class LogFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Keeps or drops the entries of requests that meet all the conditions, or with `any_of` one of them."""

    keep: bool
    any_of: bool
    conditions: tuple[LogCondition, ...]


class Logging(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests are logged, and which parts of them are not."""

    redacted: tuple[Field, ...] = ()
    filters: tuple[LogFilter, ...] = ()
    keep: bool = True


class WebAcl(msgspec.Struct, frozen=True, kw_only=True):
    """Rules in the order in which they are tried, and what becomes of a request that none of them ends.

    `prefix` is that of its rules' labels; `body_limit` is how many bytes of a body are inspected.
    """

    name: str
    arn: str
    rules: tuple[Rule | RuleGroup, ...]
    default: Action
    prefix: str = ""
    body_limit: int = 16_384
    logging: Logging | None = None
    place: Place


class ApplyWebAcl(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Lets a web ACL allow or refuse a request.

    `countries` and `networks` are paths of databases in MaxMind's format, "" for none; `log` is the file that entries
    are added to, "-" for standard output, "" for none.
    """

    acl: WebAcl
    countries: str = ""
    networks: str = ""
    log: str = ""


class Association(msgspec.Struct, frozen=True, kw_only=True):
    """A web ACL in front of a stage of an API, by their identifiers; `stage` None for an API that has none."""

    api: str
    stage: str | None
    acl: WebAcl
    place: Place
