"""What runs a call whose overload is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from inferway.languages.csharp.budget import made
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.outs import Chosen, out_writers
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run
from inferway.languages.csharp.types import STRING
from inferway.languages.csharp.values import null_reference


def located(run: Run, offset: int) -> Run:
    """Notes where an exception of the run came up."""

    def call(f: FrameData) -> Any:
        try:
            return run(f)
        except Exception as error:
            mark(error, offset)
            raise

    return call


def throw_null() -> NoReturn:
    """Throws what using null throws."""
    raise null_reference()


def invocation(c: Compiler, chosen: Chosen, receiver: Expr | None, offset: int) -> Expr:
    """The call of an overload that is settled."""
    apply, runs = chosen.member.apply, chosen.runs
    if chosen.member.type_parameters:
        types = chosen.types
        runs = (lambda _: types, *runs)
    run = _static_call(apply, runs, offset) if receiver is None else _instance_call(apply, receiver.run, runs, offset)
    if chosen.outs:
        run = _with_outs(run, out_writers(c, chosen))
    if chosen.result == STRING:
        return Expr(STRING, _charged(run, offset))
    return Expr(chosen.result, run)


def _static_call(apply: Callable[..., Any], runs: tuple[Run, ...], offset: int) -> Run:
    def call(f: FrameData) -> Any:
        try:
            return apply(*[run(f) for run in runs])
        except Exception as error:
            mark(error, offset)
            raise

    return call


def _instance_call(apply: Callable[..., Any], receiver: Run, runs: tuple[Run, ...], offset: int) -> Run:
    first = runs[0] if runs else receiver
    second = runs[1] if len(runs) > 1 else receiver

    def call_0(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found)
        except Exception as error:
            mark(error, offset)
            raise

    def call_1(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found, first(f))
        except Exception as error:
            mark(error, offset)
            raise

    def call_2(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found, first(f), second(f))
        except Exception as error:
            mark(error, offset)
            raise

    if len(runs) > 2:
        return _long_call(apply, receiver, runs, offset)
    return (call_0, call_1, call_2)[len(runs)]


def _long_call(apply: Callable[..., Any], receiver: Run, runs: tuple[Run, ...], offset: int) -> Run:
    def call(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found, *[run(f) for run in runs])
        except Exception as error:
            mark(error, offset)
            raise

    return call


def _with_outs(run: Run, writers: tuple[Callable[[FrameData, Any], None], ...]) -> Run:
    def call(f: FrameData) -> Any:
        result, *outs = run(f)
        for write, value in zip(writers, outs, strict=True):
            write(f, value)
        return result

    return call


def _charged(run: Run, offset: int) -> Run:
    def call(f: FrameData) -> Any:
        found = run(f)
        if found is not None and len(found) > 256:
            try:
                made(found)
            except Exception as error:
                mark(error, offset)
                raise
        return found

    return call


def slot_reader(at: int) -> Run:
    """What reads a slot of the present frame."""
    return lambda f: f[at]
