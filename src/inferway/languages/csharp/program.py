"""Compiling an expression, and evaluating it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from inferway.languages.csharp.budget import CURRENT, Budget
from inferway.languages.csharp.compiler import (
    assignment,
    chains,
    creation,
    literals,
    operators,
    patterns,
    statements,
    unary,
)
from inferway.languages.csharp.compiler.compiler import Compiler, ExpressionRule, mark
from inferway.languages.csharp.compiler.scope import FIRST_SLOT, Expr, Run
from inferway.languages.csharp.compiler.source import Source, text
from inferway.languages.csharp.conversions import Conversions, box
from inferway.languages.csharp.errors import CompileError, CSharpError, LimitError, Missing, ThrownError
from inferway.languages.csharp.host import Host
from inferway.languages.csharp.library import CLASSES, EXTENSIONS
from inferway.languages.csharp.limits import Limits
from inferway.languages.csharp.types import NULL, VOID, Type, parse_type
from inferway.languages.csharp.universe import Universe


def _prefix(c: Compiler, node: Any) -> Expr:
    is_step = text(node.children[0]) in ("++", "--")
    return assignment.increment(c, node) if is_step else unary.prefix(c, node)


_EXPRESSIONS: Final[Mapping[str, ExpressionRule]] = {
    **literals.RULES,
    **operators.RULES,
    **chains.RULES,
    **assignment.RULES,
    **creation.RULES,
    **patterns.RULES,
    "prefix_unary_expression": _prefix,
}


@lru_cache(maxsize=8)
def _universe(key: int, holder: _ByIdentity) -> Universe:
    del key
    return Universe(CLASSES, EXTENSIONS, holder.host)


class _ByIdentity:
    """A host as a key of the cache: hosts hold mappings, which do not hash."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.host is other.host

    def __hash__(self) -> int:
        return id(self.host)


class Compiled:
    """A compiled expression. `type` is the C# type of its value; `source` its text."""

    __slots__ = ("_limits", "_roots", "_run", "_size", "_source", "_universe", "source", "type")

    def __init__(self, source: Source, host: Host, limits: Limits) -> None:
        self.source = source.text
        self._source = source
        self._limits = limits
        self._roots = tuple(host.roots)
        self._universe = _universe(id(host), _ByIdentity(host))
        compiler = Compiler(self._universe, limits, _EXPRESSIONS, statements.RULES)
        for name, type_ in host.roots.items():
            compiler.scope.declare(name, parse_type(type_))
        compiler.roots = self._roots
        compiler.generics = source.generics
        with compiler.block():
            self.type, self._run = _body(compiler, source)
        self._size = compiler.scope.frame.size - FIRST_SLOT - len(self._roots)

    def evaluate(self, roots: Mapping[str, object]) -> Any:
        """The value, boxed: a long is a `Long`, a char a `Char`; None for null.

        `roots` holds the objects of the host's roots. Raises CSharpError, and nothing else.
        """
        budget = Budget(self._limits)
        outer = CURRENT.budget, CURRENT.universe
        CURRENT.budget, CURRENT.universe = budget, self._universe
        try:
            return self._run([None, budget, *[roots.get(each) for each in self._roots], *[None] * self._size])
        except ThrownError as error:
            message = f"{error.kind}: {error.message}"
            raise self._source.error(message, error.offset, error.kind) from error
        except LimitError as error:
            raise self._source.error(error.message, error.offset) from error
        except (RecursionError, MemoryError) as error:
            raise CSharpError(f"The expression needs too much: {error.__class__.__name__}") from error
        except Exception as error:
            offset = getattr(error, "csharp_offset", -1)  # a constant name: ours, not the source's
            message = f"System.Exception: {error or error.__class__.__name__}"
            raise self._source.error(message, offset, "System.Exception") from error
        finally:
            CURRENT.budget, CURRENT.universe = outer


def _body(compiler: Compiler, source: Source) -> tuple[Type, Run]:
    if source.expression is not None:
        value = compiler.expression(source.expression)
        if value.type == VOID:
            raise CompileError("The expression has no value", source.expression.start_byte)
        boxed, run = box(value.type), value.run
        return value.type, run if boxed is box(NULL) else lambda f: boxed(run(f))
    if source.block is None:
        raise CompileError("The expression is empty")
    body = compiler.statement(source.block)
    types = {each.type for each in compiler.returns}
    for each in compiler.returns:
        each.run = _boxed(each.run, each.type)

    def run_block(f: list[Any]) -> Any:
        signal = body(f)
        if signal.__class__ is tuple:
            return signal[0]
        error = ThrownError("System.InvalidOperationException", "Not all code paths return a value")
        mark(error, source.block.start_byte if source.block is not None else -1)
        raise error

    if not types and b"throw" not in (source.block.text or b""):
        raise CompileError("Not all code paths return a value", source.block.start_byte)
    return next(iter(types)) if len(types) == 1 else Type("object"), run_block


def _boxed(run: Run, type_: Type) -> Run:
    boxed = box(type_)
    return run if boxed is box(NULL) else lambda f: boxed(run(f))


def compile_expression(source: str, host: Host, *, limits: Limits | None = None) -> Compiled:
    """Compiles `@(…)` or `@{…}`, once; the result may be evaluated any number of times.

    Raises CSharpError with the place, and the name of what is not known or not supported.
    """
    limits = limits or Limits()
    read = Source(source, limits)
    try:
        return Compiled(read, host, limits)
    except CompileError as error:
        raise read.error(error.message, error.offset, missing=error.missing) from error
    except ThrownError as error:
        raise read.error(error.message, error.offset, error.kind) from error
    except (RecursionError, MemoryError) as error:
        raise CSharpError("The expression is nested too deep", 1, 1, source, missing=Missing()) from error


def cast(value: Any, type_: Type) -> Any:
    """`(type)value` of a boxed value, for a host's functions: `(T)variables[name]`.

    Only within an evaluation. Raises ThrownError (System.InvalidCastException).
    """
    return Conversions(CURRENT.universe).unbox(type_)(value)
