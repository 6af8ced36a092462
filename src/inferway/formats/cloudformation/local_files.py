"""Local files and folders that a template names where the service wants them in a bucket.

Source: AWS CLI, "cloudformation package" (https://docs.aws.amazon.com/cli/latest/reference/cloudformation/
package.html), which uploads what these properties name; a relative path is relative to the template's folder. The
CDK's command line marks a property in the same way, in the resource's metadata: `aws:asset:path` and
`aws:asset:property` (https://docs.aws.amazon.com/cdk/v2/guide/assets.html, "Assets and resource metadata").
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inferway.formats.cloudformation.scope import PLACEHOLDER
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry, Leaf, Node, Table, table
from inferway.formats.report import Report
from inferway.formats.resources import LOCAL_PATH

_TEMPLATES: Final = (("RequestMappingTemplateS3Location",), ("ResponseMappingTemplateS3Location",))

PROPERTIES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "AWS::ApiGateway::RestApi": (("BodyS3Location",),),
    "AWS::ApiGatewayV2::Api": (("BodyS3Location",),),
    "AWS::AppSync::FunctionConfiguration": (("CodeS3Location",), *_TEMPLATES),
    "AWS::AppSync::GraphQLSchema": (("DefinitionS3Location",),),
    "AWS::AppSync::Resolver": (("CodeS3Location",), *_TEMPLATES),
    "AWS::CloudFormation::Stack": (("TemplateURL",),),
    "AWS::CodeCommit::Repository": (("Code", "S3"),),
    "AWS::ElasticBeanstalk::ApplicationVersion": (("SourceBundle",),),
    "AWS::Glue::Job": (("Command", "ScriptLocation"),),
    "AWS::Lambda::Function": (("Code",),),
    "AWS::Lambda::LayerVersion": (("Content",),),
    "AWS::StepFunctions::StateMachine": (("DefinitionS3Location",),),
}
"""Paths of the properties, by the type of their resource."""

_FOLDERS: Final = frozenset({"Code", "Content", "S3", "SourceBundle"})
"""Properties that may name a folder, or an archive of one; the others are documents."""

_ASSET_PATH: Final = "aws:asset:path"
_ASSET_PROPERTY: Final = "aws:asset:property"


class LocalFiles:
    """Finds the files that a template names, and remembers the documents among them."""

    def __init__(self, report: Report) -> None:
        self._folder = Path(report.file).parent
        self._report = report
        self._found: dict[Path, None] = {}

    @property
    def found(self) -> tuple[Path, ...]:
        """The documents that were found, each once."""
        return tuple(self._found)

    def find(self, name: str, at: Node, *, folders: bool = True) -> Path | None:
        """Give the file, or the folder where those may be, that a text names; None, with an error, where is none."""
        path = self.look(name, folders=folders)
        if path is None:
            what = "file or folder" if folders else "file"
            text = f"there is no {what} {name[:200]!r}; a path is relative to the template's folder"
            self._report.error(at, "no-such-file", text)
        return path

    def look(self, name: str, *, folders: bool) -> Path | None:
        """Give the file, or the folder where those may be, that a text names, if there is one."""
        path = Path(os.path.abspath(self._folder / name))  # noqa: PTH100 - a symbolic link stays one
        try:
            exists = path.exists() if folders else path.is_file()
        except (OSError, ValueError):
            exists = False
        if exists and not folders:
            self._found[path] = None
        return path if exists else None


def located(properties: Table, kind: str, metadata: Node | None, files: LocalFiles) -> Table:
    """Give a resource's resolved properties with the paths in them beside, or in place of, what names a bucket."""
    for path in PROPERTIES.get(kind, ()):
        properties = _replaced(properties, path, files)
    asset, name = (text_of(part(metadata, key)) if metadata else None for key in (_ASSET_PATH, _ASSET_PROPERTY))
    if metadata is not None and asset and name and name in properties.entries:
        # Where it is not here, its bucket and key still say where it is.
        found = files.look(asset, folders=name in _FOLDERS)
        if found is not None:
            properties = _beside(properties, name, found)
    return properties


def is_local(text: str) -> bool:
    """Whether a text names a file or folder here, not a URL or what could not be resolved."""
    return bool(text) and "://" not in text and not text.startswith((PLACEHOLDER, "arn:"))


def _replaced(properties: Table, path: tuple[str, ...], files: LocalFiles) -> Table:
    entry = properties.entries.get(path[0])
    if entry is None:
        return properties
    if len(path) > 1:
        made: Node = entry.value
        if isinstance(made, Table):
            made = _replaced(made, path[1:], files)
        return _with(properties, path[0], made)
    value = entry.value
    if not isinstance(value, Leaf) or not isinstance(value.value, str) or not is_local(value.value):
        return properties
    found = files.find(value.value, value, folders=path[-1] in _FOLDERS)
    return properties if found is None else _with(properties, path[0], _path(found, value))


def _beside(properties: Table, name: str, path: Path) -> Table:
    value = properties.entries[name].value
    made = _path(path, value)
    if isinstance(value, Table):
        made = table({**value.entries, **made.entries}, value.line, value.column, value.file)
    return _with(properties, name, made)


def _path(path: Path, at: Node) -> Table:
    leaf = Leaf(value=str(path), line=at.line, column=at.column, file=at.file)
    entry = Entry(line=at.line, column=at.column, value=leaf, file=at.file)
    return table({LOCAL_PATH: entry}, at.line, at.column, at.file)


def _with(properties: Table, name: str, value: Node) -> Table:
    old = properties.entries[name]
    entry = Entry(line=old.line, column=old.column, value=value, file=old.file)
    return table({**properties.entries, name: entry}, properties.line, properties.column, properties.file)
