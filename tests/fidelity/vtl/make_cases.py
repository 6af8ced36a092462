"""Makes `cases/*.jsonl` with the real Velocity: `make_cases.py RENDER`, where RENDER is the oracle's program.

RENDER reads one JSON object a line and writes one a line; with `--aws` it is API Gateway's model of Velocity. It takes
`template` and `context`, and for API Gateway `body` and `params`; it gives `output`, or `error`, `line` and `column`.
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_PARTS: Final = {
    name: value
    for part in ("constructs.py", "gateway_templates.py", "random_templates.py")
    for name, value in runpy.run_path(str(Path(__file__).parent / part)).items()
}

HERE: Final = Path(__file__).parent / "cases"
CONTEXT: Final[dict[str, Any]] = {
    "a": "A",
    "s": "Hello, World",
    "n": 5,
    "big": 10000000000,
    "f": 2.5,
    "t": True,
    "fa": False,
    "l": [3, 1, 2],
    "m": {"k": "v", "n": {"x": 1}, "z": 0},
    "e": "",
    "em": {},
    "el": [],
    "nul": None,
    "ls": ["a", "b"],
    "lm": [{"id": 1, "name": "x"}, {"id": 2, "name": "y"}],
    "a-b": "AB",
    "huge": 123456789012345678901234567890,
    "mix": ["q", 1, 2.0, True, None, [1], {"y": "z"}],
    "u8": "héé😀x",
}
RANDOM: Final = 400
# Identity hashes and the oracle's own template names differ from run to run.
_UNSTABLE: Final = re.compile(r"@[0-9a-f]{5,9}|template:t|Itr@|\[type:")


def render(program: str, requests: list[dict[str, Any]], *, gateway: bool) -> list[Any]:
    """What Velocity makes of each request: its text, or a map with the error's place."""
    lines = "".join(json.dumps({**each, "aws": gateway}) + "\n" for each in requests)
    command = [program, *(["--aws"] if gateway else [])]
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True)
    return [_result(json.loads(line)) for line in done.stdout.decode().split("\n") if line]


def _result(answer: dict[str, Any]) -> Any:
    if "output" in answer:
        return answer["output"]
    return {"error": answer["error"], "line": answer.get("line"), "column": answer.get("column")}


def both_columns(program: str, templates: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Cases with what stock Velocity and API Gateway's model give."""
    # The oracle starts a new engine where a template defines macros, so those come last.
    ordered = sorted(templates, key=lambda each: "#macro" in each[1] or "#evaluate" in each[1])
    requests = [{"template": template, "context": CONTEXT} for _, template in ordered]
    stock, gateway = render(program, requests, gateway=False), render(program, requests, gateway=True)
    return [
        {"name": name, "template": template, "expected": expected, "expected_aws": expected_aws}
        for (name, template), expected, expected_aws in zip(ordered, stock, gateway, strict=True)
        if not _UNSTABLE.search(json.dumps([expected, expected_aws]))
    ]


def write(name: str, cases: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    (HERE / name).write_text(text, encoding="utf-8")
    print(name, len(cases))


def main(program: str) -> None:
    named = [
        (f"{group}_{at}", each) for group, templates in _PARTS["TEMPLATES"].items() for at, each in enumerate(templates)
    ]
    write("constructs.jsonl", both_columns(program, named))
    generator = _PARTS["RandomTemplates"](2026)
    write("random.jsonl", both_columns(program, [(f"random_{at}", generator.template()) for at in range(RANDOM)]))
    (HERE / "context.json").write_text(json.dumps(CONTEXT, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    requests = [
        {"template": template, "context": {}, "body": _PARTS["BODIES"][body], "params": _PARTS["PARAMETERS"]}
        for body, template in _PARTS["GATEWAY_TEMPLATES"]
    ]
    results = render(program, requests, gateway=True)
    cases = [
        {"name": f"gateway_{at}", **request, "expected_aws": result}
        for at, (request, result) in enumerate(zip(requests, results, strict=True))
        if not _UNSTABLE.search(json.dumps(result))
    ]
    write("aws_input.jsonl", cases)


if __name__ == "__main__":
    main(sys.argv[1])
