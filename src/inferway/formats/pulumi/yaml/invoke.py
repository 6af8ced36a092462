"""Calls of providers' functions: `fn::invoke`, and its short form `fn::aws:getRegion`."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Node, Table, node_of, plain
from inferway.formats.pulumi.invokes import INVOKES, Surroundings, answered
from inferway.formats.pulumi.naming import placeholder
from inferway.formats.pulumi.yaml import standard_files
from inferway.formats.pulumi.yaml.evaluation import Evaluation
from inferway.formats.pulumi.yaml.interpolation import Access, BadAccess, parts
from inferway.formats.pulumi.yaml.scope import Made
from inferway.formats.pulumi.yaml.standard import STANDARD
from inferway.formats.pulumi.yaml.suggestion import meant
from inferway.formats.pulumi.yaml.tokens import canonical, package
from inferway.formats.pulumi.yaml.values import Value, failed, keyed, measured, spelt
from inferway.formats.report import Standing

_FIELDS: Final = ("function", "arguments", "options", "return")

Function = Callable[[Mapping[str, object], Surroundings], Mapping[str, object]]


def invoke(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Call the function that the argument names, and give its result or one field of it."""
    node = argument.value
    if not isinstance(node, Table):
        evaluation.report.error(argument, "bad-argument", f"fn::{name} takes a mapping with function and arguments")
        return failed(argument)
    fields = {key.lower(): entry for key, entry in node.entries.items()}
    for key, entry in node.entries.items():
        if key.lower() not in _FIELDS:
            evaluation.report.error(entry, "unknown-field", f"fn::{name} has no {key}{meant(key, _FIELDS)}")
            return failed(argument)
    token = _literal(fields.get("function"))
    if not token:
        evaluation.report.error(argument, "bad-argument", f"fn::{name} needs the name of a function")
        return failed(argument)
    provider = keyed(fields["options"].value, "provider") if "options" in fields else None
    result = _called(evaluation, token, fields.get("arguments"), argument, referred(provider))
    wanted = _literal(fields.get("return"))
    if result.failed or not wanted:
        return result
    held = keyed(result.node, wanted)
    if held is None and result.unknown:
        held = node_of(placeholder(result.unknown, wanted), argument.line, argument.column)
    if held is None:
        known = result.node.entries if isinstance(result.node, Table) else ()
        evaluation.report.error(fields["return"], "unknown-output", f"{token} gives no {wanted}{meant(wanted, known)}")
        return failed(argument)
    return Value(node=held, size=measured(held), secret=result.secret)


def shorthand(evaluation: Evaluation, token: str, argument: Entry) -> Value:
    """Call a function by its token, with a mapping of arguments."""
    return _called(evaluation, token, argument, argument, "")


def referred(node: Node | None) -> str:
    """Give the name that a text consisting of one reference alone refers to; "" for anything else."""
    if not (isinstance(node, Leaf) and isinstance(node.value, str)):
        return ""
    try:
        pieces = parts(node.value)
    except BadAccess:
        return ""
    alone = pieces[0] if len(pieces) == 1 else ""
    return alone.name if isinstance(alone, Access) and not alone.steps else ""


def _called(evaluation: Evaluation, token: str, given: Entry | None, at: Standing, provider: str) -> Value:
    whole = canonical(token)
    value = evaluation.value(given.value) if given else Value(node=node_of({}, at.line, at.column))
    if value.failed:
        return failed(at)
    arguments = plain(value.node)
    surroundings = evaluation.surroundings
    made = evaluation.scope.find(provider or evaluation.defaults.get(package(token), ""))
    if isinstance(made, Made) and made.region:
        surroundings = msgspec.structs.replace(surroundings, region=made.region)
    given_arguments = arguments if isinstance(arguments, dict) else {}
    function = answered(whole) or STANDARD.get(whole)
    if function is not None:
        result = _result(evaluation, (token, function), given_arguments, surroundings, at)
    elif whole in standard_files.TOKENS:
        result = _of_file(evaluation, whole, given_arguments, at)
    else:
        return _looked_up(evaluation, token, given_arguments, surroundings, at)
    if result is None:
        return failed(at)
    node = node_of(result, at.line, at.column)
    return Value(node=node, size=measured(node), secret=value.secret)


def _looked_up(
    evaluation: Evaluation, token: str, arguments: Mapping[str, object], surroundings: Surroundings, at: Standing
) -> Value:
    """Look up what exists; what nothing here knows are stand-ins, as in programs of other languages."""
    whole = canonical(token)
    found = evaluation.look_up(whole, arguments, surroundings)
    if found is None:
        hint = meant(whole, (*INVOKES, *STANDARD, *standard_files.TOKENS))
        text = f"the function {token} has no answer here; what it gives are stand-ins{hint}"
        evaluation.report.warning(at, "unknown-invoke", text)
    node = node_of(found if found is not None else arguments, at.line, at.column)
    return Value(node=node, size=measured(node), unknown=whole.rpartition(":")[2])


def _result(
    evaluation: Evaluation,
    named: tuple[str, Function],
    arguments: Mapping[str, object],
    surroundings: Surroundings,
    at: Standing,
) -> Mapping[str, object] | None:
    try:
        return named[1](arguments, surroundings)
    except (ValueError, AttributeError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        told = f"{named[0]} cannot read its arguments: {type(error).__name__}: {error}"[:300]
        evaluation.report.error(at, "bad-invoke", told)
        return None


def _of_file(
    evaluation: Evaluation, token: str, arguments: Mapping[str, object], at: Standing
) -> Mapping[str, object] | None:
    """Read a file. A hash of what is not there, such as code that is still to be built, is empty."""
    name = arguments.get("input")
    try:
        path = (evaluation.folder / str(name)).resolve()
        made = standard_files.result(token, path)
    except standard_files.NoFileError as error:
        say = evaluation.report.error if error.matters else evaluation.report.warning
        say(at, "no-such-file", error.text)
        return None if error.matters else {"result": ""}
    except (OSError, ValueError) as error:
        evaluation.report.error(at, "bad-invoke", f"{token} cannot read {name!r}: {error}"[:300])
        return None
    evaluation.files[path] = None
    return {"result": made}


def _literal(entry: Entry | None) -> str:
    return (spelt(entry.value) or "") if entry else ""
