"""Reads rules and rule groups, the managed ones by what stands in for them.

Source: AWS WAFV2 API reference, "Rule", "RuleGroupReferenceStatement", "ManagedRuleGroupStatement", "OverrideAction".
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from inferway.definition.web_acl import Action, Rule, RuleGroup, Verdict
from inferway.definition.web_acl_statements import Never, Statement
from inferway.dialects.aws_resources.firewall.actions import Bodies, read_action, read_bodies, read_labels
from inferway.dialects.aws_resources.firewall.members import check_members
from inferway.dialects.aws_resources.firewall.rates import read_rate
from inferway.dialects.aws_resources.firewall.shelf import Shelf
from inferway.dialects.aws_resources.firewall.spelled import Spelled
from inferway.dialects.aws_resources.firewall.statements import BAD, read_statement
from inferway.formats.report import nearest
from inferway.waf import managed

_NAME: Final = re.compile(r"[\w-]{1,128}", re.ASCII)
_ARN: Final = re.compile(r"arn:[\w-]+:wafv2:[\w-]*:(\d*):(?:regional|global)/(webacl|rulegroup)/([\w-]+)/.*")
_COUNT: Final = Action(verdict=Verdict.COUNT)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What rules are read with: what they refer to, the prefix of their labels, the bodies of custom responses."""

    shelf: Shelf
    prefix: str
    bodies: Bodies


def prefix_of(arn: str) -> str:
    """Give the prefix of the labels of a web ACL's, or a rule group's, own rules."""
    found = _ARN.fullmatch(arn)
    return f"awswaf:{found[1]}:{found[2]}:{found[3]}:" if found is not None else "awswaf:000000000000:webacl:local:"


def read_rules(at: Iterable[Spelled], reading: Reading) -> tuple[Rule | RuleGroup, ...]:
    """Read the rules of a web ACL in the order of their priorities."""
    made: dict[int, Rule | RuleGroup] = {}
    names: set[str] = set()
    for item in at:
        name, priority = item["Name"].text(), item["Priority"].integer()
        if _NAME.fullmatch(name) is None or name in names:
            item["Name"].error(BAD, f"{name!r} cannot be a rule's name, or is there twice")
        if priority is None or priority in made:
            item["Priority"].error(BAD, f"rule {name}: a priority is a whole number that no other rule has")
            continue
        names.add(name)
        made[priority] = _entry(item, name, reading)
    return tuple(made[priority] for priority in sorted(made))


def _entry(item: Spelled, name: str, reading: Reading) -> Rule | RuleGroup:
    check_members(item, "Rule")
    statement = item["Statement"]
    group = statement.first("RuleGroupReferenceStatement", "ManagedRuleGroupStatement")
    if not group.present:
        return _rule(item, name, reading)
    if item["Action"].present:
        item["Action"].error(BAD, f"rule {name} stands for a group: it has an OverrideAction, and no Action")
    if statement["ManagedRuleGroupStatement"].present:
        check_members(group, "ManagedRuleGroupStatement")
        made = _managed(group, name, reading)
    else:
        check_members(group, "RuleGroupReferenceStatement")
        made = _referenced(group, name, reading)
    return msgspec.structs.replace(made, count=item["OverrideAction"]["Count"].present)


def _rule(item: Spelled, name: str, reading: Reading) -> Rule:
    if item["OverrideAction"].present:
        item["OverrideAction"].error(BAD, f"rule {name} stands for no group: it has an Action, and no OverrideAction")
    at = item["Statement"]
    rate = at["RateBasedStatement"]
    statement: Statement = read_rate(rate, reading.shelf) if rate.present else read_statement(at, reading.shelf)
    return Rule(
        name=name,
        statement=statement,
        action=read_action(item["Action"], reading.bodies),
        labels=read_labels(item.first("RuleLabels", "RuleLabel"), reading.prefix),
        place=item.place,
    )


def _referenced(at: Spelled, name: str, reading: Reading) -> RuleGroup:
    arn = at.first("Arn", "ARN")
    kept = reading.shelf.groups.get(arn.text())
    if kept is None:
        arn.warning(
            "unknown-web-acl-part", f"no rule group {arn.text()!r} is defined here; none of its rules is checked"
        )
        return RuleGroup(name=name, id=arn.text(), rules=(), place=at.place)
    prefix = prefix_of(arn.text())
    inner = Reading(shelf=reading.shelf, prefix=prefix, bodies=read_bodies(kept["CustomResponseBodies"]))
    rules = read_rules(kept.first("Rules", "Rule").items(), inner)
    for rule in rules:
        if isinstance(rule, RuleGroup):
            kept.error(BAD, f"rule {rule.name} of a rule group stands for a group itself")
    own = _overridden(tuple(rule for rule in rules if isinstance(rule, Rule)), at, reading.bodies)
    return RuleGroup(name=name, id=arn.text(), rules=own, prefix=prefix, place=at.place)


def _managed(at: Spelled, name: str, reading: Reading) -> RuleGroup:
    vendor, group = at["VendorName"].text(), at["Name"].text()
    known = managed.GROUPS.get(group) if vendor == "AWS" else None
    down = at["ScopeDownStatement"]
    within = read_statement(down, reading.shelf) if down.present else None
    empty = RuleGroup(name=name, id=f"{vendor}#{group}", rules=(), managed=True, within=within, place=at.place)
    if known is None:
        meant = nearest(group, managed.GROUPS) if vendor == "AWS" else ""
        told = f"the managed rule group {vendor} {group} is not known here{meant}; none of its rules is checked"
        at.warning("unserved-managed-rules", told)
        return empty
    _tell(at, group, known)
    rules = tuple(
        Rule(
            name=entry.name,
            statement=entry.statement,
            action=Action(verdict=entry.verdict),
            labels=(known.prefix + entry.label,),
            place=at.place,
        )
        for entry in known.entries
    )
    return msgspec.structs.replace(empty, rules=_overridden(rules, at, reading.bodies), prefix=known.prefix)


def _tell(at: Spelled, name: str, group: managed.Group) -> None:
    """Say plainly what of a managed group is checked here, and what is not and why."""
    untold: dict[str, list[str]] = {}
    for entry in group.entries:
        if isinstance(entry.statement, Never):
            untold.setdefault(entry.statement.reason, []).append(entry.name)
    missing = "; ".join(f"{', '.join(names)}: {reason}" for reason, names in untold.items())
    served = len(group.entries) - sum(map(len, untold.values()))
    if not served:
        at.warning("unserved-managed-rules", f"{name}: none of its rules can be checked here ({missing})")
        return
    told = f"{name}: Amazon does not publish its rules; {served} of {len(group.entries)} are Inferway's own reading"
    rest = f", and these match nothing: {missing}" if missing else ""
    at.warning("managed-rules", f"{told} of what each is documented to look for{rest}")


def _overridden(rules: tuple[Rule, ...], at: Spelled, bodies: Bodies) -> tuple[Rule, ...]:
    """Give rules with the actions that the statement gives them instead of their own."""
    actions: dict[str, tuple[Action, Spelled]] = {}
    for item in at.first("ExcludedRules", "ExcludedRule").items():
        actions[item["Name"].text()] = (_COUNT, item)
    for item in at.first("RuleActionOverrides", "RuleActionOverride").items():
        actions[item["Name"].text()] = (read_action(item["ActionToUse"], bodies), item)
    known = {rule.name for rule in rules}
    for name, (_, item) in actions.items():
        if name not in known:
            item.warning("unknown-rule", f"the group has no rule {name!r} here{nearest(name, known)}")
    return tuple(_with(rule, actions) for rule in rules)


def _with(rule: Rule, actions: Mapping[str, tuple[Action, Spelled]]) -> Rule:
    action = actions.get(rule.name)
    if action is None:
        return rule
    return msgspec.structs.replace(rule, action=action[0], overridden=rule.action.verdict)
