"""YAML's short forms of the intrinsic functions: `!Sub x` for `Fn::Sub: x`.

Source: CloudFormation, "Intrinsic function reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/intrinsic-function-reference.html).
"""

from typing import Final

from inferway.formats.nodes import Entry, Node, table

_WITHOUT_PREFIX: Final = frozenset({"Ref", "Condition"})
_WITH_PREFIX: Final = frozenset(
    [
        "And",
        "Base64",
        "Cidr",
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "GetStackOutput",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "RefAll",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
        "ValueOf",
        "ValueOfAll",
    ]
)


def expand(name: str, node: Node) -> Node | None:
    """Give the long form of a function's short one; None where there is no such function."""
    if name not in _WITHOUT_PREFIX and name not in _WITH_PREFIX:
        return None
    key = name if name in _WITHOUT_PREFIX else f"Fn::{name}"
    return table({key: Entry(line=node.line, column=node.column, value=node)}, node.line, node.column)
