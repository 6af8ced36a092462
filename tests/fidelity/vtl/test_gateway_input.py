"""API Gateway templates over `$input` and `$util`, with the smallest host objects that will do.

The real ones are the dialect's; it runs `cases/aws_input.jsonl` through its own scope.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote_plus, unquote_plus

import pytest

from inferway.languages.vtl import JsonList, VtlError, compile_template, json_text

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "aws_input.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]


def parsed(text: str) -> Any:
    """JSON as json-smart reads it: arrays become JsonLists; bare text stands for itself."""
    try:
        return listed(json.loads(text))
    except ValueError:
        return None


def listed(value: Any) -> Any:
    if isinstance(value, list):
        return JsonList([listed(item) for item in value])
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    return value


def walked(value: Any, path: str) -> Any:
    """The paths of these cases: names and numbers."""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        try:
            value = value[name] if name else value[int(index)]
        except (KeyError, IndexError, TypeError):
            return None
    return value


class Input:
    def __init__(self, body: str | None, params: dict[str, dict[str, str]]) -> None:
        self.body = body
        self.params = params

    def path(self, path: str) -> Any:
        return walked(parsed(self.body), path) if self.body else None

    def json(self, path: str) -> str:
        found = self.path(path)
        return '""' if found is None else json_text(found)

    def parameters(self) -> dict[str, dict[str, str]]:
        return self.params

    def parameter(self, name: str) -> str:
        return next((part[name] for part in self.params.values() if name in part), "")

    vtl_methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("path", 1): path,
        ("json", 1): json,
        ("params", 0): parameters,
        ("params", 1): parameter,
    }
    vtl_properties: ClassVar[Mapping[str, Callable[[Any], object]]] = {"body": lambda self: self.body or "{}"}


ESCAPED = {'"': '\\"', "'": "\\'", "/": "\\/", "\\": "\\\\"}


class Util:
    vtl_methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("escapeJavaScript", 1): lambda _, text: "".join(ESCAPED.get(each, each) for each in text),
        ("urlEncode", 1): lambda _, text: quote_plus(text),
        ("urlDecode", 1): lambda _, text: unquote_plus(text),
        ("base64Encode", 1): lambda _, text: base64.b64encode(text.encode()).decode(),
        ("base64Decode", 1): lambda _, text: base64.b64decode(text).decode(),
        ("parseJson", 1): lambda _, text: parsed(text),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_renders_as_the_model_of_api_gateway(case: dict[str, Any]) -> None:
    context = {"input": Input(case["body"], case["params"]), "util": Util()}
    expected = case["expected_aws"]
    if isinstance(expected, str):
        assert compile_template(case["template"], "apigateway").render(context) == expected
        return
    with pytest.raises(VtlError) as caught:
        compile_template(case["template"], "apigateway").render(context)
    if expected["line"] is not None:
        assert (caught.value.line, caught.value.column) == (expected["line"], expected["column"])
