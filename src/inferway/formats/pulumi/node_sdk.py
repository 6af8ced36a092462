"""What a provider's Node.js SDK declares, read from its type declarations; nothing of it is loaded.

Pulumi's code generator (https://github.com/pulumi/pulumi/tree/master/pkg/codegen/nodejs) writes a file per resource,
whose class declares the outputs and whose interface `<Class>Args` the inputs; a token `aws:iam/role:Role` says which.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inferway.formats.pulumi.function_results import node_result
from inferway.formats.pulumi.sdk import Declaration, DeclaredOutput, Input, Kind

_SCOPES: Final = ("@pulumi", "@pulumiverse")
_MEMBER: Final = re.compile(r"^    (readonly )?(\w+)(\?)?: (pulumi\.(?:Output|Input)<.*?>);$", re.MULTILINE | re.DOTALL)
_TEXT: Final = "pulumi.Output<string>"
_OUTPUT: Final = "pulumi.Output<"
_TYPES: Final = re.compile(r"(?:inputs|outputs|enums)\.(?:\w+\.)*(\w+)")


class NodeSdk:
    """The SDKs in `folders`, each a `node_modules`, nearest first."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders
        self._known: dict[str, Declaration | None] = {}

    def resource(self, token: str) -> Declaration | None:
        """Give the class of a resource type such as `aws:iam/role:Role`; None where no SDK at hand declares it."""
        if token not in self._known:
            self._known[token] = self._find(token)
        return self._known[token]

    def result(self, token: str) -> Mapping[str, bool]:
        """Give what a function such as `aws:iam/getRole:getRole` gives back, and which of it is always a text."""
        return node_result(self._folders, token)

    def _find(self, token: str) -> Declaration | None:
        package, _, rest = token.partition(":")
        module, _, name = rest.partition(":")
        if not name.isidentifier() or ".." in module:
            return None
        stem = name[:1].lower() + name[1:]
        within = module.removeprefix("index/").removeprefix("index")
        for folder in self._folders:
            for scope in _SCOPES:
                root = folder / scope / package
                # a module `iam/role` names the file itself, one without a slash only its folder
                for file in (root / f"{within}.d.ts", root / within / f"{stem}.d.ts"):
                    if within != stem and file.is_file():
                        return _declared(token, name, file)
                    if within == stem and (root / f"{stem}.d.ts").is_file():
                        return _declared(token, name, root / f"{stem}.d.ts")
        return None


def _declared(token: str, name: str, file: Path) -> Declaration | None:
    text = file.read_text("utf-8", "replace")
    outputs = {
        member: DeclaredOutput(name=member, wire=member, is_text=kind == _TEXT, summary="")
        for member, kind, _ in _members(text, rf"^export declare class {name} extends .*\{{$")
        if kind.startswith(_OUTPUT)
    }
    if not outputs and f"class {name} " not in text:
        return None
    inputs: Mapping[str, Input] = {
        member: Input(
            name=member,
            wire=member,
            required=not optional,
            types=tuple(_TYPES.findall(kind)),
        )
        for member, kind, optional in _members(text, rf"^export interface {name}Args \{{$")
    }
    return Declaration(
        name=name, module=token.rpartition(":")[0], kind=Kind.RESOURCE, token=token, inputs=inputs, outputs=outputs
    )


def _members(text: str, head: str) -> list[tuple[str, str, bool]]:
    """Give the name and type of each member of a class or interface, and whether it may be left out."""
    found = re.search(head, text, re.MULTILINE)
    if found is None:
        return []
    end = text.find("\n}", found.end())
    return [(name, kind, bool(optional)) for _, name, optional, kind in _MEMBER.findall(text, found.end(), end)]
