"""Log entries in the form of the vendor's.

Source: AWS WAF Developer Guide, "Log fields for protection pack (web ACL) traffic" and the examples that follow it.
"""

from typing import Final

import msgspec

from inferway.definition.web_acl import LogCondition, LogFilter, Logging, Verdict
from inferway.definition.web_acl_statements import FieldKind, RateMatch
from inferway.waf.engine import DEFAULT, CompiledRule, Decision
from inferway.waf.inspection import Hit, Inspection

_REDACTED: Final = "REDACTED"
_NAMES: Final = {"apigateway": "APIGW", "appsync": "APPSYNC"}

Entry = dict[str, object]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What a request came to: the dialect of its API, the account, the API's identifier, the stage."""

    dialect: str
    account: str
    api: str
    stage: str


def is_kept(logging: Logging, decision: Decision, view: Inspection) -> bool:
    """Say whether a request is logged: by the first filter that it meets, else by default."""
    actions = {str(decision.action.verdict), *(str(hit.action) for hit in view.hits or ())}
    labels = set(view.labels)
    for each in logging.filters:
        if _meets(each, actions, labels):
            return each.keep
    return logging.keep


def _meets(each: LogFilter, actions: set[str], labels: set[str]) -> bool:
    def holds(condition: LogCondition) -> bool:
        return condition.action in actions if condition.action else condition.label in labels

    return (any if each.any_of else all)(map(holds, each.conditions))


def log_entry(decision: Decision, view: Inspection, logging: Logging, source: Source, request_id: str) -> Entry:
    """Give an entry without the time, and the ARN of the ACL."""
    rule = decision.rule
    own = [hit for hit in view.hits or () if _compiled(hit).group is None]
    ended = [hit for hit in view.hits or () if hit.rule is rule]
    response = decision.action.response
    return {
        "formatVersion": 1,
        "terminatingRuleId": decision.name,
        "terminatingRuleType": _type_of(rule),
        "action": str(decision.action.verdict),
        "terminatingRuleMatchDetails": _redacted(ended[0].details, logging) if ended else [],
        "httpSourceName": _NAMES.get(source.dialect, "-"),
        "httpSourceId": f"{source.account}:{source.api}:{source.stage}",
        "ruleGroupList": _groups(view, rule, logging),
        "rateBasedRuleList": _rates(view),
        "nonTerminatingMatchingRules": [_matched(hit, logging) for hit in own if hit.rule is not rule],
        "requestHeadersInserted": [{"name": name, "value": value} for name, value in view.inserted or ()] or None,
        "responseCodeSent": response.status if response is not None else None,
        "httpRequest": {**_request(view, logging), "requestId": request_id},
        "labels": [{"name": label} for label in view.labels],
    }


def _compiled(hit: Hit) -> CompiledRule:
    assert isinstance(hit.rule, CompiledRule)  # noqa: S101 - the engine makes hits of nothing else
    return hit.rule


def _type_of(rule: CompiledRule | None) -> str:
    if rule is None or rule.rule is None:
        return "REGULAR"
    if rule.group is not None:
        return "MANAGED_RULE_GROUP" if rule.group.managed else "GROUP"
    return "RATE_BASED" if isinstance(rule.rule.statement, RateMatch) else "REGULAR"


def _name(rule: CompiledRule) -> str:
    return rule.rule.name if rule.rule is not None else DEFAULT


def _matched(hit: Hit, logging: Logging) -> Entry:
    rule = _compiled(hit)
    made: Entry = {
        "ruleId": _name(rule),
        "action": str(hit.action),
        "ruleMatchDetails": _redacted(hit.details, logging),
    }
    if rule.rule is not None and rule.rule.overridden is not None:
        made["overriddenAction"] = str(rule.rule.overridden)
    return made


def _groups(view: Inspection, ended_by: CompiledRule | None, logging: Logging) -> list[Entry]:
    groups: dict[str, Entry] = {}
    for hit in view.hits or ():
        rule = _compiled(hit)
        if rule.group is None:
            continue
        empty: Entry = {
            "ruleGroupId": rule.group.id,
            "terminatingRule": None,
            "nonTerminatingMatchingRules": [],
            "excludedRules": None,
        }
        made = groups.setdefault(rule.group.name, empty)
        if rule is ended_by or (rule.group.count and hit.action is not Verdict.COUNT):
            made["terminatingRule"] = _matched(hit, logging)
        else:
            rest = made["nonTerminatingMatchingRules"]
            assert isinstance(rest, list)  # noqa: S101 - made so above
            rest.append(_matched(hit, logging))
    return list(groups.values())


def _rates(view: Inspection) -> list[Entry]:
    """Give the rates that acted on the request, each with what it counted the request by."""
    counted = {id(rule): values for rule, values in view.rates or ()}
    made: list[Entry] = []
    for rule in (_compiled(hit).rule for hit in view.hits or ()):
        if rule is None or not isinstance(rule.statement, RateMatch):
            continue
        rate = rule.statement
        values = counted.get(id(rule), (view.request.client,))
        entry: Entry = {
            "rateBasedRuleName": rule.name,
            "limitKey": "CUSTOMKEYS" if rate.aggregate == "CUSTOM_KEYS" else rate.aggregate,
            "maxRateAllowed": rate.limit,
            "evaluationWindowSec": str(rate.window),
        }
        if rate.aggregate == "CUSTOM_KEYS":
            kinds = [(str(key.kind).upper(), key.name) for key in rate.keys]
            entry["customValues"] = [
                {"key": kind, "name": name, "value": value} for (kind, name), value in zip(kinds, values, strict=False)
            ]
        elif values:
            entry["limitValue"] = values[0]
        made.append(entry)
    return made


def _redacted(details: list[dict[str, object]], logging: Logging) -> list[Entry]:
    """Give what was found without the data of parts that are kept out of the log."""
    kinds = {field.kind for field in logging.redacted}
    hidden = {
        *({"HEADER", "HEADERS", "COOKIES"} if FieldKind.SINGLE_HEADER in kinds else ()),
        *({"URI"} if FieldKind.URI_PATH in kinds else ()),
        *({"QUERY_STRING", "ALL_QUERY_ARGS", "SINGLE_QUERY_ARG"} if FieldKind.QUERY_STRING in kinds else ()),
    }
    return [{**each, "matchedData": [_REDACTED]} if each["location"] in hidden else each for each in details]


def _request(view: Inspection, logging: Logging) -> dict[str, object]:
    request = view.request
    kinds = {field.kind for field in logging.redacted}
    names = {field.name for field in logging.redacted if field.kind is FieldKind.SINGLE_HEADER}
    host = request.header(b"host")
    pairs, _ = view.headers()
    return {
        "clientIp": request.client,
        "country": next((label[-2:] for label in view.labels if ":geo:country:" in label), "-"),
        "headers": [{"name": name, "value": _REDACTED if name in names else value} for name, value in pairs],
        "uri": _REDACTED if FieldKind.URI_PATH in kinds else view.uri,
        "args": _REDACTED if FieldKind.QUERY_STRING in kinds else request.query,
        "httpVersion": f"HTTP/{request.version}",
        "httpMethod": _REDACTED if FieldKind.METHOD in kinds else request.method,
        "fragment": "",
        "scheme": request.scheme,
        "host": _REDACTED if "host" in names else (host or b"").decode("latin-1"),
    }
