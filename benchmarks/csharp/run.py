"""Times compiling and evaluating policy expressions: `python benchmarks/csharp/run.py`; the best of nine rounds."""

from __future__ import annotations

import timeit
from functools import partial

from inferway.languages.csharp import Host, HostType, compile_expression

CONTEXT = HostType(
    name="IContext",
    python=dict,
    members={"IReadOnlyDictionary<string, object> Variables": lambda context: context["variables"]},
)
HOST = Host(roots={"context": "IContext"}, types=(CONTEXT,))
CASES = {
    "1 + 2 over a variable": '@((int)context.Variables["n"] + 2)',
    "cast of a variable": '@((string)context.Variables["s"])',
    "comparison": '@((int)context.Variables["n"] > 3 && (string)context.Variables["s"] != "x")',
    "concatenation": '@("Bearer " + (string)context.Variables["s"] + "/" + (int)context.Variables["n"])',
    "JSON body": '@((string)JObject.Parse((string)context.Variables["j"])["a"]["b"])',
    "loop of 100": "@{ var s = 0; for (var i = 0; i < 100; i++) { s += i; } return s; }",
}
ROOTS = {"context": {"variables": {"n": 5, "s": "token", "j": '{"a":{"b":"x"}}'}}}


def main() -> None:
    for name, source in CASES.items():
        compiled = compile_expression(source, HOST)
        compiled.evaluate(ROOTS)
        run = min(timeit.repeat(partial(compiled.evaluate, ROOTS), number=2_000, repeat=9)) / 2_000 * 1e6
        make = min(timeit.repeat(partial(compile_expression, source, HOST), number=50, repeat=9)) / 50 * 1e6
        print(f"{name:24} compile {make:8.1f} µs   evaluate {run:8.2f} µs")


if __name__ == "__main__":
    main()
