"""What is wrong with a request, in the words of AppSync's server, which is graphql-java (of about version 12).

Sources: AppSync's own account of its behaviour over HTTP (https://github.com/graphql/graphql-over-http/issues/81), and
responses that users of the service published; `docs/parity-appsync.md` has each. Where none is published the words are
graphql-java's for the same rule.
"""

from collections.abc import Callable
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    VariableNode,
)

from inferway.languages.graphql import Location, Problem

_DEPTH: Final = 10


def java_ast(node: Any, depth: int = 0) -> str:
    """Give a literal as graphql-java prints its syntax tree: `StringValue{value='x'}`."""
    if isinstance(node, StringValueNode):
        return f"StringValue{{value='{node.value[:500]}'}}"
    if isinstance(node, EnumValueNode):
        return f"EnumValue{{name='{node.value}'}}"
    if isinstance(node, VariableNode):
        return f"VariableReference{{name='{node.name.value}'}}"
    if isinstance(node, IntValueNode | FloatValueNode):
        return f"{type(node).__name__.removesuffix('Node')}{{value={node.value}}}"
    if isinstance(node, BooleanValueNode):
        return f"BooleanValue{{value={str(node.value).lower()}}}"
    if depth > _DEPTH or isinstance(node, NullValueNode):
        return "NullValue{}"
    if isinstance(node, ListValueNode):
        return f"ArrayValue{{values=[{', '.join(java_ast(value, depth + 1) for value in node.values)}]}}"
    if isinstance(node, ObjectValueNode):
        fields = ", ".join(
            f"ObjectField{{name='{field.name.value}', value={java_ast(field.value, depth + 1)}}}"
            for field in node.fields
        )
        return f"ObjectValue{{objectFields=[{fields}]}}"
    return str(node)[:200]


def _quoted(problem: Problem, at: int) -> str:
    """Give a name that graphql-core's own words have in quotes."""
    parts = problem.message.split("'")
    return parts[2 * at + 1] if len(parts) > 2 * at + 1 else ""


def _wrong_type(problem: Problem) -> str:
    detail, nodes = problem.detail, problem.nodes
    argument = detail.get("argument", "")
    value = java_ast(nodes[0]) if nodes else ""
    whole = java_ast(nodes[-1]) if nodes else ""
    if "not to include unknown field" in problem.message:
        text = f"contains a field not in '{_quoted(problem, 0)}': '{_quoted(problem, 1)}'"
        return f"argument '{argument}' with value '{whole}' {text}"
    if "to include required field" in problem.message:
        return f"argument '{argument}' with value '{whole}' is missing required fields '[{_quoted(problem, 1)}]'"
    if not argument:
        return f"Bad default value {value} for type {detail.get('named_input', '')}"
    if value == "NullValue{}":
        return f"argument '{argument}' with value '{value}' must not be null"
    return f"argument '{argument}' with value '{value}' is not a valid '{detail.get('named_input', '')}'"


def _missing_argument(problem: Problem) -> tuple[str, str]:
    name = _quoted(problem, 0).rpartition("(")[2].removesuffix(":)")
    kind = "directive" if problem.detail.get("node") == "DirectiveNode" else "field"
    return f"Missing{kind.title()}Argument", f"Missing {kind} argument {name}"


def _conflict(problem: Problem) -> str:
    if "different fields" in problem.message:
        return f"{_quoted(problem, 0)}: {_quoted(problem, 1)} and {_quoted(problem, 2)} are different fields"
    if "differing arguments" in problem.message:
        return f"{_quoted(problem, 0)}: they have differing arguments"
    if "conflicting types" in problem.message:
        return f"{_quoted(problem, 0)}: they return differing types {_quoted(problem, 1)} and {_quoted(problem, 2)}"
    return f"{_quoted(problem, 0)}: they have differing selections"


def _directive(problem: Problem) -> tuple[str, str]:
    name = _quoted(problem, 0).lstrip("@")
    if "may not be used" in problem.message:
        return "MisplacedDirective", f"Directive {name} not allowed here"
    return "UnknownDirective", f"Unknown directive {name}"


def _condition(problem: Problem) -> tuple[str, str]:
    inline = not problem.message.startswith("Fragment '")
    kind = "InlineFragmentTypeConditionInvalid" if inline else "FragmentTypeConditionInvalid"
    return (
        kind,
        f"{'Inline fragment' if inline else 'Fragment'} type condition is invalid, must be on Object/Interface/Union",
    )


def _leaf(problem: Problem) -> tuple[str, str]:
    name = problem.trail[-1] if problem.trail else ""
    wrapped = problem.detail.get("wrapped", "null")
    if problem.detail.get("node") == "SelectionSetNode":
        return "SubSelectionNotAllowed", f"Sub selection not allowed on leaf type {wrapped} of field {name}"
    return "SubSelectionRequired", f"Sub selection required for type {wrapped} of field {name}"


def _spread(problem: Problem) -> str:
    name = problem.detail.get("name")
    first = 1 if name else 0
    parent, given = _quoted(problem, first), _quoted(problem, first + 1)
    text = f"Fragment {name}" if name else "Fragment"
    return f"{text} cannot be spread here as objects of type {parent} can never be of type {given}"


def _unknown_argument(problem: Problem) -> str:
    on_directive = "on directive" in problem.message
    return f"Unknown {'directive' if on_directive else 'field'} argument {problem.detail.get('name', '')}"


def _variable_position(problem: Problem) -> str:
    return f"Variable type '{_quoted(problem, 1)}' doesn't match expected type '{_quoted(problem, 2)}'"


def _name(prefix: str, suffix: str = "") -> Callable[[Problem], str]:
    return lambda problem: f"{prefix}{problem.detail.get('name') or _quoted(problem, 0).lstrip('$')}{suffix}"


def _fixed(text: str) -> Callable[[Problem], str]:
    return lambda _: text


def _duplicate(kind: str) -> Callable[[Problem], str]:
    return lambda problem: f"There can be only one {kind} named '{_quoted(problem, 0).lstrip('$@')}'"


def _undefined_field(problem: Problem) -> str:
    return f"Field '{problem.detail.get('name', '')}' in type '{problem.detail.get('parent', '')}' is undefined"


_NAMED_BY_CASE: Final[dict[str, Callable[[Problem], tuple[str, str]]]] = {
    "ScalarLeafs": _leaf,
    "ProvidedRequiredArguments": _missing_argument,
    "KnownDirectives": _directive,
    "FragmentsOnCompositeTypes": _condition,
}
"""Rules that graphql-java has under several names."""

RULES: Final[dict[str, tuple[str, Callable[[Problem], str]]]] = {
    "FieldsOnCorrectType": ("FieldUndefined", _undefined_field),
    "NoSchemaIntrospectionCustom": ("FieldUndefined", _undefined_field),
    "KnownArgumentNames": ("UnknownArgument", _unknown_argument),
    "KnownFragmentNames": ("UndefinedFragment", lambda problem: f"Undefined fragment {_quoted(problem, 0)}"),
    "KnownTypeNames": ("UnknownType", lambda problem: f"Unknown type {_quoted(problem, 0)}"),
    "LoneAnonymousOperation": (
        "LoneAnonymousOperationViolation",
        _fixed("Anonymous operation with other operations."),
    ),
    "NoFragmentCycles": ("FragmentCycle", _fixed("Fragment cycles found")),
    "NoUndefinedVariables": ("UndefinedVariable", _name("Undefined variable ")),
    "NoUnusedFragments": ("UnusedFragment", lambda problem: f"Unused fragment {_quoted(problem, 0)}"),
    "NoUnusedVariables": ("UnusedVariable", lambda problem: f"Unused variable {_quoted(problem, 0).lstrip('$')}"),
    "OverlappingFieldsCanBeMerged": ("FieldsConflict", _conflict),
    "PossibleFragmentSpreads": ("InvalidFragmentType", _spread),
    "ValuesOfCorrectType": ("WrongType", _wrong_type),
    "VariablesAreInputTypes": ("NonInputTypeOnVariable", _fixed("Wrong type for a variable")),
    "VariablesInAllowedPosition": ("VariableTypeMismatch", _variable_position),
    "UniqueOperationNames": ("DuplicateOperationName", _duplicate("operation")),
    "UniqueFragmentNames": ("DuplicateFragmentName", _duplicate("fragment")),
    "UniqueVariableNames": ("DuplicateVariableName", _duplicate("variable")),
    "UniqueArgumentNames": ("DuplicateArgumentNames", _duplicate("argument")),
    "UniqueDirectivesPerLocation": ("DuplicateDirectiveName", _duplicate("directive")),
    "ExecutableDefinitions": ("NonExecutableDefinition", _fixed("The definition is not executable")),
}
"""graphql-core's rule → graphql-java's type of error and its words."""


def _variable_null(problem: Problem) -> str:
    return f"Variable '{problem.detail['variable']}' has coerced Null value for NonNull type '{problem.detail['type']}'"


def _invalid(problem: Problem, text: str) -> str:
    return f"Variable '{problem.detail['variable']}' has an invalid value. {text}"


_JAVA_KINDS: Final = {
    "boolean": "Boolean",
    "integer": "Integer",
    "number": "Double",
    "string": "String",
    "list": "ArrayList",
    "object": "LinkedHashMap",
}


def _variable_scalar(problem: Problem) -> str:
    cause = problem.detail.get("cause")
    if cause:
        return _invalid(problem, cause)
    given = _JAVA_KINDS.get(problem.detail["value"], "Object")
    return _invalid(problem, f"Expected type '{problem.detail['named']}' but was '{given}'.")


def _variable_object(problem: Problem) -> str:
    given = _JAVA_KINDS.get(problem.detail["value"], "Object")
    text = f"Expected type 'Map' but was '{given}'. Variables for input objects must be an instance of type 'Map'."
    return _invalid(problem, text)


def _variable_enum(problem: Problem) -> str:
    given = problem.detail.get("given", "")
    return _invalid(problem, f"Invalid input for Enum '{problem.detail['named']}'. No value found for name '{given}'")


_REQUESTS: Final[dict[str, Callable[[Problem], str]]] = {
    "VariableNull": _variable_null,
    "VariableUnknownField": lambda problem: (
        f"The variables input contains a field that is not defined for input object type '{problem.detail['named']}'"
    ),
    "VariableNotAnObject": _variable_object,
    "VariableEnum": _variable_enum,
    "VariableScalar": _variable_scalar,
    "Operation": lambda problem: (
        f"Unknown operation named '{problem.detail['name']}'."
        if problem.detail["name"]
        else "Must provide operation name if query contains multiple operations."
    ),
    "TooDeep": lambda problem: f"Query depth limit exceeded. The limit is {problem.detail.get('limit', '100')}.",
    "TooMany": lambda problem: f"{problem.message}.",
    "Subscription": _fixed("Subscriptions are served over a WebSocket only."),
}


def refused(problem: Problem) -> str:
    """Give the words for a problem that keeps a request from being executed."""
    known, by_case = RULES.get(problem.kind), _NAMED_BY_CASE.get(problem.kind)
    if known is None and by_case is None:
        words = _REQUESTS.get(problem.kind)
        return problem.message if words is None else words(problem)
    kind, text = by_case(problem) if by_case is not None else (known[0], known[1](problem))  # type: ignore[index]  # one is
    trail = f" @ '{'/'.join(problem.trail)}'" if problem.trail else ""
    return f"Validation error of type {kind}: {text}{trail}"


def places(problem: Problem) -> tuple[Location, ...]:
    """Give the places in the query that the service names."""
    if problem.kind == "VariableUnknownField":
        return ()
    # graphql-java names where the variable is used, graphql-core its definition before that.
    return problem.locations[-1:] if problem.kind == "VariablesInAllowedPosition" else problem.locations


def path_text(path: tuple[str | int, ...] | None) -> str:
    """Give a path as the service writes it in messages: `/list/items[0]/id`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path or ())


_COMPLETED: Final[dict[str, str]] = {
    "NullForNonNull": "Cannot return null for non-nullable type: '{type}' within parent '{parent}' ({path})",
    "NotAList": "Can't resolve value ({path}) : type mismatch error, expected type LIST",
    "BadLeaf": "Can't serialize value ({path}) : {cause}",
    "BadEnum": "Can't serialize value ({path}) : Invalid input for Enum '{type}'. No value found for name '{given}'",
    "TooManyResolvers": "Resolver count limit exceeded. The limit is {limit}.",
}
"""Words for values that do not fit; all but the last two are recorded."""


def completed(problem: Problem) -> str:
    """Give the words for a value that does not fit its field's type."""
    words = _COMPLETED.get(problem.kind)
    if words is None:
        return problem.message
    detail = dict(problem.detail) | {"path": path_text(problem.path)}
    if problem.kind == "NullForNonNull":
        detail["type"] = detail.get("type") or "null"  # a list has no name, and the server prints its name (recorded)
    return words.format_map(_Known(detail))


class _Known(dict[str, str]):
    """Names in a text, those that are missing as nothing."""

    def __missing__(self, key: str) -> str:
        return ""
