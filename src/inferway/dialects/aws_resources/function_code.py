"""Where the code of functions and layers is here.

Sources: CloudFormation Template Reference, "AWS::Lambda::Function Code" and "AWS::Lambda::LayerVersion Content";
https://www.pulumi.com/docs/iac/concepts/assets-archives/.
"""

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from inferway.definition.bindings import CodePart
from inferway.dialects.aws_resources.resource_type import is_pulumi
from inferway.formats.cursor import Cursor
from inferway.formats.presence import exists
from inferway.formats.resources import ARCHIVE, ASSET, LOCAL_PATH, Resource, ResourceGraph

_OBJECTS: Final = ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")
_INLINE: Final = {"python": "index.py", "nodejs": "index.js"}
"""The file that inline code becomes, by the start of the runtime's name."""

_RESPONSE_MODULES: Final = ("cfnresponse", "cfn-response")
_DEEPEST: Final = 32


class CodeFinder:
    """Finds code by what functions and layers say of it; reports what cannot be found, and what is not there."""

    def __init__(self, graph: ResourceGraph) -> None:
        self._objects = {
            (resource.properties.get("bucket"), resource.properties.get("key")): resource.properties
            for resource in graph.resources
            if resource.type in _OBJECTS and isinstance(resource.properties.get("key"), str)
        }

    def find(self, resource: Resource, properties: Cursor, name: str = "Code") -> tuple[CodePart, ...]:
        """Give the parts of the code of a function, or of a layer's content, which is its `name`; none if not here."""
        if is_pulumi(resource):
            place, parts = self._of_pulumi(properties)
        else:
            place, parts = self._of_template(properties, name)
        for part in parts:
            if part.path and not exists(Path(part.path)):
                place.error("code-missing", f"the code of {resource.name} is not there: {part.path}")
                return ()
        return parts

    def _of_template(self, properties: Cursor, name: str) -> tuple[Cursor, tuple[CodePart, ...]]:
        code = properties[name]
        inline = code["ZipFile"].text() if name == "Code" else ""
        if code[LOCAL_PATH].text():
            return code, (CodePart(path=code[LOCAL_PATH].text()),)
        return (code["ZipFile"], _inline(code["ZipFile"], properties["Runtime"].text())) if inline else (code, ())

    def _of_pulumi(self, properties: Cursor) -> tuple[Cursor, tuple[CodePart, ...]]:
        code = properties["code"]
        if code.value:
            return code, tuple(_parts(code.value, ""))
        key = properties["s3Key"]
        stored = self._objects.get((properties["s3Bucket"].value, key.value), {})
        content = stored.get("source") or stored.get("content")
        # Text content would be the archive's own bytes, which no program writes out.
        return key, tuple(_parts(content, "")) if isinstance(content, Mapping) else ()


def origin_of(resource: Resource, properties: Cursor, name: str = "Code") -> str:
    """Say where code that is not here is said to be; "" where nothing is said."""
    holder = properties if is_pulumi(resource) else properties[name]
    keys = ("s3Bucket", "s3Key") if is_pulumi(resource) else ("S3Bucket", "S3Key")
    bucket, key = (holder[key].text() for key in keys)
    return f"s3://{bucket}/{key}" if bucket or key else ""


def _inline(code: Cursor, runtime: str) -> tuple[CodePart, ...]:
    """Give inline code as the file that the service makes of it."""
    file = next((file for family, file in _INLINE.items() if runtime.startswith(family)), "")
    if not file:
        text = f"inline code is for Python and Node.js only, not for the runtime {runtime!r}"
        code.error("inline-runtime", text)
        return ()
    text = code.text()
    module = next((module for module in _RESPONSE_MODULES if module in text), "")
    if module:
        code.note("response-module", f"the module {module} is not here; it answers a stack, which is not made")
    return (CodePart(text=text, at=file),)


def _parts(value: object, at: str, depth: int = 0) -> Iterator[CodePart]:
    """Give the files and folders of an asset or an archive; of one that is elsewhere, nothing."""
    held = value.get(ARCHIVE, value.get(ASSET)) if isinstance(value, Mapping) else None
    if isinstance(held, str) or (isinstance(value, str) and value):
        yield CodePart(path=str(held or value), at=at)
    if not isinstance(held, Mapping) or depth > _DEEPEST:
        return
    path, text, assets = held.get("path"), held.get("text"), held.get("assets")
    if isinstance(path, str) and path:
        yield CodePart(path=path, at=at)
    elif isinstance(text, str):
        yield CodePart(text=text, at=at)
    elif isinstance(assets, Mapping):
        for name, asset in assets.items():
            inner = posixpath.normpath(posixpath.join(at, str(name)))
            yield from _parts(asset, "" if inner == "." else inner, depth + 1)
