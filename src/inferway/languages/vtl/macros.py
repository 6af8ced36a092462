"""Variables that macros and `#evaluate` see by name: contexts, arguments passed by name, and the calls.

An argument is an expression that is evaluated anew, in the caller's context, each time the macro uses its parameter
(Velocity 1.7's ProxyVMContext).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from inferway.languages.vtl.limits import Limits
from inferway.languages.vtl.runtime import DefinedBlock, tick
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import JavaFailure

_EVALUATION_STEPS: Final = 1_000
"""What compiling an `#evaluate` costs."""

Getter = Callable[["Context"], Any]
MacroBody = Callable[["Context"], str]


class Argument:
    """One argument of a macro call: a constant, or how to get it in the caller's context."""

    __slots__ = ("constant", "get", "literal", "word")

    def __init__(
        self,
        *,
        constant: Any = None,
        word: str = "",
        get: Getter | None = None,
        literal: str = "",
    ) -> None:
        self.constant = constant
        self.word = word
        self.get = get
        self.literal = literal


class Context:
    """The variables of one render."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def get(self, name: str) -> Any:
        """The variable's value, None if it has none."""
        return self._values.get(name)

    def put(self, name: str, value: Any) -> None:
        """Give the variable a value."""
        self._values[name] = value

    def remove(self, name: str) -> None:
        """Take the variable away."""
        self._values.pop(name, None)

    def restore(self, name: str, value: Any) -> None:
        """Give the variable back the value that it had, or none."""
        if value is None:
            self.remove(name)
        else:
            self.put(name, value)

    def literal(self, reference: str) -> str | None:
        """The source of the macro argument that a parameter stands for; outside of macros there is none."""
        del reference
        return None

    def null_text(self, text: str, name: str) -> str:
        """What a reference without a value prints: a macro's parameter prints its argument's source."""
        literal = self.literal(name)
        return text if literal is None else text[: len(text) - len(name)] + literal


class MacroContext(Context):
    """The variables within one macro call: its parameters over the caller's."""

    __slots__ = ("_caller", "_proxies")

    def __init__(self, caller: Context) -> None:
        super().__init__({})
        self._caller = caller
        self._proxies: dict[str, Argument] = {}

    def pass_argument(self, name: str, argument: Argument) -> None:
        """Bind a parameter."""
        if argument.get is None:
            self._values[name] = argument.constant
        else:
            self._proxies[name] = argument

    def local(self, name: str, value: Any) -> None:
        """Bind a variable of this call alone."""
        self._values[name] = value

    def get(self, name: str) -> Any:
        """The variable's value here, else the argument's value now, else the variable's value at the caller."""
        value = self._values.get(name)
        if value is not None:
            return value
        argument = self._proxies.get(name)
        if argument is not None and argument.get is not None:
            return argument.get(self._caller)
        return self._caller.get(name)

    def put(self, name: str, value: Any) -> None:
        """Give the variable a value here and at the caller; an argument's own variable keeps its value."""
        self._values[name] = value
        self._caller.put(name, value)

    def remove(self, name: str) -> None:
        """Take the variable away, here and at the caller."""
        self._values.pop(name, None)
        self._proxies.pop(name, None)
        self._caller.remove(name)

    def literal(self, reference: str) -> str | None:
        """The source of the argument behind `$name`."""
        argument = self._proxies.get(reference[1:])
        return self._caller.literal(reference) if argument is None else argument.literal


class RenderState:
    """What one render has left, and its macros.

    `b` are steps left, `c` the steps at which to look at the time, `z` characters left, `q` the time of the first look.
    """

    __slots__ = ("_macros", "b", "c", "compile", "depth", "limits", "q", "z")

    def __init__(self, limits: Limits, compile_source: Callable[[str, set[str]], Callable[..., str]]) -> None:
        self.b = limits.steps
        self.c = limits.steps - 32
        self.z = limits.characters
        self.q = 0.0
        self.depth = 0
        self.limits = limits
        self.compile = compile_source
        self._macros: dict[str, tuple[tuple[str, ...], MacroBody]] = {}

    def define(self, name: str, parameters: tuple[str, ...], body: MacroBody) -> None:
        """Add a macro; the first definition of a name stays."""
        self._macros.setdefault(name, (parameters, body))

    def macro(self, name: str) -> tuple[tuple[str, ...], MacroBody] | None:
        """A macro's parameters and body."""
        return self._macros.get(name)

    def names(self) -> set[str]:
        """The names of the macros."""
        return set(self._macros)

    def step(self, count: int) -> None:
        """Use up steps."""
        self.b -= count
        if self.b < self.c:
            self.c, self.q = tick(self.b, self.q, self.limits.seconds)


def call_macro(
    context: Context,
    state: RenderState,
    write: Callable[[str], Any],
    call: tuple[str, str],
    arguments: tuple[Argument, ...],
    body: DefinedBlock | None,
) -> None:
    """`#name(arguments)`: render the macro, or write the call's own text. `call` is the name and that text."""
    name, literal = call
    found = state.macro(name)
    if found is None:
        write(literal)
        return
    parameters, render = found
    word = next((each.word for each in arguments if each.word), "")
    if word:
        raise JavaFailure(f"Invalid arg '{word}' in macro #{name}")
    if state.depth >= state.limits.macro_depth:
        raise JavaFailure(f"Max calling depth of {state.limits.macro_depth} was exceeded in macro '{name}'")
    inner = MacroContext(context)
    for parameter, argument in zip(parameters, arguments, strict=False):
        inner.pass_argument(parameter, argument)
    if body is not None:
        inner.local("bodyContent", body)
    state.depth += 1
    state.step(1)
    write(render(inner))
    state.depth -= 1


def evaluate(context: Context, state: RenderState, write: Callable[[str], Any], source: Any) -> None:
    """`#evaluate(source)`: render a string as a template over the same variables."""
    if source is None:
        return
    state.step(_EVALUATION_STEPS)
    if state.depth >= state.limits.macro_depth:
        raise JavaFailure(f"#evaluate is nested more than {state.limits.macro_depth} deep")
    render = state.compile(java_text(source), state.names())
    state.depth += 1
    write(render(context, state))
    state.depth -= 1
