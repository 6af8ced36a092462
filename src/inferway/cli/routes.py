"""`inferway routes`: what each route asks of a client, and where it leads."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import typer
from rich.console import Console
from rich.table import Table as Grid

from inferway.app.deploy import link_for
from inferway.app.homes import Homes
from inferway.app.options import RunOptions
from inferway.app.project import Project
from inferway.backends.aws_lambda import bound_function
from inferway.backends.link import Link
from inferway.cli.output import print_json
from inferway.cli.parameters import AsJson, BindingsFile, Definition, FormatName, Parameters, Stack, given
from inferway.cli.progress import Progress
from inferway.cli.run import read_or_exit
from inferway.definition.api import Route
from inferway.definition.bindings import Bindings
from inferway.definition.deployment import Deployment
from inferway.definition.endpoints import BoundEndpoint, Instances
from inferway.definition.guard_steps import LimitByFixedWindow, LimitBySlidingWindow
from inferway.definition.message_steps import SelectBackend
from inferway.definition.stage import Quota, Throttle
from inferway.definition.steps import Invoke, Refuse
from inferway.definition.targets import (
    HttpService,
    HttpUrl,
    LambdaFunction,
    Mock,
    SageMakerEndpoint,
    Selected,
    Table,
    Target,
    Unserved,
)
from inferway.definition.traversal import every_step
from inferway.transport.client import HttpClient

_WIDEST = 10_000
"""Columns of a table that no terminal shows: a program or a file wants each row on one line."""


class Limit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one usage plan, the stage, or a step lets through; an absent part is not limited by it.

    A step lets `calls` through in any `seconds`, or per window of them, 0 for one without end.
    """

    by: str
    throttle: Throttle | None = None
    quota: Quota | None = None
    calls: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        """Give `plan demo: 10/s burst 20, 10000 per day`."""
        parts = [f"{self.throttle.rate:g}/s burst {self.throttle.burst}"] if self.throttle else []
        parts += [f"{self.quota.limit} per {self.quota.period.lower()}"] if self.quota else []
        parts += [f"{self.calls} per {self.seconds:g} s" if self.seconds else str(self.calls)] if self.calls else []
        return f"{self.by}: {', '.join(parts)}"


class ListedTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What a route calls: its kind, its name in the definition, and where it lives here, "" for the same."""

    kind: str
    name: str = ""
    here: str = ""

    def __str__(self) -> str:
        """Give `endpoint movie-ratings -> ./model`."""
        named = f"{self.kind} {self.name}".rstrip()
        return f"{named} -> {self.here}" if self.here else named


class ListedRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route with the address of its stage before its path, and what stands in the way of a call and behind it."""

    method: str
    path: str
    address: str
    authorization: str
    api_key: bool
    limits: tuple[Limit, ...]
    targets: tuple[ListedTarget, ...]


class ListedStage(msgspec.Struct, frozen=True, kw_only=True):
    """The routes of one API at one stage."""

    api: str
    stage: str
    address: str
    routes: tuple[ListedRoute, ...]


def routes(
    path: Definition,
    bindings: BindingsFile = None,
    format_name: FormatName = None,
    parameters: Parameters = None,
    stack: Stack = "",
    as_json: AsJson = False,
) -> None:
    """List the routes of a definition.

    For each stage: the address of each route, what it asks of a client, its limits, and where it leads.

    \b
    Examples:
      inferway routes examples/movies
      inferway routes openapi.yaml --json
    """
    asked = RunOptions(path=path, bindings=bindings, format=format_name, given=given(parameters, stack))
    project = read_or_exit(asked, Progress())
    stages = asyncio.run(list_stages(project))
    if as_json:
        print_json({"stages": stages})
        return
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDEST
    for number, stage in enumerate(stages):
        if number:
            typer.echo("")
        typer.echo(f"{stage.api}:{stage.stage}")
        with console.capture() as table:
            console.print(_table(stage))
        typer.echo("\n".join(line.rstrip() for line in table.get().splitlines()))


def _table(stage: ListedStage) -> Grid:
    table = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("METHOD", no_wrap=True)
    table.add_column("PATH", overflow="fold")
    for name in ("AUTH", "LIMITS", "TARGET"):
        table.add_column(name, overflow="fold")
    for route in stage.routes:
        needed = [route.authorization] if route.authorization != "NONE" else []
        needed += ["API key"] if route.api_key else []
        cells = (
            " + ".join(needed) or "NONE",
            "; ".join(map(str, route.limits)) or "-",
            "; ".join(map(str, route.targets)) or "-",
        )
        table.add_row(route.method, route.address, *cells)
    return table


async def list_stages(project: Project) -> tuple[ListedStage, ...]:
    """List a project's routes by stage; opens no connection."""
    client = HttpClient()
    bindings = project.bindings
    return tuple(
        _stage(deployment, bindings, link_for(deployment, bindings, Homes(), client))
        for deployment in project.deployments
    )


def _stage(deployment: Deployment, bindings: Bindings, link: Link) -> ListedStage:
    address = "/" + "/".join(part for part in (deployment.api.slug, deployment.stage.name) if part)
    listed = tuple(
        ListedRoute(
            method=route.method,
            path=route.path,
            address=address + route.path,
            authorization=route.authorization,
            api_key=route.api_key_required,
            limits=tuple(_limits(deployment, route)),
            targets=tuple(dict.fromkeys(_targets(route, bindings, link))),
        )
        for route in deployment.api.routes
    )
    return ListedStage(api=deployment.api.name, stage=deployment.stage.name, address=address, routes=listed)


def _limits(deployment: Deployment, route: Route) -> Iterator[Limit]:
    """Give the limits that are set for a route, in the order in which they are applied."""
    for plan in deployment.plans if route.api_key_required else ():
        throttle = plan.routes.get(f"{route.path}/{route.method}", plan.throttle)
        if throttle is not None or plan.quota is not None:
            yield Limit(by=f"plan {plan.name}", throttle=throttle, quota=plan.quota)
    throttle = deployment.stage.settings(route.path, route.method).throttle
    if throttle is not None:
        yield Limit(by="stage", throttle=throttle)
    for step in every_step(route.pipeline):
        if isinstance(step, LimitBySlidingWindow):
            yield Limit(by="rate", calls=step.calls, seconds=step.seconds)
        elif isinstance(step, LimitByFixedWindow):
            yield Limit(by="quota", calls=step.calls, seconds=step.seconds)


def _targets(route: Route, bindings: Bindings, link: Link) -> Iterator[ListedTarget]:
    selected: tuple[Target, ...] = ()
    for step in every_step(route.pipeline):
        if isinstance(step, Refuse):
            yield ListedTarget(kind="refused", name=step.cause)
        elif isinstance(step, SelectBackend):
            selected = tuple(step.services.values())
        elif isinstance(step, Invoke) and isinstance(step.target, Selected):
            for target in selected or ((step.target.fallback,) if step.target.fallback else (step.target,)):
                yield _target(target, bindings, link)
        elif isinstance(step, Invoke):
            yield _target(step.target, bindings, link)


def _target(target: Target, bindings: Bindings, link: Link) -> ListedTarget:
    match target:
        case SageMakerEndpoint():
            name = link.substitute(target.name)
            endpoint = bindings.endpoints.get(name)
            return ListedTarget(kind="endpoint", name=name, here=_home(endpoint) if endpoint else "not bound")
        case HttpUrl() | HttpService():
            url = link.substitute(target.url)
            bound = msgspec.structs.replace(link, urls=bindings.urls).bound_url(url)
            return ListedTarget(kind="url", name=url, here="" if bound == url else bound)
        case LambdaFunction():
            bound = bound_function(dict.fromkeys(bindings.functions, ""), target.name)
            return ListedTarget(kind="function", name=target.name, here=_function(bindings, bound))
        case Table():
            here = "" if target.name in bindings.tables else "not bound"
            return ListedTarget(kind="table", name=target.name, here=here)
        case Mock():
            return ListedTarget(kind="mock")
        case Selected():
            return ListedTarget(kind="selected")
        case Unserved():
            return ListedTarget(kind="not served", name=target.what)


def _function(bindings: Bindings, key: str) -> str:
    function = bindings.functions.get(key)
    if function is None:
        return "not bound"
    return function.url or _from_here(Path(function.path))


def _home(endpoint: BoundEndpoint) -> str:
    return ", ".join(f"{key} {_places(part)}".lstrip() for key, part in endpoint.slots())


def _places(part: Instances) -> str:
    return ", ".join(part.known_urls) or _from_here(Path(part.serve))


def _from_here(folder: Path) -> str:
    """Give a folder from here where it lies below."""
    here = Path.cwd()
    return f"./{folder.relative_to(here)}" if folder.is_relative_to(here) else str(folder)
