"""Finds the mistakes of a program in its text, all in one go, by what its SDKs declare.

The program is not run: names are followed from imports and assignments to the SDK's classes, and what is not known for
certain is left alone. A mistake is repaired in thought where there is a likely replacement, so that it hides no other.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inferway.faults import Severity
from inferway.formats.pulumi.diagnosis import suggestions
from inferway.formats.pulumi.diagnosis.constructions import Constructions
from inferway.formats.pulumi.diagnosis.likeness import nearest, words
from inferway.formats.pulumi.diagnosis.mistakes import Mistake, MistakeList
from inferway.formats.pulumi.diagnosis.things import Class, Export, Getter, Instance, Package, Scope, Text, Thing
from inferway.formats.pulumi.sdk import Input, Kind, Module, Sdk

_MOST_FILES: Final = 200
_LARGEST: Final = 1024 * 1024
_OF_EVERY_RESOURCE: Final = frozenset(
    {"id", "urn", "get_provider", "translate_output_property", "translate_input_property", "pulumi_resource_name"}
    | {"pulumi_resource_type"}
)


def diagnose(main: Path, sdk: Sdk) -> tuple[Mistake, ...]:
    """Give the mistakes of a program and of its own modules; a file that is no Python gives none."""
    found: list[Mistake] = []
    for file, tree in _trees(main):
        mistakes = MistakeList(str(file))
        _Reading(sdk, mistakes).read(tree)
        found += mistakes.all
    return tuple(found)


def _trees(main: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Give the files of a program: the main one, and those of its folder that it imports."""
    waiting, seen = [main], {main}
    while waiting and len(seen) <= _MOST_FILES:
        file = waiting.pop(0)
        try:
            if file.stat().st_size > _LARGEST:
                continue
            tree = ast.parse(file.read_bytes(), str(file))
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield file, tree
        for name in _imports(tree):
            base = main.parent.joinpath(*name.split("."))
            for candidate in (base.with_suffix(".py"), base / "__init__.py"):
                if candidate not in seen and candidate.is_file():
                    seen.add(candidate)
                    waiting.append(candidate)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield from ([base] if base else []) + [f"{base}.{alias.name}".lstrip(".") for alias in node.names]


class _Reading:
    """Reads one file: statements in order, the bodies of functions last, for they see all names of the file."""

    def __init__(self, sdk: Sdk, mistakes: MistakeList) -> None:
        self._sdk = sdk
        self._mistakes = mistakes
        self._later: list[tuple[list[ast.stmt], Scope]] = []
        self._constructions = Constructions(sdk, mistakes, self.value)

    def read(self, tree: ast.Module) -> None:
        self._later.append((tree.body, Scope()))
        try:
            while self._later:
                body, scope = self._later.pop(0)
                for statement in body:
                    self._node(statement, scope)
        except RecursionError:
            return  # a text nested that deep; what was found until here stands

    def _node(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._import(node, alias, scope)
        elif isinstance(node, ast.ImportFrom):
            self._import_from(node, scope)
        elif isinstance(node, ast.Assign):
            thing = self.value(node.value, scope)
            for target in node.targets:
                self._bind(target, thing, scope)
        elif isinstance(node, ast.AnnAssign):
            self._bind(node.target, self.value(node.value, scope) if node.value else None, scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._definition(node, scope)
        elif isinstance(node, ast.expr):
            self.value(node, scope)
        else:
            self._unbind(node, scope)
            for child in ast.iter_child_nodes(node):
                self._node(child, scope)

    def _unbind(self, node: ast.AST, scope: Scope) -> None:
        for field in ("target", "optional_vars"):
            target = getattr(node, field, None)
            if isinstance(target, ast.AST):
                self._bind(target, None, scope)
        if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            scope.bind(node.name, None)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self.value(decorator, scope)
        inner = Scope(scope)
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                self.value(base, scope)
        else:
            self._parameters(node.args, scope, inner)
        scope.bind(node.name, None)
        self._later.append((node.body, inner))

    def _parameters(self, arguments: ast.arguments, outer: Scope, inner: Scope) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.value(default, outer)
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        for argument in named:
            if argument is not None:
                inner.bind(argument.arg, None)

    def _bind(self, target: ast.AST, thing: Thing, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            scope.bind(target.id, thing)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self._bind(item, None, scope)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, None, scope)
        elif isinstance(target, ast.expr):
            self.value(target, scope)

    def _import(self, node: ast.Import, alias: ast.alias, scope: Scope) -> None:
        root = alias.name.partition(".")[0]
        if not (root == "pulumi" or root.startswith("pulumi_")):
            scope.bind(alias.asname or root, None)
            return
        module = self._sdk.module(alias.name if alias.asname else root)
        if self._sdk.module(root) is None:
            self._missing_sdk(root, node)
        scope.bind(alias.asname or root, Package(module=module) if module else None)

    def _missing_sdk(self, root: str, node: ast.AST) -> None:
        if root == "pulumi":
            return  # nothing runs without it, and the run says so
        name = root.replace("_", "-")
        text = f"the program's interpreter has no package {root}; install it: pip install {name}"
        self._mistakes.raising("missing-sdk", text, node)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        name = node.module or ""
        root = name.partition(".")[0]
        ours = not node.level and (root == "pulumi" or root.startswith("pulumi_"))
        if ours and self._sdk.module(root) is None:
            self._missing_sdk(root, node)
        module = self._sdk.module(name) if ours else None
        for alias in node.names:
            thing = self._member(Package(module=module), alias.name, alias, name) if module else None
            scope.bind(alias.asname or alias.name, thing)

    def _held(self, module: Module, name: str) -> tuple[bool, Thing]:
        """Say whether a module has a class or a module of a name, and give it; None for what is not followed."""
        if module.name == "pulumi" and name == "export":
            return True, Export()
        declared = module.find(name)
        if declared is not None:
            return True, Class(declared=declared)
        if name in module.submodules:
            below = self._sdk.module(f"{module.name}.{name}")
            return True, Package(module=below) if below else None
        return False, None

    def _member(self, package: Package, name: str, node: ast.alias, path: str) -> Thing:
        """Give what `from path import name` imports."""
        module = package.module
        is_there, thing = self._held(module, name)
        if is_there:
            return thing
        known = name in module.imported or name == "*" or name.startswith("_")
        if not known and module.closed:
            near = nearest(name, {*module.names, *module.submodules, *module.imported}, module.name.rpartition(".")[2])
            home = module.home_of(name)
            hint = f"; write from {home} import {name}" if home else f"; write {near[0]}" if near else ""
            self._mistakes.raising("unknown-name", f"{path} has no {name}{hint}", node)
        return None

    def value(self, node: ast.expr, scope: Scope, expected: Input | None = None, call: ast.Call | None = None) -> Thing:
        """Read an expression; `expected` is the input that it is given for, `call` the call that it is the head of."""
        if isinstance(node, ast.Name):
            return scope.find(node.id)
        if isinstance(node, ast.Constant):
            return Text(node=node) if isinstance(node.value, str) else None
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope, expected, call)
        if isinstance(node, ast.Call):
            return self._call(node, scope, expected)
        if isinstance(node, ast.Lambda):
            inner = Scope(scope)
            self._parameters(node.args, scope, inner)
            self.value(node.body, inner)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            self._comprehension(node, Scope(scope))
        elif isinstance(node, ast.NamedExpr):
            thing = self.value(node.value, scope, expected)
            self._bind(node.target, thing, scope)
            return thing
        else:
            self._parts(node, scope, expected)
        return None

    def _parts(self, node: ast.expr, scope: Scope, expected: Input | None) -> None:
        passes = isinstance(node, (ast.List, ast.Tuple, ast.IfExp, ast.BoolOp))
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child, scope, expected if passes else None)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, inner: Scope) -> None:
        for part in node.generators:
            self.value(part.iter, inner)
            self._bind(part.target, None, inner)
            for condition in part.ifs:
                self.value(condition, inner)
        for result in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.value(result, inner)

    def _attribute(self, node: ast.Attribute, scope: Scope, expected: Input | None, call: ast.Call | None) -> Thing:
        base = self.value(node.value, scope)
        if isinstance(base, Package):
            return self._name_of(base, node, expected, call)
        if isinstance(base, Class):
            if base.declared.kind is Kind.ENUMERATION:
                self._constructions.member(base.declared, node, expected)
            return Getter(declared=base.declared) if node.attr == "get" else None
        if isinstance(base, Instance) and base.declared.kind is Kind.RESOURCE and isinstance(node.ctx, ast.Load):
            self._output(base, node, expected)
        return None

    def _name_of(self, base: Package, node: ast.Attribute, expected: Input | None, call: ast.Call | None) -> Thing:
        module, name = base.module, node.attr
        is_there, thing = self._held(module, name)
        if is_there:
            return thing
        if name in module.imported or name.startswith("_") or not module.closed:
            return None
        suggestion = suggestions.for_name(self._sdk, module, node, call, expected)
        text = f"{ast.unparse(node.value)} has no {name}{suggestion}"
        self._mistakes.raising("unknown-name", text, node)
        return Class(declared=suggestion.declared) if suggestion.declared else None

    def _output(self, base: Instance, node: ast.Attribute, expected: Input | None) -> None:
        declared, name = base.declared, node.attr
        if name in declared.outputs or name in declared.methods or name in _OF_EVERY_RESOURCE or name.startswith("_"):
            return
        variable = ast.unparse(node.value) if not isinstance(node.value, ast.Call) else declared.name
        if name in declared.inputs:
            lost = f", so {expected.name} is lost" if expected else ""
            instead = suggestions.for_input(base, variable, name)
            text = (
                f"{name} is an input of {declared.name} and no output: {variable}.{name} resolves to nothing, and "
                f"raises nothing{lost}; write {instead}"
            )
            severity = Severity.ERROR if expected is not None and expected.required else Severity.WARNING
            self._mistakes.silent(severity, "input-read-as-output", text, node)
            return
        hint = suggestions.for_output(self._sdk.module(declared.module), base, variable, name)
        self._mistakes.raising("unknown-output", f"{declared.name} has no output {name}{hint}", node)

    def _call(self, node: ast.Call, scope: Scope, expected: Input | None) -> Thing:
        callee = self.value(node.func, scope, expected, node)
        if isinstance(callee, Class):
            return self._constructions.construct(callee.declared, node, scope)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            thing = self.value(argument, scope, expected)
            if expected is not None:
                self._constructions.look_for_placeholder(thing)
        if isinstance(callee, Export) and len(node.args) > 1:
            self._export(node, scope)
        return Instance(declared=callee.declared, call=node) if isinstance(callee, Getter) else None

    def _export(self, node: ast.Call, scope: Scope) -> None:
        """Note where an export's name promises one output and its value is the id."""
        name, value = node.args[:2]
        if not (isinstance(name, ast.Constant) and isinstance(name.value, str) and isinstance(value, ast.Attribute)):
            return
        base = scope.find(value.value.id) if isinstance(value.value, ast.Name) else None
        promised = words(name.value)[-1:]
        if value.attr != "id" or not isinstance(base, Instance) or not promised:
            return
        if promised[0] in base.declared.outputs:
            meant = f"{ast.unparse(value.value)}.{promised[0]}"
            text = f"{name.value} is the id of the {base.declared.name}; its {promised[0]} is the output {meant}"
            self._mistakes.silent(Severity.NOTE, "id-exported", text, value)
