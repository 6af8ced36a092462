"""The README of a client SDK: how it is included, made and called, and what its functions are."""

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template
from typing import Final

from inferway.dialects.apigateway.sdk.calls import SdkCall

_VARIABLE: Final = re.compile(r"\{([^}]+?)\+?\}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")

_HOW: Final = "readme.md"


def readme(title: str, calls: Iterable[SdkCall], url: str, folder: str, region: str) -> str:
    """Give the text, in Markdown."""
    methods = tuple(calls)
    example = next((call.names[0] for call in methods if _IDENTIFIER.fullmatch(call.names[0])), "method")
    name = _MARKUP.sub(r"\\\1", " ".join(title.split()))
    text = Template(files(__package__).joinpath(_HOW).read_text("utf-8"))
    head = text.substitute(title=name, url=url, folder=folder, region=region, example=example)
    return head + "".join(_row(call) for call in methods)


def _row(call: SdkCall) -> str:
    functions = ", ".join(f"`{name}`" for name in call.names)
    return f"| {functions} | {call.method} `{call.path}` | {', '.join(_parameters(call))} |\n"


def _parameters(call: SdkCall) -> Iterator[str]:
    path = _VARIABLE.findall(call.path)
    yield from (f"`{name}` (path)" for name in path)
    for place, names in (("query", call.query), ("header", call.headers)):
        yield from (f"`{name}` ({place}{', required' if name in call.required else ''})" for name in names)
