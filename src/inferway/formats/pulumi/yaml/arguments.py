"""The arguments of functions, evaluated and checked."""

from inferway.formats.nodes import Entry, Leaf, Node, Sequence
from inferway.formats.pulumi.yaml.evaluation import Evaluation
from inferway.formats.pulumi.yaml.values import Value, spelt


def text(evaluation: Evaluation, name: str, argument: Entry) -> Value | None:
    """Give a function's one argument, a text; None where it is none, which is reported."""
    value = evaluation.value(argument.value)
    if value.failed:
        return None
    if not (isinstance(value.node, Leaf) and isinstance(value.node.value, str)):
        evaluation.report.error(argument, "bad-argument", f"fn::{name} takes a text")
        return None
    return value


def pair(evaluation: Evaluation, name: str, argument: Entry, form: str) -> tuple[Value, Value] | None:
    """Give the two arguments of a function; `form` says what they are."""
    value = evaluation.value(argument.value)
    if value.failed:
        return None
    if not isinstance(value.node, Sequence) or len(value.node.items) != 2:
        evaluation.report.error(argument, "bad-argument", f"fn::{name} takes a list of two: {form}")
        return None
    first, second = (Value(node=item, size=value.size, secret=value.secret) for item in value.node.items)
    return first, second


def written(node: Node) -> str:
    """Give the text of a leaf that is known to be one."""
    return spelt(node) or ""
