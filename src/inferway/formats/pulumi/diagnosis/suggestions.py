"""Finds what a program meant by a name that its SDK does not have."""

import ast
from collections.abc import Iterable
from typing import Final

import msgspec

from inferway.formats.pulumi.diagnosis.likeness import NEAR, flat, likeness, nearest, words
from inferway.formats.pulumi.diagnosis.things import Instance
from inferway.formats.pulumi.sdk import Declaration, Input, Kind, Module, Sdk

_MOST_COMPARED: Final = 400
_COVERAGE: Final = 1.5  # what a class takes says more than what it is called
_EXPECTED: Final = 0.5
_CLOSE: Final = 0.15
_OPTIONS: Final = frozenset({"opts", "resource_name", "args", "__props__"})


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Replacements, the best first, as the program would write them; `declared` is what the best one names."""

    texts: tuple[str, ...] = ()
    declared: Declaration | None = None

    def __str__(self) -> str:
        """Give the replacements as the end of a sentence."""
        if not self.texts:
            return ""
        others = f" (or {', '.join(self.texts[1:])})" if len(self.texts) > 1 else ""
        return f"; write {self.texts[0]}{others}"


def for_name(
    sdk: Sdk, module: Module, node: ast.Attribute, call: ast.Call | None, expected: Input | None
) -> Suggestion:
    """Suggest for `base.name` where the module `base` has no such name; `call` is the call that it heads."""
    base = ast.unparse(node.value)
    return _within(sdk, module, base, node.attr) or _among(module, base, node.attr, call, expected)


def _within(sdk: Sdk, module: Module, base: str, name: str) -> Suggestion | None:
    """A missing dot (`azure.apimanagementApi`), or a class of another module of the package."""
    for below in sorted(module.submodules, key=len, reverse=True):
        rest = name[len(below) :].lstrip("_")
        inner = sdk.module(f"{module.name}.{below}") if rest and name.lower().startswith(below) else None
        declared = inner.find(rest) if inner else None
        if declared is not None:
            return Suggestion(texts=(f"{base}.{below}.{rest}",), declared=declared)
    home = module.home_of(name)
    found = sdk.module(home) if home else None
    if found is None or not home.startswith(f"{module.name}."):
        return None
    return Suggestion(texts=(f"{base}{home.removeprefix(module.name)}.{name}",), declared=found.find(name))


def _among(module: Module, base: str, name: str, call: ast.Call | None, expected: Input | None) -> Suggestion:
    context = module.name.rpartition(".")[2]
    if call is None or not call.keywords:
        near = nearest(name, {*module.names, *module.submodules, *module.imported}, context)
        return Suggestion(
            texts=tuple(f"{base}.{each}" for each in near), declared=module.find(near[0]) if near else None
        )
    used = {keyword.arg for keyword in call.keywords if keyword.arg} - _OPTIONS
    scored: list[tuple[float, str]] = []
    for candidate in _candidates(module, name, call, context):
        declared = module.find(candidate)
        if declared is not None and declared.kind is not Kind.OTHER:
            covered = len(used & declared.inputs.keys()) / len(used) if used else 0.0
            meant = _EXPECTED if expected is not None and candidate in expected.types else 0.0
            alike = likeness(name, candidate, context)
            scored.append((alike + _COVERAGE * covered + meant, candidate))
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    best = [(score, each) for score, each in scored if score >= NEAR + 0.4][:3]
    kept = [each for score, each in best if score >= best[0][0] - _CLOSE]
    return Suggestion(texts=tuple(f"{base}.{each}" for each in kept), declared=module.find(kept[0]) if kept else None)


def _candidates(module: Module, name: str, call: ast.Call, context: str) -> list[str]:
    if name.endswith("Args"):
        kind = Kind.ARGUMENTS
    elif name[:1].islower() and not call.args:
        kind = Kind.FUNCTION
    else:
        kind = Kind.RESOURCE if call.args else Kind.ARGUMENTS
    names = list(module.names_of(kind))
    if len(names) > _MOST_COMPARED:
        names.sort(key=lambda each: -likeness(name, each, context))
    return names[:_MOST_COMPARED]


def for_argument(module: Module, declared: Declaration, name: str) -> tuple[str, Input | None]:
    """Suggest for a keyword that a class does not take: the text, and the input that its value was meant for."""
    nested = _nested(module, declared, name)
    if nested is not None:
        return nested
    near = nearest(name, declared.inputs)
    if not near:
        taken = ", ".join(sorted(declared.inputs)[:12])
        return f"; it takes {taken}" if taken else "", None
    others = f" (or {', '.join(near[1:])})" if near[1:] else ""
    return f"; write {near[0]}{others}", declared.inputs[near[0]]


def _nested(module: Module, declared: Declaration, name: str) -> tuple[str, Input] | None:
    """`response_headers` of a class that takes `responses`, whose items take `headers`."""
    parts = words(name)
    for cut in range(len(parts) - 1, 0, -1):
        outer = _named(declared, parts[:cut])
        for kind in outer.types if outer else ():
            inner_class = module.find(kind)
            inner = _named(inner_class, parts[cut:]) if inner_class and inner_class.kind is Kind.ARGUMENTS else None
            if outer and inner_class and inner:
                needed = [f"{each.name}=…" for each in inner_class.required() if each is not inner]
                value = f"[{inner.types[0]}(…)]" if inner.many and inner.types else "[…]" if inner.many else "…"
                made = f"{kind}({', '.join([*needed, f'{inner.name}={value}'])})"
                return f"; write {outer.name}={f'[{made}]' if outer.many else made}", inner
    return None


def _named(declared: Declaration | None, parts: Iterable[str]) -> Input | None:
    wanted = flat("".join(parts))
    names = declared.inputs if declared else {}
    return next((held for name, held in names.items() if flat(name).rstrip("s") == wanted.rstrip("s")), None)


def for_output(module: Module | None, instance: Instance, variable: str, name: str) -> str:
    """Suggest for an attribute that a resource does not have."""
    own = _own_resource(module, instance, variable, name) if module else ""
    if own:
        return own
    near = nearest(name, [*instance.declared.outputs, "id"])
    if not near:
        return f"; its outputs are {', '.join(sorted(instance.declared.outputs))}"
    others = f" (or {', '.join(f'{variable}.{each}' for each in near[1:])})" if near[1:] else ""
    return f"; write {variable}.{near[0]}{others}"


def _own_resource(module: Module, instance: Instance, variable: str, name: str) -> str:
    """`api.api_key` where the module has a class ApiKey."""
    found = next((each for each in module.names_of(Kind.RESOURCE) if flat(each) == flat(name)), None)
    declared = module.find(found) if found else None
    if declared is None or declared.kind is not Kind.RESOURCE or declared == instance.declared:
        return ""
    given = []
    for needed in declared.required():
        stem, _, end = needed.name.rpartition("_")
        refers = end in {"id", "name"} and flat(instance.declared.name).endswith(flat(stem))
        given.append(f"{needed.name}={variable}.{end}" if refers else f"{needed.name}=…")
    path = ast.unparse(instance.call.func).rpartition(".")[0]
    made = f"{path}.{found}" if path else str(found)
    output = next((f".{word}" for word in reversed(words(name)) if word in declared.outputs), "")
    return f'; it is a resource of its own: write {made}("…", {", ".join(given)}){output}'


def for_input(instance: Instance, variable: str, name: str) -> str:
    """Suggest for an input that is read although the provider does not give it back."""
    declared = instance.declared
    own = [each for each in declared.inputs if each not in declared.outputs and each.endswith(("_id", "_name"))]
    last = [each for each in own if not declared.inputs[each].required]
    mine = last or [each for each in own if flat(declared.name).endswith(flat(each.rpartition("_")[0]))]
    if "name" in declared.outputs and name in mine:
        return f"{variable}.name"
    given = next((keyword.value for keyword in instance.call.keywords if keyword.arg == name), None)
    if given is not None:
        return ast.unparse(given)
    return f"{variable}.id" if name.endswith("id") else "what was passed for it"
