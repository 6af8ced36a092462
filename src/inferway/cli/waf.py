"""`inferway waf`: what the web ACLs of a definition would do with a request."""

import asyncio
import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
import typer

from inferway.app.project_reader import read_project
from inferway.cli.curl_command import Asked, read_body, read_curl, read_header
from inferway.cli.output import fail, print_json
from inferway.cli.parameters import AsJson, BindingsFile, Body, FormatName, Headers
from inferway.definition.deployment import Deployment
from inferway.definition.web_acl import ApplyWebAcl, Verdict
from inferway.exchange import Headers as WireHeaders
from inferway.exchange import Request
from inferway.stores.memory import MemoryCounters
from inferway.waf.engine import CompiledAcl, CompiledRule, Decision, Seen
from inferway.waf.inspection import Inspection
from inferway.waf.responses import status_of

EXIT: Final = {Verdict.ALLOW: 0, Verdict.BLOCK: 3, Verdict.CAPTCHA: 4, Verdict.CHALLENGE: 5, Verdict.MONETIZE: 6}
"""The exit status of each outcome."""

_LINE: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+)(?: HTTP/(\d(?:\.\d)?))?")


def waf(
    action: Annotated[str, typer.Argument(metavar="test", help="What to do: test.")],
    request: Annotated[
        list[str],
        typer.Argument(metavar="REQUEST", help="A file with a raw HTTP request, METHOD PATH, or a curl command."),
    ],
    definition: Annotated[
        Path, typer.Option("--definition", "-C", metavar="PATH", exists=True, help="The definition.")
    ] = Path(),
    bindings: BindingsFile = None,
    format_name: FormatName = None,
    api: Annotated[str, typer.Option("--api", metavar="NAME[:STAGE]", help="The API, where there are several.")] = "",
    header: Headers = None,
    data: Body = "",
    client: Annotated[str, typer.Option("--client", metavar="ADDRESS", help="The client's address.")] = "127.0.0.1",
    repeat: Annotated[int, typer.Option("--repeat", metavar="N", min=1, help="Send it so often, for rates.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Say what the web ACL in front of an API makes of a request.

    Each rule is named with what it does, in the order in which they are tried, and at the end what becomes of the
    request. Nothing is served and nothing is called. The exit status is 0 where the request goes on, 3 where it is
    blocked, 4 for a CAPTCHA, 5 for a challenge, 6 where payment is asked for, and 1 where something cannot be read.

    \b
    Examples:
      inferway waf test GET '/prod/products?id=1%20OR%201=1' -C examples/waf
      inferway waf test request.http -C template.yaml --client 192.0.2.44
      inferway waf test "curl -A sqlmap/1.8 https://api.example.com/prod/products"
    """
    if action != "test":
        raise typer.BadParameter(f"{action!r} is nothing that can be done: write `inferway waf test REQUEST`")
    asked = _asked(request, header or [], data)
    project = read_project(definition, bindings, format_name)
    if project.broken:
        fail("; ".join(str(finding) for finding in project.findings if finding.severity == "error"))
    deployment, step = _chosen(project.deployments, api)
    try:
        compiled = CompiledAcl(step, MemoryCounters())
    except ValueError as error:
        fail(str(error))
    made = Request(
        method=asked.method,
        path=urlsplit(asked.path).path or "/",
        query=urlsplit(asked.path).query,
        headers=_wire(asked),
        body=asked.body,
        client=client,
    )
    uri = _uri(made.path, deployment)
    for _ in range(repeat):
        seen: Seen = []
        view = compiled.inspection(made, uri)
        decision = _settled(compiled.decide(view, seen))
    if as_json:
        print_json(_document(step, seen, view, decision))
    else:
        _show(step, seen, view, decision)
    raise typer.Exit(EXIT.get(decision.action.verdict, 0))


def _settled(deciding: Decision | Awaitable[Decision]) -> Decision:
    if isinstance(deciding, Decision):
        return deciding

    async def wait() -> Decision:
        return await deciding

    return asyncio.run(wait())


def _uri(path: str, deployment: Deployment) -> str:
    """Give the path as the vendor would see it, however the request names the API."""
    for name in (deployment.api.slug, deployment.api.id):
        if name and path.startswith(f"/{name}/"):
            return path[len(name) + 1 :]
    return path


def _chosen(deployments: tuple[Deployment, ...], api: str) -> tuple[Deployment, ApplyWebAcl]:
    """Give the one deployment that is asked for, with its web ACL; ends the command where there is none, or several."""
    name, _, stage = api.partition(":")
    found = [
        (deployment, step)
        for deployment in deployments
        for step in deployment.stage.front
        if isinstance(step, ApplyWebAcl)
        and name in ("", deployment.api.name, deployment.api.slug)
        and stage in ("", deployment.stage.name)
    ]
    if not found:
        fail(f"no web ACL stands in front of {api or 'anything here'}")
    if len(found) > 1 and len({step.acl for _, step in found}) > 1:
        names = ", ".join(f"{each.api.slug}:{each.stage.name}" for each, _ in found)
        fail(f"web ACLs stand in front of {names}; name one with --api")
    return found[0]


def _asked(request: list[str], header: list[str], data: str) -> Asked:
    """Read the request: a file, a method and a path, or a curl command."""
    if len(request) == 1 and request[0].lstrip().startswith("curl "):
        asked = read_curl(request[0])
    elif len(request) == 1 and Path(request[0]).is_file():
        asked = _of_file(Path(request[0]))
    elif len(request) == 2:
        asked = Asked(method=request[0].upper(), path=request[1])
    else:
        raise typer.BadParameter("a request is a file, METHOD PATH, or a curl command in quotes")
    body = read_body(data) or asked.body
    return msgspec.structs.replace(asked, headers=(*asked.headers, *map(read_header, header)), body=body)


def _of_file(file: Path) -> Asked:
    """Read a raw HTTP request: its line, its headers, an empty line, its body."""
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error}")
    head, _, body = content.replace(b"\r\n", b"\n", content.partition(b"\r\n\r\n")[0].count(b"\r\n") + 2).partition(
        b"\n\n"
    )
    first, *lines = head.decode("latin-1").split("\n")
    found = _LINE.fullmatch(first.strip())
    if found is None:
        fail(f"{file}:1: {first[:80]!r} is no request line: METHOD PATH HTTP/1.1")
    return Asked(
        method=found[1], path=found[2], headers=tuple(read_header(line) for line in lines if line.strip()), body=body
    )


def _wire(asked: Asked) -> WireHeaders:
    return [
        (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in asked.headers
    ]


def _name(rule: CompiledRule) -> str:
    own = rule.rule.name if rule.rule is not None else "scope-down"
    return f"{rule.group.name}/{own}" if rule.group is not None else own


def _document(step: ApplyWebAcl, seen: Seen, view: Inspection, decision: Decision) -> dict[str, object]:
    return {
        "webAcl": step.acl.name,
        "rules": [
            {
                "name": _name(rule),
                "matched": matched,
                "action": rule.rule.action.verdict.value if rule.rule is not None and matched else None,
            }
            for rule, matched in seen
        ],
        "labels": list(view.labels),
        "inserted": [list(pair) for pair in view.inserted or ()],
        "action": decision.action.verdict.value,
        "rule": decision.name,
        "status": status_of(decision),
        "undecided": decision.undecided,
    }


def _show(step: ApplyWebAcl, seen: Seen, view: Inspection, decision: Decision) -> None:
    typer.echo(f"web ACL {step.acl.name}")
    for rule, matched in seen:
        told = rule.rule.action.verdict.value if matched and rule.rule is not None else "-"
        typer.echo(f"  {told:<9} {_name(rule)}")
    for label in view.labels:
        typer.echo(f"  label     {label}")
    for name, value in view.inserted or ():
        typer.echo(f"  header    {name}: {value}")
    late = ", whose pattern takes too long on this request" if decision.undecided else ""
    typer.echo(f"{decision.action.verdict.value} by {decision.name}{late} ({status_of(decision)})")
