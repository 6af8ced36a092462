"""`inferway trace`: one request through a running development gateway, step by step."""

import json
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax
from rich.tree import Tree

from inferway.cli.gateway import ask
from inferway.cli.output import print_json
from inferway.cli.parameters import (
    GATEWAY_URL,
    AsJson,
    Body,
    GatewayUrl,
    Headers,
    Method,
    RequestPath,
    body_of,
    headers_of,
)

_PATH: Final = "/_inferway/trace/request"
_MISSING: Final = "has no trace: it is off with --no-trace, with several workers, or off loopback"
_WIDEST: Final = 100
"""Characters of a line of a value; what is longer is cut on a terminal and whole with --json."""


def trace(
    method: Method,
    path: RequestPath,
    body: Body = "",
    header: Headers = None,
    url: GatewayUrl = GATEWAY_URL,
    as_json: AsJson = False,
) -> None:
    """Send one request and show what each step made of it.

    It goes through a running gateway, which answers this on the loopback interface only. A request to a model is
    really sent. The same stands as a page at /_inferway/trace, where templates can be edited and tried.

    \b
    Examples:
      inferway trace GET '/movies/prod/predicted-ratings/321?items=101,131' -H 'x-api-key: KEY'
      inferway trace POST /ml-model/predict -d @body.json -H 'content-type: application/json'
    """
    asked = {"method": method.upper(), "path": path, "headers": headers_of(header or []), "body": body_of(body)}
    seen = ask(url, _PATH, asked, missing=_MISSING)
    if as_json:
        print_json(seen)
    else:
        _show(seen)


def _show(seen: dict[str, Any]) -> None:
    console = Console(highlight=False)
    request, response = seen["request"], seen["response"]
    query = f"?{request['query']}" if request["query"] else ""
    tree = Tree(f"[bold]{request['method']} {escape(request['path'] + query)}[/]")
    where = f"{seen['api']}, {seen['route']}" if seen["route"] else "no route"
    parameters = "".join(f" {name}={value}" for name, value in seen["parameters"].items())
    tree.add(f"[dim]{escape(where + parameters)}[/]")
    _add_steps(tree, seen["steps"])
    if seen["fault"]:
        fault = seen["fault"]
        tree.add(f"[red]{fault['kind']}[/] ({fault['whose']}) {escape(fault['cause'])}".rstrip())
    out = tree.add(f"[bold]{response['status']}[/] after {seen['took']:.2f} ms")
    _add_message(out, response)
    console.print(tree)


def _add_steps(tree: Tree, steps: list[dict[str, Any]]) -> None:
    for step in steps:
        label = f" {escape(step['label'])}" if step["label"] else ""
        ended = f"  [yellow]{escape(step['outcome'])}[/]" if step["outcome"] else ""
        node = tree.add(f"[cyan]{step['step']}[/]{label}  [dim]{step['took']:.2f} ms[/]{ended}")
        for name, value in step["changes"].items():
            branch = node.add(f"[green]{name}[/]")
            if isinstance(value, dict) and "headers" in value:
                _add_message(branch, value)
            else:
                _add_value(branch, value)
        _add_steps(node, step["steps"])


def _add_message(tree: Tree, message: dict[str, Any]) -> None:
    for key, value in message.items():
        if key == "headers":
            for name, text in value:
                tree.add(f"[dim]{name}:[/] {_cut(text)}")
        elif key == "body":
            if value:
                _add_value(tree, _parsed(value))
        elif value:
            tree.add(f"[dim]{key}:[/] {_cut(value if isinstance(value, str) else json.dumps(value))}")


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _add_value(tree: Tree, value: object) -> None:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    lines = [_short(line) for line in text.splitlines()]
    tree.add(
        Syntax("\n".join(lines), "json" if not isinstance(value, str) else "text", theme="ansi_dark", word_wrap=True)
    )


def _cut(text: str) -> str:
    """Give a text no wider than a line should be, its brackets safe from Rich's markup."""
    return escape(_short(text))


def _short(text: str) -> str:
    """Give a line as a terminal can show it: no control character of a body or a header may reach it."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"
