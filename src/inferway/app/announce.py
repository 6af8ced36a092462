"""What `inferway run` says when it is ready: where each API is, its keys, and a call to try."""

import shlex
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from inferway.app.project import Project
from inferway.definition.api import Route
from inferway.definition.deployment import Deployment
from inferway.definition.steps import ParameterIn, RequireApiKey, ValidateBody
from inferway.definition.traversal import every_step

_READING: Final = ("GET", "ANY")


class ServedApi(msgspec.Struct, frozen=True, kw_only=True):
    """One API as served: its base URL and the values of the keys that may call it."""

    name: str
    url: str
    keys: tuple[str, ...]


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """All that one gateway serves, and what the definitions export."""

    url: str
    apis: tuple[ServedApi, ...]
    outputs: dict[str, object] = {}


def served(project: Project, url: str) -> Served:
    """Give what a project serves below a URL."""
    return Served(
        url=url,
        apis=tuple(
            ServedApi(
                name=deployment.api.name,
                url=_base(deployment, url),
                keys=tuple(_keys(deployment, project)),
            )
            for deployment in project.deployments
        ),
        outputs={output.name: _here(output.value, project, url) for output in project.outputs},
    )


def _here(value: object, project: Project, url: str) -> object:
    """Give an exported value with addresses that APIs would have in the cloud as those that they have here."""
    if isinstance(value, dict):
        return {key: _here(held, project, url) for key, held in value.items()}
    if isinstance(value, list):
        return [_here(held, project, url) for held in value]
    if isinstance(value, str) and value.startswith("https://"):
        for deployment in project.deployments:
            api = deployment.api
            whole = [f"https://{host.name}/" for host in api.hosts if not (host.base or host.stage)]
            if (api.id and value.startswith(f"https://{api.id}.")) or f"{value}/".startswith(tuple(whole)):
                return f"{url}/{api.slug}/{value.split('/', 3)[3] if value.count('/') > 2 else ''}"
    return value


def _base(deployment: Deployment, url: str) -> str:
    return "/".join(part for part in (url, deployment.api.slug, deployment.stage.name) if part)


def _keys(deployment: Deployment, project: Project) -> list[str]:
    """Give the values of keys that may call: those of plans; others where they are enough and no plan has any."""
    covered = {key for plan in deployment.plans for key in plan.keys}
    enabled = [key for key in deployment.keys if key.enabled]
    of_plans = [key for key in enabled if key.id in covered]
    others = enabled if _without_plans(deployment) else []
    values = (project.keys.get(key.digest) for key in of_plans or others)
    return [value for value in values if value is not None]


def _without_plans(deployment: Deployment) -> bool:
    """Whether keys that no plan covers are of use: there are no plans, or such keys count and a route asks for one."""
    routes = deployment.api.routes
    steps = (step for route in routes for step in every_step(route.pipeline) if isinstance(step, RequireApiKey))
    if any(step.planless for step in steps):
        return any(route.api_key_required for route in routes)
    return not deployment.plans


def example_calls(project: Project, url: str, authority: Path | None = None) -> list[str]:
    """Give one `curl` line per API: its first route for which the definition gives all examples that a call needs.

    A route that only reads comes before others; one that asks for a signature or a token is none to try. `authority` is
    a file for curl to trust.
    """
    trusting = () if authority is None else ("--cacert", str(authority))
    calls = []
    for deployment in project.deployments:
        keys = _keys(deployment, project)
        base = _base(deployment, url)
        routes = sorted(deployment.api.routes, key=lambda route: route.method not in _READING)
        made = (_call(route, base, keys, trusting) for route in routes)
        calls += [call for call in made if call is not None][:1]
    return calls


def _key_header(route: Route) -> str:
    required = (step.header for step in every_step(route.pipeline) if isinstance(step, RequireApiKey))
    return next(required, "x-api-key")


def _wants_body(route: Route) -> bool:
    """Whether a route holds bodies to a schema, which an empty one does not hold to."""
    return route.method not in _READING and any(isinstance(step, ValidateBody) for step in every_step(route.pipeline))


def _call(route: Route, base: str, keys: list[str], trusting: tuple[str, ...]) -> str | None:
    if route.method == "OPTIONS" or route.authorization != "NONE" or (route.api_key_required and not keys):
        return None
    path = route.path
    query: list[str] = []
    headers = [f"{_key_header(route)}: {keys[0]}"] if route.api_key_required else []
    for parameter in route.parameters:
        if not parameter.example:
            if parameter.required or parameter.location is ParameterIn.PATH:
                return None
        elif parameter.location is ParameterIn.PATH:
            path = path.replace(f"{{{parameter.name}}}", quote(parameter.example, safe=""))
        elif parameter.location is ParameterIn.QUERY:
            query.append(f"{quote(parameter.name)}={quote(parameter.example, safe=',')}")
        else:
            headers.append(f"{parameter.name}: {parameter.example}")
    if "{" in path or (not route.example_body and _wants_body(route)):
        return None
    words = ["curl", *trusting, *(word for header in headers for word in ("-H", header))]
    if route.method not in _READING:
        words += ["-X", route.method]
    if route.example_body:
        words += ["-H", "content-type: application/json", "-d", route.example_body]
    return shlex.join([*words, base + path + (f"?{'&'.join(query)}" if query else "")])
