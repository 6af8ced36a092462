"""Compiled templates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

from inferway.languages.vtl import nodes
from inferway.languages.vtl.analysis import analyse, macros_of
from inferway.languages.vtl.compiler import GLOBALS, Compiled, Compiler, TooDeepError
from inferway.languages.vtl.errors import VtlError
from inferway.languages.vtl.limits import Limits
from inferway.languages.vtl.macros import Context, RenderState
from inferway.languages.vtl.parser import Parser
from inferway.languages.vtl.profiles import PROFILES, Profile
from inferway.languages.vtl.runtime import ReturnValue, StopRender
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.utf16 import well_formed
from inferway.languages.vtl.values import JavaFailure

_DEFAULT: Final = Limits()
_SERIAL: Final = itertools.count()


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a render gave: its text, and whether and with which value `#return` ended it."""

    text: str
    returned: bool
    value: object


class Template:
    """A compiled template. Renders any number of times, from any number of threads."""

    __slots__ = ("_compiled", "_filename", "_function", "_limits", "_profile", "source")

    def __init__(self, source: str, profile: Profile, limits: Limits, compiled: Compiled) -> None:
        self.source = source
        self._profile = profile
        self._limits = limits
        self._compiled = compiled
        self._filename = f"<vtl {next(_SERIAL)}>"
        self._function = _load(compiled, self._filename)

    @property
    def python_source(self) -> str:
        """The generated Python, for debugging."""
        return self._compiled.source

    def render(self, context: Mapping[str, object]) -> str:
        """The template's text over the variables in `context`.

        `#set($x = …)` stays in the render; maps, lists and host objects of the context are shared, so that
        `#set($map.key = …)` changes them in place. Raises VtlError, and nothing else.
        """
        try:
            if self._compiled.dynamic:
                return well_formed(self._function(Context(context), self._state()))
            text: str = self._function(context.get)
        except Exception as error:  # noqa: BLE001 - whatever a template or a host object does is the template's failure
            return self._outcome(error).text
        return text if text.isascii() else well_formed(text)

    def run(self, context: Mapping[str, object]) -> Outcome:
        """Like `render`, and says whether `#return` ended the template (AppSync), and with which value."""
        try:
            if self._compiled.dynamic:
                text = self._function(Context(context), self._state())
            else:
                text = self._function(context.get)
        except Exception as error:  # noqa: BLE001 - as in render
            return self._outcome(error)
        return Outcome(text=well_formed(text), returned=False, value=None)

    def _state(self) -> RenderState:
        return RenderState(self._limits, self._evaluated)

    def _evaluated(self, source: str, macros: set[str]) -> Callable[..., str]:
        inner = _compile(source, self._profile, self._limits, macros)
        return inner._function  # noqa: SLF001 - the same class

    def _outcome(self, error: Exception) -> Outcome:
        """What a render that ended by an exception gave. Raises VtlError if it failed."""
        if isinstance(error, StopRender):
            return Outcome(text=well_formed(error.text), returned=False, value=None)
        if isinstance(error, ReturnValue):
            try:
                text = "" if error.value is None else well_formed(java_text(error.value))
            except JavaFailure as failure:
                raise self._located(failure) from failure
            return Outcome(text=text, returned=True, value=error.value)
        raise self._located(error) from error

    def _located(self, error: Exception) -> VtlError:
        place = self._place(error.__traceback__)
        if isinstance(error, VtlError):
            message = error.message
        elif isinstance(error, RecursionError):
            message = "Nested too deeply"
        elif isinstance(error, JavaFailure):
            message = str(error)
        else:
            message = f"{type(error).__name__}: {error}"
        return VtlError(message, place.line, place.column, self.source)

    def _place(self, traceback: TracebackType | None) -> nodes.Place:
        """The innermost of this template's own lines that has a place."""
        found = nodes.Place(line=0, column=0)
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == self._filename:
                place = self._compiled.places[traceback.tb_lineno - 1]
                found = place if place is not None else found
            traceback = traceback.tb_next
        return found


def compile_template(source: str, profile: str = "velocity17", *, limits: Limits = _DEFAULT) -> Template:
    """Compile a template for one of the profiles `velocity17`, `apigateway`, `appsync`.

    Raises VtlError, with line and column, where Velocity 1.7 refuses the source, where a limit is exceeded, and for an
    unknown profile.
    """
    known = PROFILES.get(profile)
    if known is None:
        raise VtlError(f"There is no profile {profile!r}")
    return _compile(source, known, limits, None)


def _compile(source: str, profile: Profile, limits: Limits, macros: set[str] | None) -> Template:
    if len(source) > limits.template_characters:
        raise VtlError(f"The template has {len(source)} characters, more than {limits.template_characters}")
    try:
        root = Parser(source, profile, limits, macros=None if macros is None else set(macros)).parse()
        analysis = analyse(root, profile, macros)
        compiled = Compiler(profile, limits, analysis).compile(root, macros_of(root) if profile.macros else ())
        return Template(source, profile, limits, compiled)
    except TooDeepError as error:
        raise VtlError(str(error), error.place.line, error.place.column, source) from error
    except VtlError:
        raise
    except Exception as error:  # whatever a source provokes (recursion, Python's own limits) is its failure
        raise VtlError("The template is nested too deeply or too large", 1, 1, source) from error


def _load(compiled: Compiled, filename: str) -> Callable[..., Any]:
    scope: dict[str, Any] = {**GLOBALS, **compiled.constants, "__builtins__": _BUILTINS}
    exec(compile(compiled.source, filename, "exec"), scope)  # noqa: S102 - our own generated code
    function: Callable[..., Any] = scope["render"]
    return function


_BUILTINS: Final[dict[str, Any]] = {"enumerate": enumerate, "len": len, "str": str, "dict": dict}
