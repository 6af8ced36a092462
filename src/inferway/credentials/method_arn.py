"""The ARN of the method that a request is for, under which policies allow or deny to call it.

Source: API Gateway, "Control access for invoking an API", "Statement reference of IAM policies for executing API in API
Gateway" (https://docs.aws.amazon.com/apigateway/latest/developerguide/
api-gateway-control-access-using-iam-policies-to-invoke-api.html).
"""

from collections.abc import Callable
from functools import lru_cache

from inferway.definition.deployment import Deployment
from inferway.exchange import Exchange


def compile_arn(template: str, deployment: Deployment) -> Callable[[Exchange], str]:
    """Settle all of a resource's name but the method and the path (`RequirePermission.resource`).

    The path is made of the route's with its variables filled in, so that no way to write a request changes what the
    policies are asked about.
    """
    settled = (
        template.replace("{region}", deployment.region)
        .replace("{account}", deployment.account)
        .replace("{stage}", deployment.stage.name)
    )
    head, method, rest = settled.partition("{method}")
    between, path, tail = rest.partition("{path}") if method else head.partition("{path}")

    def arn(exchange: Exchange) -> str:
        if not method:
            return f"{between}{_filled(exchange)}{tail}" if path else head
        return f"{head}{exchange.request.method}{between}{_filled(exchange) if path else ''}{tail}"

    return arn


def _filled(exchange: Exchange) -> str:
    given = exchange.parameters
    parts = _parts(exchange.route)
    return "/".join(given.get(name, part) if name else part for part, name in parts)


@lru_cache(maxsize=4096)
def _parts(route: str) -> tuple[tuple[str, str], ...]:
    """Give the parts of a route's path, each with the name of the variable that it is, "" where it is none."""
    segments = route.partition(" ")[2].lstrip("/").split("/")
    return tuple((part, part[1:-1].rstrip("+") if part[:1] == "{" else "") for part in segments)
