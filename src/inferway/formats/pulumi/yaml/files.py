"""Files that a program reads, and assets and archives that it names."""

from pathlib import Path
from typing import Final

from inferway.formats.document import read_text
from inferway.formats.nodes import Entry, Leaf, SyntaxFault, Table, node_of, plain
from inferway.formats.pulumi.yaml.arguments import text, written
from inferway.formats.pulumi.yaml.evaluation import Evaluation
from inferway.formats.pulumi.yaml.values import Value, bounded, failed
from inferway.formats.resources import ARCHIVE, ASSET

_ASSETS: Final = "assets"


def read_file(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give a file's text. One outside of the program's folder must be named by a constant absolute path."""
    value = text(evaluation, name, argument)
    if value is None:
        return failed(argument)
    path = Path(written(value.node))
    constant = isinstance(argument.value, Leaf) and argument.value.value == written(value.node)
    try:
        file = (evaluation.folder / path).resolve()
        inside = file.is_relative_to(evaluation.folder.resolve())
        if not (inside or (path.is_absolute() and constant)):
            told = f"{path} stands outside of the program's folder; write its whole path, without a reference in it"
            evaluation.report.error(argument, "path-outside", told)
            return failed(argument)
        if not file.is_file():
            evaluation.report.error(argument, "no-such-file", f"there is no file {file}")
            return failed(argument)
        held = read_text(file)
    except (OSError, ValueError) as error:
        evaluation.report.error(argument, "unreadable", f"the file cannot be read: {error}"[:300])
        return failed(argument)
    except SyntaxFault as fault:
        evaluation.report.error(argument, fault.code, f"{file}: {fault.text}")
        return failed(argument)
    evaluation.files[file] = None
    # Its lines are its own: what dialects find in it is told there.
    bounded(len(held), argument)
    leaf = Leaf(value=held, line=1, column=1, block=True, file=evaluation.report.shown(str(file)))
    return Value(node=leaf, size=len(held), secret=value.secret)


def string_asset(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give an asset with a text in it."""
    value = text(evaluation, name, argument)
    return failed(argument) if value is None else _made(ASSET, {"text": written(value.node)}, argument, value)


def remote_asset(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give an asset that stands at a URI."""
    value = text(evaluation, name, argument)
    return failed(argument) if value is None else _made(ASSET, {"uri": written(value.node)}, argument, value)


def remote_archive(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give an archive that stands at a URI."""
    value = text(evaluation, name, argument)
    return failed(argument) if value is None else _made(ARCHIVE, {"uri": written(value.node)}, argument, value)


def file_asset(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give an asset that is a file here."""
    return _local(evaluation, name, argument, ASSET)


def file_archive(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give an archive that is a folder, a zip or a tar archive here."""
    return _local(evaluation, name, argument, ARCHIVE)


def asset_archive(evaluation: Evaluation, name: str, argument: Entry) -> Value:
    """Give an archive of assets and archives, by their path in it."""
    if not isinstance(argument.value, Table):
        evaluation.report.error(argument, "bad-argument", f"fn::{name} takes a mapping of paths to assets and archives")
        return failed(argument)
    value = evaluation.mapping(argument.value)
    if value.failed or not isinstance(value.node, Table):
        return failed(argument)
    for path, entry in value.node.entries.items():
        kinds = set(entry.value.entries) if isinstance(entry.value, Table) else set()
        if len(kinds) != 1 or not kinds <= {ASSET, ARCHIVE}:
            evaluation.report.error(entry, "bad-argument", f"{path} in fn::{name} is neither an asset nor an archive")
            return failed(argument)
    return _made(ARCHIVE, {_ASSETS: plain(value.node)}, argument, value)


def _local(evaluation: Evaluation, name: str, argument: Entry, kind: str) -> Value:
    value = text(evaluation, name, argument)
    if value is None:
        return failed(argument)
    try:
        path = (evaluation.folder / written(value.node)).resolve()
        there = path.is_file() or (kind == ARCHIVE and path.is_dir())
    except (OSError, ValueError) as error:
        evaluation.report.error(argument, "unreadable", f"the file cannot be read: {error}"[:300])
        return failed(argument)
    if not there:
        what = "file" if kind == ASSET else "folder or archive"
        evaluation.report.warning(argument, "no-such-file", f"there is no {what} {path}")
    return _made(kind, {"path": str(path)}, argument, value)


def _made(kind: str, held: dict[str, object], argument: Entry, value: Value) -> Value:
    node = node_of({kind: held}, argument.line, argument.column)
    return Value(node=node, size=value.size, secret=value.secret)
