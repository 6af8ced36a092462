"""The built-in functions.

https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/#built-in-functions. Their names were
written in other cases once, and still may be.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Sequence, node_of, sequence
from inferway.formats.pulumi.yaml import files
from inferway.formats.pulumi.yaml.arguments import pair, text, written
from inferway.formats.pulumi.yaml.evaluation import FUNCTION, Evaluation
from inferway.formats.pulumi.yaml.invoke import invoke, shorthand
from inferway.formats.pulumi.yaml.suggestion import meant
from inferway.formats.pulumi.yaml.values import Value, as_json, bounded, failed, measured, scalar, spelt

_TOKEN: Final = re.compile(r"[\w-]+:[\w/-]+(?::\w+)?")
_MOST_PIECES: Final = 100_000


def call(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Call a function by its name without `fn::`; one that does not exist is reported."""
    function = _FUNCTIONS.get(name.lower())
    if function is not None:
        return function(evaluation, name, argument)
    if _TOKEN.fullmatch(name):
        return shorthand(evaluation, name, argument)
    known = (f"{FUNCTION}{each}" for each in _NAMES)
    told = f"there is no function {FUNCTION}{name}{meant(FUNCTION + name, known)}"
    evaluation.report.error(argument, "unknown-function", told)
    return failed(argument)


def _join(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    given = pair(evaluation, name, argument, "the delimiter and the texts")
    if given is None:
        return failed(argument)
    delimiter, values = spelt(given[0].node), given[1].node
    pieces = [spelt(item) for item in values.items] if isinstance(values, Sequence) else [None]
    if delimiter is None or None in pieces:
        evaluation.report.error(argument, "bad-argument", f"fn::{name} joins a list of texts with a text")
        return failed(argument)
    texts = [piece or "" for piece in pieces]
    bounded(sum(len(piece) + len(delimiter) for piece in texts), argument)
    return scalar(delimiter.join(texts), argument, secret=given[0].secret)


def _split(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    given = pair(evaluation, name, argument, "the delimiter and the text")
    if given is None:
        return failed(argument)
    delimiter, source = written(given[0].node), written(given[1].node)
    count = source.count(delimiter)
    if count > _MOST_PIECES:
        evaluation.report.error(argument, "too-large", f"more than {_MOST_PIECES:,} pieces of a text")
        return failed(argument)
    pieces = source.split(delimiter) if delimiter else list(source)
    leaves = tuple(Leaf(value=piece, line=argument.line, column=argument.column) for piece in pieces)
    node = sequence(leaves, argument.line, argument.column)
    return Value(node=node, size=len(source), secret=given[0].secret)


def _select(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    given = pair(evaluation, name, argument, "the index and the values")
    if given is None:
        return failed(argument)
    index, values = spelt(given[0].node) or "", given[1].node
    count = len(values.items) if isinstance(values, Sequence) else 0
    if not (isinstance(values, Sequence) and index.isascii() and index.isdigit() and int(index[:9]) < count):
        told = f"fn::{name} takes an index, from 0 on, of a list; here the index is {index or 'none'} of {count} values"
        evaluation.report.error(argument, "bad-argument", told)
        return failed(argument)
    node = values.items[int(index[:9])]
    return Value(node=node, size=measured(node), secret=given[0].secret)


def _to_json(evaluation: Evaluation, _: str, argument: Entry) -> Value:
    value = evaluation.value(argument.value)
    return failed(argument) if value.failed else scalar(as_json(value.node), argument, secret=value.secret)


def _to_base64(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    value = text(evaluation, name, argument)
    if value is None:
        return failed(argument)
    encoded = base64.b64encode(written(value.node).encode("utf-8", "surrogatepass")).decode("ascii")
    return scalar(encoded, argument, secret=value.secret)


def _from_base64(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    value = text(evaluation, name, argument)
    if value is None:
        return failed(argument)
    try:
        decoded = base64.b64decode(written(value.node), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        evaluation.report.error(argument, "bad-argument", f"fn::{name} takes Base64 of a text in UTF-8")
        return failed(argument)
    return scalar(decoded, argument, secret=value.secret)


def _secret(evaluation: Evaluation, _: str, argument: Entry) -> Value:
    return msgspec.structs.replace(evaluation.value(argument.value), secret=True)


def _seconds(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    value = text(evaluation, name, argument)
    if value is None:
        return failed(argument)
    try:
        moment = datetime.fromisoformat(written(value.node))
        if moment.tzinfo is None:
            raise ValueError("no offset")  # noqa: TRY301 - RFC 3339 wants one, Python does not
        return scalar(int(moment.timestamp()), argument, secret=value.secret)
    except (ValueError, OverflowError):
        evaluation.report.error(argument, "bad-argument", f"fn::{name} takes a time such as 2026-01-31T12:00:00Z")
        return failed(argument)


def _stack_reference(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    given = pair(evaluation, name, argument, "the stack and the name of its output")
    if given is None:
        return failed(argument)
    stack, output = written(given[0].node), written(given[1].node)
    held = evaluation.stacks.find(stack)
    if held is None:
        evaluation.report.error(argument, "unknown-stack", evaluation.stacks.unknown(stack))
        return failed(argument)
    if output not in held:
        told = f"the stack {stack} has no output {output}{meant(output, held)}"
        evaluation.report.error(argument, "unknown-output", told)
        return failed(argument)
    node = node_of(held[output], argument.line, argument.column)
    return Value(node=node, size=measured(node))


_NAMES: Final[Mapping[str, Callable[[Evaluation, str, Entry], Value]]] = {
    "invoke": invoke,
    "join": _join,
    "split": _split,
    "select": _select,
    "toJSON": _to_json,
    "toBase64": _to_base64,
    "fromBase64": _from_base64,
    "secret": _secret,
    "readFile": files.read_file,
    "stringAsset": files.string_asset,
    "fileAsset": files.file_asset,
    "remoteAsset": files.remote_asset,
    "fileArchive": files.file_archive,
    "remoteArchive": files.remote_archive,
    "assetArchive": files.asset_archive,
    "stackReference": _stack_reference,
    "rfc3339ToUnix": _seconds,
}
_FUNCTIONS: Final = {name.lower(): function for name, function in _NAMES.items()}
