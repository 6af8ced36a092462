"""Snippets that `AWS::Include` puts into a template, from files beside it.

Sources: CloudFormation, "AWS::Include transform" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/transform-aws-include.html): a snippet is a mapping, includes no other, and knows no short forms;
AWS CLI, "cloudformation package" (https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html):
its `Location` may be a path, relative to the template.
"""

from pathlib import Path
from typing import Final

from inferway.formats.cloudformation.budget import Budget
from inferway.formats.cloudformation.local_files import LocalFiles
from inferway.formats.cloudformation.short_forms import expand
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.document import read_document
from inferway.formats.nodes import Node, SyntaxFault, Table, included, table
from inferway.formats.report import Report

INCLUDE: Final = "AWS::Include"


class Includes:
    """Reads each snippet once."""

    def __init__(self, files: LocalFiles, report: Report, budget: Budget) -> None:
        self._files = files
        self._budget = budget
        self._report = report
        self._read: dict[Path, Table] = {}

    def load(self, location: str, at: Node) -> Table:
        """Give the snippet at a location; raises Unresolved where it is not here."""
        if "://" in location:
            text = (
                f"the snippet {location[:200]} lies in the cloud; name a file here, relative to the template's folder"
            )
            raise Unresolved("unserved-include", text, at)
        path = self._files.find(location, at, folders=False)
        if path is None:
            raise Unresolved("", "", at)
        if path not in self._read:
            self._budget.read(path, at)
            self._read[path] = self._snippet(path, at)
        return self._read[path]

    def _snippet(self, path: Path, at: Node) -> Table:
        short: list[Node] = []

        def tagged(name: str, node: Node) -> Node | None:
            made = expand(name, node)
            if made is not None:
                short.append(node)
            return made

        try:
            root = read_document(path, tagged)
        except SyntaxFault as fault:
            self._report.absorb((fault.finding(str(path)),), at)
            return table({}, at.line, at.column, at.file)
        if not isinstance(root, Table):
            raise Unresolved("bad-include", f"the snippet {path.name} must be a mapping", at)
        snippet = included(root, str(path))
        if short:
            place = included(short[0], str(path))
            text = "CloudFormation takes no short forms such as !Ref in an included snippet; they are read here"
            self._report.warning(place, "short-form-in-include", text)
        assert isinstance(snippet, Table)  # noqa: S101 - it is a copy of one
        return snippet
