"""Local code and documents of a template, which the translator takes from a bucket only: swapped, and remembered.

Source: AWS SAM CLI, "sam package" (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/
sam-cli-command-reference-sam-package.html), which uploads them and swaps them the same way; a function that names no
code has the template's folder.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.document import read_text
from inferway.formats.nodes import Entry, Leaf, Node, SyntaxFault, Table
from inferway.formats.report import Report
from inferway.formats.resources import LOCAL_PATH
from inferway.formats.sam.builds import built, is_older
from inferway.formats.sam.source import API, FUNCTION, GRAPHQL, PREFIX, Declared, Source

_BUCKET: Final = "inferway-local"
_LOCATIONS: Final = {
    API: "DefinitionUri",
    FUNCTION: "CodeUri",
    f"{PREFIX}HttpApi": "DefinitionUri",
    f"{PREFIX}LayerVersion": "ContentUri",
    f"{PREFIX}StateMachine": "DefinitionUri",
    f"{PREFIX}WebFunction": "CodeUri",
}
"""The property that says where a resource's code or document lies."""

_BUILT: Final = frozenset((FUNCTION, f"{PREFIX}LayerVersion"))
_OTHER_CODE: Final = ("InlineCode", "ImageUri", "CodeUri")
_IMAGE: Final = "local/{}:latest"
_APPLICATION: Final = f"{PREFIX}Application"
_STACK: Final = "AWS::CloudFormation::Stack"

Resolve = Callable[[Node], str | None]
"""Gives the text that a part of the template stands for; None where it is none."""


def restored(value: object) -> object:
    """Give a translated value with the local path beside each key that stands for one."""
    if isinstance(value, list):
        return [restored(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    made = {key: restored(item) for key, item in value.items()}
    for bucket, key in (("S3Bucket", "S3Key"), ("Bucket", "Key")):
        if made.get(bucket) == _BUCKET:
            made[LOCAL_PATH] = unquote(str(made.get(key)))
    return made


class Locations:
    """Swaps local paths for keys of a bucket in a template's data."""

    def __init__(self, source: Source, resolve: Resolve, report: Report) -> None:
        self._source = source
        self._resolve = resolve
        self._report = report
        self.files: list[Path] = []
        self.texts: dict[str, Leaf] = {}
        """Texts of other files that were written into the template."""

    def swap(self, template: dict[str, Any]) -> None:
        """Change the template's data in place."""
        shared = template.get("Globals")
        for kind, name in _LOCATIONS.items():
            holder = shared.get(kind.removeprefix(PREFIX)) if isinstance(shared, dict) else None
            given = part(self._source.shared(kind) or self._source.root, name)
            if isinstance(holder, dict) and given is not None:
                self._location(holder, name, given)
        for declared in self._source.resources():
            resource = template["Resources"][declared.name]
            properties = resource.setdefault("Properties", {}) if isinstance(resource, dict) else None
            if isinstance(properties, dict):
                self._swap_in(declared, resource, properties)

    def _swap_in(self, declared: Declared, resource: dict[str, Any], properties: dict[str, Any]) -> None:
        if declared.type == GRAPHQL:
            self._inline(declared, properties)
        elif declared.type == _APPLICATION:
            self._nest(declared, resource, properties)
        elif declared.type in _LOCATIONS:
            self._code(declared, properties, _LOCATIONS[declared.type])

    def _code(self, declared: Declared, properties: dict[str, Any], name: str) -> None:
        shared = self._source.shared(declared.type)
        given = declared.node(name)
        if given is None and declared.type == FUNCTION:
            if self._is_image(declared, properties):
                return
            given = part(shared, name) if shared is not None else None
            if given is None and any(declared.node(other) is not None for other in _OTHER_CODE):
                return
            at = declared.at()
            given = given or Leaf(value=".", line=at.line, column=at.column)
        if given is None:
            return
        self._location(properties, name, given, declared)

    def _is_image(self, declared: Declared, properties: dict[str, Any]) -> bool:
        shared = self._source.shared(FUNCTION)
        holders = [node for node in (declared.properties, shared) if node is not None]
        if not any(text_of(part(node, "PackageType")) == "Image" for node in holders):
            return False
        if not any(part(node, "ImageUri") is not None for node in holders):
            properties["ImageUri"] = _IMAGE.format(declared.name.lower())  # `sam build` would make it
        return True

    def _location(self, holder: dict[str, Any], name: str, given: Node, declared: Declared | None = None) -> None:
        text = self._resolve(given)
        if text is None or "://" in text:
            return
        path = self._source.folder / text
        if declared is not None and declared.type in _BUILT:
            path = self._built(declared, path)
        elif _is_file(path):
            self.files.append(path)
        holder[name] = f"s3://{_BUCKET}/{quote(os.path.abspath(path), safe='')}"  # noqa: PTH100 - links stay links

    def _built(self, declared: Declared, path: Path) -> Path:
        """Give what `sam build` made of the code where that is newer, or where the code cannot run without it."""
        made = built(self._source.folder, declared.name)
        if made is None:
            return path
        at = declared.at(_LOCATIONS[declared.type])
        place = made.relative_to(self._source.folder)
        stale = is_older(self._source.folder, path)
        if not stale or self._needs_build(declared):
            text = f"{declared.name} runs from {place}, where `sam build` installed what it needs"
            self._report.note(at, "built-code", text)
            if stale:
                self._report.warning(at, "stale-build", f"the code is newer than {place}; run `sam build` again")
            return made
        text = f"{declared.name} runs from its source, which is newer than {place}; run `sam build` to run from there"
        self._report.warning(at, "stale-build", text)
        return path

    def _needs_build(self, declared: Declared) -> bool:
        method = part(part(declared.entry.value, "Metadata") or declared.entry.value, "BuildMethod")
        return method is not None

    def _nest(self, declared: Declared, resource: dict[str, Any], properties: dict[str, Any]) -> None:
        """Make a nested application a nested stack; the translator would ask a cloud for one of the repository."""
        location = declared.node("Location")
        text = self._resolve(location) if location is not None else None
        if isinstance(location, Table):
            named = properties["Location"].get("ApplicationId")
            text = f"serverlessrepo://{named if isinstance(named, str) else declared.name}"
        if text is None:
            return
        made = {key: value for key, value in properties.items() if key in {"Parameters", "Tags", "TimeoutInMinutes"}}
        made["TemplateURL"] = text
        resource |= {"Type": _STACK, "Properties": made}

    def _inline(self, declared: Declared, properties: dict[str, Any]) -> None:
        """Write a GraphQL API's schema and code where its template names their files."""
        self._inlined(properties, "SchemaUri", "SchemaInline", declared.at("SchemaUri"))
        for name, entry in declared.entries("Functions").items():
            self._inlined(_holder(properties, "Functions", name), "CodeUri", "InlineCode", entry)
        for kind, listed in declared.entries("Resolvers").items():
            for name, entry in listed.value.entries.items() if isinstance(listed.value, Table) else ():
                self._inlined(_holder(properties, "Resolvers", kind, name), "CodeUri", "InlineCode", entry)

    def _inlined(self, holder: object, uri: str, inline: str, at: Entry) -> None:
        given = holder.get(uri) if isinstance(holder, dict) else None
        if not isinstance(holder, dict) or not isinstance(given, str) or "://" in given:
            return
        path = self._source.folder / given
        try:
            text = read_text(path)
        except SyntaxFault as fault:
            self._report.error(at, "unreadable", f"{given}: {fault.text}")
            return
        self.files.append(path)
        del holder[uri]
        holder[inline] = text
        self.texts[text] = Leaf(value=text, line=1, column=1, block=True, file=str(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # too long for a name
        return False


def _holder(properties: object, *path: str) -> object:
    for step in path:
        properties = properties.get(step) if isinstance(properties, dict) else None
    return properties
