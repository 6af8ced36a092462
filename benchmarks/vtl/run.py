"""Times the movie template beside airspeed, in one process: `python benchmarks/vtl/run.py`.

The template is the one of AWS Solutions Constructs' aws-apigateway-sagemakerendpoint, with its input in a map that both
engines accept. Rounds of the engines alternate, and the best round of each counts.
"""

from __future__ import annotations

import importlib
import timeit
from collections.abc import Callable
from functools import partial

from inferway.languages.vtl import compile_template

TEMPLATE = """{ "instances": [
#set( $user_id = $inp.get('user_id') )
#set( $items = $inp.get('items') )
#foreach( $item in $items.split(",") )
  {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
  $esc.newline
#end
] }"""
ROUNDS = 9


def context(items: int) -> dict[str, dict[str, str]]:
    return {"inp": {"user_id": "42", "items": ",".join(map(str, range(items)))}, "esc": {"newline": ""}}


def measure(engines: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Microseconds a call, the best of several alternating rounds."""
    best = dict.fromkeys(engines, float("inf"))
    for _ in range(ROUNDS):
        for name, (call, number) in engines.items():
            best[name] = min(best[name], timeit.timeit(call, number=number) / number * 1e6)
    return best


def main() -> None:
    ours, theirs = compile_template(TEMPLATE, "apigateway"), importlib.import_module("airspeed").Template(TEMPLATE)
    for items, calls in ((3, 20_000), (1_000, 200)):
        variables = context(items)
        plain = "".join(ours.render(variables).split())
        assert plain == "".join(str(theirs.merge(variables)).split()), "the engines disagree"
        found = measure(
            {
                "ours": (partial(ours.render, variables), calls),
                "airspeed": (partial(theirs.merge, variables), max(1, calls // 20)),
            }
        )
        ratio = found["airspeed"] / found["ours"]
        print(f"{items:>5} items: {found['ours']:8.2f} µs, airspeed {found['airspeed']:9.1f} µs, 1/{ratio:.1f}")


if __name__ == "__main__":
    main()
