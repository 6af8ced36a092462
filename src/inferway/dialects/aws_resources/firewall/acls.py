"""Reads web ACLs, with what they refer to and how they are logged.

Source: AWS WAFV2 API reference, "WebACL", "AssociationConfig", "LoggingConfiguration", "LoggingFilter".
"""

from typing import Final

import msgspec

from inferway.definition.web_acl import Action, LogCondition, LogFilter, Logging, Verdict, WebAcl
from inferway.dialects.aws_resources.firewall.actions import read_action, read_bodies
from inferway.dialects.aws_resources.firewall.fields import read_field
from inferway.dialects.aws_resources.firewall.members import check_members
from inferway.dialects.aws_resources.firewall.rules import Reading, prefix_of, read_rules
from inferway.dialects.aws_resources.firewall.shelf import Shelf
from inferway.dialects.aws_resources.firewall.spelled import Spelled
from inferway.dialects.aws_resources.firewall.statements import BAD

_LIMITS: Final = {"KB_8": 8_192, "KB_16": 16_384, "KB_32": 32_768, "KB_48": 49_152, "KB_64": 65_536}


def read_web_acl(at: Spelled, arn: str, shelf: Shelf, more: tuple[Spelled, ...] = ()) -> WebAcl:
    """Read a web ACL; `more` are rules of its that stand elsewhere."""
    check_members(at, "WebACL")
    prefix = prefix_of(arn)
    bodies = read_bodies(at.first("CustomResponseBodies", "CustomResponseBody"))
    default = read_action(at["DefaultAction"], bodies)
    if default.verdict not in (Verdict.ALLOW, Verdict.BLOCK):
        at["DefaultAction"].error(BAD, "a default action is Allow or Block")
        default = Action(verdict=Verdict.BLOCK)
    rules = at.first("Rules", "Rule")
    return WebAcl(
        name=at["Name"].text() or arn.split("/")[-2 if "/" in arn else -1],
        arn=arn,
        rules=read_rules((*rules.items(), *more), Reading(shelf=shelf, prefix=prefix, bodies=bodies)),
        default=default,
        prefix=prefix,
        body_limit=_body_limit(at["AssociationConfig"].first("RequestBody", "RequestBodies")),
        place=at.place,
    )


def _body_limit(at: Spelled) -> int:
    limit = at.first("API_GATEWAY", "ApiGateways")["DefaultSizeInspectionLimit"] if at.present else at
    given = limit.text("KB_16") if at.present else "KB_16"
    if given not in _LIMITS:
        limit.error(BAD, f"a size limit is one of KB_16, KB_32, KB_48, KB_64, not {given!r}")
    return _LIMITS.get(given, _LIMITS["KB_16"])


def read_logging(at: Spelled) -> Logging:
    """Read which requests are logged, and which parts of them are not."""
    nothing = Spelled(at.at)["TextTransformations"]
    redacted = (read_field(item, nothing) for item in at.first("RedactedFields", "RedactedField").items())
    given = at["LoggingFilter"]
    return Logging(
        redacted=tuple(field for field in redacted if field is not None),
        filters=tuple(map(_filter, given.first("Filters", "Filter").items())) if given.present else (),
        keep=given["DefaultBehavior"].text("KEEP") != "DROP" if given.present else True,
    )


def _filter(at: Spelled) -> LogFilter:
    conditions = []
    for item in at.first("Conditions", "Condition").items():
        action, label = item["ActionCondition"]["Action"].text(), item["LabelNameCondition"]["LabelName"].text()
        conditions.append(LogCondition(action=action, label=label))
    return LogFilter(
        keep=at["Behavior"].text() != "DROP",
        any_of=at["Requirement"].text() == "MEETS_ANY",
        conditions=tuple(conditions),
    )


def with_logging(acl: WebAcl, logging: Logging | None) -> WebAcl:
    """Give an ACL that is logged so."""
    return acl if logging is None else msgspec.structs.replace(acl, logging=logging)
