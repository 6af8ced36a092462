"""How a bound function is run here."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inferway.definition.bindings import BoundFunction
from inferway.serving.functions.options import FunctionOptions

_REGION: Final = re.compile(r"arn:[^:]*:lambda:([^:]+):")


def options_of(bound: BoundFunction, surroundings: Mapping[str, str] = {}, install: bool = False) -> FunctionOptions:
    """Give the options of a function that runs here; `surroundings` is what it finds besides its own environment.

    A function whose ARN is known is in that ARN's Region, whatever the surroundings say.
    """
    found = _REGION.match(bound.arn or bound.name)
    regions = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), found[1]) if found is not None else {}
    return FunctionOptions(
        path=Path(bound.path) if bound.path else Path(),
        code=bound.code,
        handler=bound.handler,
        runtime=bound.runtime,
        layers=bound.layers,
        environment={**surroundings, **regions, **bound.environment},
        concurrency=bound.concurrency,
        timeout=bound.timeout,
        memory=bound.memory,
        python=bound.python,
        install=install,
        arn=bound.arn,
    )
