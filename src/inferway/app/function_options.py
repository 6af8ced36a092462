"""How a bound function is run here."""

from collections.abc import Mapping
from pathlib import Path

from inferway.definition.bindings import BoundFunction
from inferway.serving.functions.options import FunctionOptions


def options_of(bound: BoundFunction, surroundings: Mapping[str, str] = {}, install: bool = False) -> FunctionOptions:
    """Give the options of a function that runs here; `surroundings` is what it finds besides its own environment."""
    return FunctionOptions(
        path=Path(bound.path) if bound.path else Path(),
        code=bound.code,
        handler=bound.handler,
        runtime=bound.runtime,
        layers=bound.layers,
        environment={**surroundings, **bound.environment},
        concurrency=bound.concurrency,
        timeout=bound.timeout,
        memory=bound.memory,
        python=bound.python,
        install=install,
    )
