"""The functions of conditions.

Source: CloudFormation, "Condition functions" (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
intrinsic-function-reference-conditions.html): `Fn::And` and `Fn::Or` take two to ten conditions.
"""

from typing import Final

from inferway.formats.cloudformation.functions import Resolver
from inferway.formats.cloudformation.report import Unresolved
from inferway.formats.cloudformation.template import text_of
from inferway.formats.nodes import Node, Sequence, Table, plain

FUNCTIONS: Final = frozenset({"Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"})


def truth(resolver: Resolver, node: Node) -> bool:
    """Give whether a condition holds; raises Unresolved for what is none."""
    if not isinstance(node, Table) or len(node.entries) != 1:
        raise Unresolved("bad-condition", f"a condition is one of {', '.join(sorted(FUNCTIONS))}", node)
    ((function, entry),) = node.entries.items()
    argument = entry.value
    if function == "Condition":
        return resolver.scope.condition(text_of(argument) or "", argument)
    if function == "Fn::Equals":
        left, right = _operands(function, argument, 2, 2)
        return _comparable(resolver.resolve(left)) == _comparable(resolver.resolve(right))
    if function == "Fn::Not":
        return not truth(resolver, _operands(function, argument, 1, 1)[0])
    if function == "Fn::And":
        return all(truth(resolver, item) for item in _operands(function, argument, 2, 10))
    if function == "Fn::Or":
        return any(truth(resolver, item) for item in _operands(function, argument, 2, 10))
    raise Unresolved("bad-condition", f"{function} is no condition; there are {', '.join(sorted(FUNCTIONS))}", node)


def _operands(function: str, argument: Node, least: int, most: int) -> tuple[Node, ...]:
    if not isinstance(argument, Sequence) or not least <= len(argument.items) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise Unresolved("bad-condition", f"{function} takes a list of {wanted}", argument)
    return argument.items


def _comparable(node: Node | None) -> object:
    """Give what is compared: numbers and truth values by their text, as the service does."""
    text = text_of(node)
    return text if text is not None else None if node is None else plain(node)
