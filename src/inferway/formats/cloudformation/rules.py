"""The rules that a template's parameters have to keep.

Source: CloudFormation, "Rules" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
rules-section-structure.html): where its condition holds, or it has none, each assertion of a rule has to.
"""

from collections.abc import Mapping
from typing import Final

from inferway.formats.cloudformation.arguments import Resolver
from inferway.formats.cloudformation.conditions import ACCOUNT_FUNCTIONS, RULE_FUNCTIONS, Judge
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table

_BOOTSTRAP_RULE: Final = "CheckBootstrapVersion"
"""A rule that the CDK puts into every template; it asks for a version of what deploys to the cloud."""


def check_rules(rules: Mapping[str, Entry], resolver: Resolver) -> None:
    """Report each assertion that does not hold, and each rule that asks for what only the cloud knows."""
    report = resolver.scope.report
    judge = Judge(resolver, RULE_FUNCTIONS)
    for name, entry in rules.items():
        if name == _BOOTSTRAP_RULE:
            continue
        asked = _asked(entry.value)
        if asked:
            text = f"the rule {name} is not checked: {asked} asks for what there is in an account of the cloud"
            report.warning(entry, "unserved-rule", text)
            continue
        try:
            _check(name, entry, judge)
        except Unresolved as unresolved:
            unresolved.tell(report)


def _check(name: str, entry: Entry, judge: Judge) -> None:
    condition, assertions = part(entry.value, "RuleCondition"), part(entry.value, "Assertions")
    if not isinstance(assertions, Sequence) or not assertions.items:
        raise Unresolved("bad-rule", f"the rule {name} needs a list of Assertions", assertions or entry.value)
    if condition is not None and not judge.holds(condition):
        return
    for assertion in assertions.items:
        asserted = part(assertion, "Assert")
        if asserted is None:
            raise Unresolved("bad-rule", f"an assertion of the rule {name} needs an Assert", assertion)
        if not judge.holds(asserted):
            why = text_of(part(assertion, "AssertDescription"))
            text = f"the parameters break the rule {name}{f': {why[:500]}' if why else ''}"
            judge.resolver.scope.report.error(assertion, "broken-rule", text)


def _asked(node: Node) -> str:
    """Give the first function of a rule that asks for what there is in an account, "" where there is none."""
    todo = [node]
    while todo:
        here = todo.pop()
        if isinstance(here, Sequence):
            todo += here.items
        elif isinstance(here, Table):
            found = next((key for key in here.entries if key in ACCOUNT_FUNCTIONS), None)
            if found is not None:
                return found
            todo += [entry.value for entry in here.entries.values() if not isinstance(entry.value, Leaf)]
    return ""
