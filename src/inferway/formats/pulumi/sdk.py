"""What a provider's Python SDK declares, read from its source text; nothing of it is imported.

Pulumi's code generator (https://github.com/pulumi/pulumi/tree/master/pkg/codegen/python) writes every SDK in one shape:
a package `pulumi_<provider>`, in it a folder per module whose `__init__.py` imports one file per resource, and classes
whose `__init__` declares the inputs and whose `@pulumi.getter` properties declare the outputs. Reading the text of a
class takes a few milliseconds; importing its module takes 200.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.pulumi.function_results import python_result

_STARRED: Final = re.compile(r"^from \.(\w+) import \*$", re.MULTILINE)
_ALL: Final = re.compile(r"^__all__ = \[(.*?)\]", re.MULTILINE | re.DOTALL)
_QUOTED: Final = re.compile(r"'(\w+)'")
_NAMED_TYPE: Final = re.compile(r"'(?:[\w]+\.)*(\w+)'")
_TOKEN: Final = re.compile(r'^@pulumi\.type_token\("([^"]+)"\)\n\Z', re.MULTILINE)
_BLOCK_END: Final = re.compile(r"^(?=@|class |def |if |[A-Za-z_])", re.MULTILINE)
_MEMBER: Final = re.compile(r"^    ([A-Z_][A-Z0-9_]*) = ", re.MULTILINE)
_METHOD: Final = re.compile(r"^    def (\w+)\(", re.MULTILINE)
_GETTER: Final = re.compile(
    r'^    @pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @_utilities\.deprecated\("""(?s:.*?)"""\)\n)?'
    r'    def (\w+)\(self\) -> (.*):\n(?:        """\n\s*(.*?)\n)?',
    re.MULTILINE,
)
_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TEXT_OUTPUT: Final = re.compile(r"pulumi\.Output\[(?:_?builtins\.)?str\]")
_RESOURCE_BASES: Final = ("pulumi.CustomResource", "pulumi.ProviderResource", "pulumi.ComponentResource")


class Kind(StrEnum):
    """What a name of an SDK stands for."""

    RESOURCE = "resource"
    ARGUMENTS = "arguments"
    ENUMERATION = "enumeration"
    FUNCTION = "function"
    OTHER = "other"


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """A declared input: `name` as Python spells it, `wire` as Pulumi does.

    `types` are the SDK classes it may be, or, where there are `many`, the classes of its items,
    and where it is `keyed`, those of a mapping's values.
    """

    name: str
    wire: str
    required: bool
    types: tuple[str, ...]
    many: bool = False
    keyed: bool = False


class DeclaredOutput(msgspec.Struct, frozen=True, kw_only=True):
    """A declared output; `is_text` where it is always a string; `summary` is the first line of its documentation."""

    name: str
    wire: str
    is_text: bool
    summary: str


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """One class or function of an SDK. `module` is dotted; `token` is the resource's type, "" where it has none."""

    name: str
    module: str
    kind: Kind
    token: str = ""
    inputs: Mapping[str, Input] = {}
    outputs: Mapping[str, DeclaredOutput] = {}
    members: tuple[str, ...] = ()
    methods: frozenset[str] = frozenset()

    def required(self) -> tuple[Input, ...]:
        """Give the inputs that must be there."""
        return tuple(declared for declared in self.inputs.values() if declared.required)

    def wired(self, wire: str) -> Input | None:
        """Give the input that Pulumi knows by the name `wire`."""
        return next((declared for declared in self.inputs.values() if declared.wire == wire), None)


class Module:
    """A package or module folder of an SDK."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._known: dict[str, Declaration | None] = {}
        self._texts: dict[str, str] = {}

    @cached_property
    def closed(self) -> bool:
        """Whether all names of the module are known; not so where it takes in whatever another file has."""
        listed = all(_ALL.search(self._text(stem)) for stem in _STARRED.findall(self._text("__init__")))
        return listed and bool(self.names or self.imported)

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names that the module imports one by one, as `pulumi` itself does."""
        try:
            body = ast.parse(self._text("__init__")).body
        except SyntaxError:
            return frozenset()
        imports = (node for node in body if isinstance(node, ast.ImportFrom))
        names = (alias.asname or alias.name for node in imports for alias in node.names)
        return frozenset(name for name in names if not name.startswith("_"))

    @cached_property
    def submodules(self) -> frozenset[str]:
        """The names of the modules below this one."""
        below = {entry.name for entry in self._folder.iterdir() if (entry / "__init__.py").is_file()}
        return frozenset(below | {entry.stem for entry in self._folder.glob("[a-z]*.py")})

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every exported name with the file that declares it, without its suffix."""
        names: dict[str, str] = {}
        for stem in _STARRED.findall(self._text("__init__")):
            listed = _ALL.search(self._text(stem))
            names |= dict.fromkeys(_QUOTED.findall(listed[1]) if listed else (), stem)
        return names

    def find(self, name: str) -> Declaration | None:
        """Give what a name stands for, None where the module does not export it."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def names_of(self, kind: Kind) -> Iterator[str]:
        """Give the names whose spelling fits a kind; enumerations stand in `_enums`, arguments end in `Args`."""
        for name, stem in self.names.items():
            if stem == "_enums":
                spelt = Kind.ENUMERATION
            elif name.endswith("Args"):
                spelt = Kind.ARGUMENTS
            elif name[:1].islower():
                spelt = Kind.FUNCTION
            else:
                spelt = Kind.OTHER if stem.startswith(("get_", "_")) else Kind.RESOURCE
            if spelt is kind:
                yield name

    def _find(self, name: str) -> Declaration | None:
        guess = _SNAKE.sub("_", name.removesuffix("Args")).lower()
        stem = guess if self._lists(guess, name) else self.names.get(name)
        return None if stem is None else self._declaration(name, self._text(stem))

    def _lists(self, stem: str, name: str) -> bool:
        listed = _ALL.search(self._text(stem))
        return listed is not None and f"'{name}'" in listed[1]

    def _declaration(self, name: str, text: str) -> Declaration:
        block, bases, token = _block(text, name)
        if name[:1].islower():
            signature = _signature(text, rf"^def {name}\(")
            return Declaration(name=name, module=self.name, kind=Kind.FUNCTION, inputs=_inputs(signature, {}))
        if "Enum" in bases:
            members = tuple(_MEMBER.findall(block))
            return Declaration(name=name, module=self.name, kind=Kind.ENUMERATION, members=members)
        outputs = _outputs(block)
        if not bases and "@pulumi.getter" in block:
            wires = {output.name: output.wire for output in outputs.values()}
            inputs = _inputs(_signature(block, r"^    def __init__\("), wires)
            return Declaration(name=name, module=self.name, kind=Kind.ARGUMENTS, inputs=inputs)
        if not bases.startswith(_RESOURCE_BASES):
            return Declaration(name=name, module=self.name, kind=Kind.OTHER)
        # `InitArgs` where a nested type has taken the name `Args`.
        taken = next((each for each in (f"{name}InitArgs", f"{name}Args") if f"\nclass {each}" in text), None)
        arguments = self._declaration(taken, text) if taken else None
        return Declaration(
            name=name,
            module=self.name,
            kind=Kind.RESOURCE,
            token=token,
            inputs=arguments.inputs if arguments else {},
            outputs=outputs,
            methods=frozenset(_METHOD.findall(block)),
        )

    def home_of(self, name: str) -> str:
        """Give the module of this package in which a resource of that class name lives, dotted; "" for none."""
        before, found, _ = self._text("__init__").partition(f': "{name}"')
        return before.rpartition('"fqn": "')[2].partition('"')[0] if found else ""

    def _text(self, stem: str) -> str:
        if stem not in self._texts:
            file = self._folder / f"{stem}.py"
            self._texts[stem] = file.read_text("utf-8", "replace") if file.is_file() else ""
        return self._texts[stem]


class Sdk:
    """The SDKs that an interpreter finds: `paths` is its `sys.path`."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._paths = tuple(Path(path) for path in paths if path)
        self._modules: dict[str, Module | None] = {}
        self._registries: dict[str, str] = {}

    def module(self, name: str) -> Module | None:
        """Give a module by its dotted name; None where no path holds it."""
        if name not in self._modules:
            parts = name.split(".")
            folders = (path.joinpath(*parts) for path in self._paths)
            found = next((folder for folder in folders if (folder / "__init__.py").is_file()), None)
            self._modules[name] = Module(name, found) if found else None
        return self._modules[name]

    def resource(self, token: str) -> Declaration | None:
        """Give the class of a resource type such as `aws:iam/role:Role`; None where no SDK at hand declares it."""
        package = f"pulumi_{token.partition(':')[0].replace('-', '_')}"
        if package not in self._registries:
            found = next((path / package for path in self._paths if (path / package / "__init__.py").is_file()), None)
            self._registries[package] = (found / "__init__.py").read_text("utf-8", "replace") if found else ""
        # The package registers its classes in JSON: {"fqn": "pulumi_aws.iam", "classes": {TOKEN: "Role"}}.
        registry = self._registries[package]
        before, found_token, after = registry.partition(f'"{token}": "')
        if not found_token:
            return None
        module = self.module(before.rpartition('"fqn": "')[2].partition('"')[0])
        return module.find(after.partition('"')[0]) if module else None

    def result(self, token: str) -> Mapping[str, bool]:
        """Give what a function such as `aws:iam/getRole:getRole` gives back, and which of it is always a text."""
        return python_result(self._paths, token)


def is_text(annotation: str) -> bool:
    """Whether an output's annotation says that it is always a string."""
    return _TEXT_OUTPUT.fullmatch(annotation) is not None


def _block(text: str, name: str) -> tuple[str, str, str]:
    """Give a class's text, its bases, and its type token."""
    head = re.search(rf"^class {name}(?:\((.*)\))?:\n", text, re.MULTILINE)
    if head is None:
        return "", "", ""
    end = _BLOCK_END.search(text, head.end())
    token = _TOKEN.search(text, max(0, head.start() - 400), head.start())
    return text[head.end() : end.start() if end else len(text)], head[1] or "", token[1] if token else ""


def _outputs(block: str) -> dict[str, DeclaredOutput]:
    outputs: dict[str, DeclaredOutput] = {}
    for wire, name, annotation, summary in _GETTER.findall(block):
        outputs[name] = DeclaredOutput(
            name=name, wire=wire or name, is_text=is_text(annotation), summary=(summary or "").strip()
        )
    return outputs


def _signature(text: str, head: str) -> ast.arguments | None:
    found = re.search(head, text, re.MULTILINE)
    if found is None:
        return None
    end = re.compile(r"\)(?: -> .*)?:\n").search(text, found.end())
    if end is None:
        return None
    try:
        made = ast.parse(f"def f({text[found.end() : end.start()]}): pass").body[0]
    except SyntaxError:
        return None
    return made.args if isinstance(made, ast.FunctionDef) else None


def _inputs(signature: ast.arguments | None, wires: Mapping[str, str]) -> dict[str, Input]:
    if signature is None:
        return {}
    positional = [*signature.posonlyargs, *signature.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(signature.defaults))
    pairs = [
        *zip(positional, [*missing, *signature.defaults], strict=True),
        *zip(signature.kwonlyargs, signature.kw_defaults, strict=True),
    ]
    inputs: dict[str, Input] = {}
    for argument, default in pairs:
        if argument.arg in {"__self__", "opts"}:
            continue
        annotation = ast.unparse(argument.annotation) if argument.annotation else ""
        inputs[argument.arg] = Input(
            name=argument.arg,
            wire=wires.get(argument.arg, argument.arg),
            required=default is None,
            types=tuple(dict.fromkeys(_NAMED_TYPE.findall(annotation))),
            many="Sequence[" in annotation,
            keyed="Mapping[" in annotation,
        )
    return inputs
