"""What a provider's function gives back, by the SDK's text: names as on the wire, and which are always texts."""

import keyword
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GETTER: Final = re.compile(
    r'^    @pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @.*\n)*    def (\w+)\(self\) -> (.*):$', re.MULTILINE
)
_TEXTS: Final = frozenset(("_builtins.str", "builtins.str", "str"))
"""How code generators of different releases write a text's type."""
_MEMBER: Final = re.compile(r"^    readonly (\w+)(\??): (.*)$", re.MULTILINE)
_SCOPES: Final = ("@pulumi", "@pulumiverse")


def python_result(paths: Iterable[Path], token: str) -> Mapping[str, bool]:
    """Give the result of a function of a Python SDK on one of the paths; empty where none declares it."""
    package, folder, name = _parts(token)
    within = [f"{part}_" if keyword.iskeyword(part) else part for part in folder]
    file = Path(f"pulumi_{package.replace('-', '_')}", *within, f"{_SNAKE.sub('_', name).lower()}.py")
    text = _first(path / file for path in paths)
    start = text.find(f"class {name[:1].upper()}{name[1:]}Result:")
    block = text[start : text.find("\nclass ", start + 1)] if start >= 0 else ""
    return {wire or spelt: kind in _TEXTS for wire, spelt, kind in _GETTER.findall(block)}


def node_result(folders: Iterable[Path], token: str) -> Mapping[str, bool]:
    """Give the result of a function of a Node.js SDK in one of the folders; empty where none declares it."""
    package, folder, name = _parts(token)
    files = (root / scope / package / Path(*folder, f"{name}.d.ts") for root in folders for scope in _SCOPES)
    text = _first(files)
    start = text.find(f"export interface {name[:1].upper()}{name[1:]}Result {{")
    block = text[start : text.find("\n}", start)] if start >= 0 else ""
    return {wire: not optional and kind == "string;" for wire, optional, kind in _MEMBER.findall(block)}


def _parts(token: str) -> tuple[str, list[str], str]:
    """Give package, folders and name of `aws:ec2/getAmi:getAmi` or `azure-native:apimanagement:getApi`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    folders = [part for part in module.split("/") if part not in {"index", name, "", ".", ".."}]
    return package, folders, name if name.isidentifier() else "_"


def _first(files: Iterable[Path]) -> str:
    found = next((file for file in files if file.is_file()), None)
    return found.read_text("utf-8", "replace") if found else ""
