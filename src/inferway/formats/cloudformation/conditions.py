"""The functions of conditions, and those that only rules have.

Sources: CloudFormation, "Condition functions" (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
intrinsic-function-reference-conditions.html): `Fn::And` and `Fn::Or` take two to ten conditions; "Rule functions"
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html).
"""

from collections.abc import Callable, Mapping
from typing import Final

from inferway.formats.cloudformation.arguments import Resolver, operands, text_in, texts_in
from inferway.formats.cloudformation.scope import UNRESOLVED
from inferway.formats.cloudformation.template import text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Node, Sequence, Table, plain


class Judge:
    """Says whether conditions hold, with the functions that may stand in them."""

    def __init__(self, resolver: Resolver, functions: Mapping[str, "Test"]) -> None:
        self.resolver = resolver
        self._functions = functions

    def holds(self, node: Node) -> bool:
        """Give whether a condition holds; raises Unresolved for what is none."""
        if not isinstance(node, Table) or len(node.entries) != 1:
            raise Unresolved("bad-condition", f"a condition is one of {', '.join(self._functions)}", node)
        ((name, entry),) = node.entries.items()
        test = self._functions.get(name)
        if test is None:
            known = ", ".join(self._functions)
            raise Unresolved("bad-condition", f"{name} is no condition; there are {known}", node)
        return test(self, entry.value)


Test = Callable[[Judge, Node], bool]
"""Says whether one function of a condition holds, by its argument."""


def _condition(judge: Judge, argument: Node) -> bool:
    return judge.resolver.scope.condition(text_of(argument) or "", argument)


def _equals(judge: Judge, argument: Node) -> bool:
    left, right = _conditions(argument, "Fn::Equals", 2, 2)
    return _comparable(judge, left) == _comparable(judge, right)


def _not(judge: Judge, argument: Node) -> bool:
    return not judge.holds(_conditions(argument, "Fn::Not", 1, 1)[0])


def _and(judge: Judge, argument: Node) -> bool:
    return all(judge.holds(item) for item in _conditions(argument, "Fn::And", 2, 10))


def _or(judge: Judge, argument: Node) -> bool:
    return any(judge.holds(item) for item in _conditions(argument, "Fn::Or", 2, 10))


def _contains(judge: Judge, argument: Node) -> bool:
    listed, text = operands(argument, "Fn::Contains", "a list of texts and a text", 2)
    return text_in(judge.resolver, text, "Fn::Contains") in texts_in(judge.resolver, listed, "Fn::Contains")


def _each_member_equals(judge: Judge, argument: Node) -> bool:
    listed, text = operands(argument, "Fn::EachMemberEquals", "a list of texts and a text", 2)
    wanted = text_in(judge.resolver, text, "Fn::EachMemberEquals")
    return all(item == wanted for item in texts_in(judge.resolver, listed, "Fn::EachMemberEquals"))


def _each_member_in(judge: Judge, argument: Node) -> bool:
    checked, allowed = operands(argument, "Fn::EachMemberIn", "two lists of texts", 2)
    known = frozenset(texts_in(judge.resolver, allowed, "Fn::EachMemberIn"))
    return known.issuperset(texts_in(judge.resolver, checked, "Fn::EachMemberIn"))


def _conditions(argument: Node, function: str, least: int, most: int) -> tuple[Node, ...]:
    if not isinstance(argument, Sequence) or not least <= len(argument.items) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise Unresolved("bad-condition", f"{function} takes a list of {wanted}", argument)
    return argument.items


def _comparable(judge: Judge, argument: Node) -> object:
    """Give what is compared: numbers and truth values by their text, as the service does."""
    node = judge.resolver.resolve(argument)
    text = text_of(node)
    if text == UNRESOLVED:
        raise Unresolved("", "", argument)
    return text if text is not None else None if node is None else plain(node)


FUNCTIONS: Final[Mapping[str, Test]] = {
    "Condition": _condition,
    "Fn::And": _and,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}

RULE_FUNCTIONS: Final[Mapping[str, Test]] = {
    "Fn::And": _and,
    "Fn::Contains": _contains,
    "Fn::EachMemberEquals": _each_member_equals,
    "Fn::EachMemberIn": _each_member_in,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}

ACCOUNT_FUNCTIONS: Final = frozenset({"Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"})
"""Functions of rules that give what there is in an account of the cloud."""
