"""`inferway invoke`: one method of a running gateway, or its authorizer, as Amazon API Gateway's tests run them."""

import json
from typing import Annotated, Any, Final

import typer

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

_PATH: Final = "/_inferway/invoke"
_MISSING: Final = "invokes no methods: it is off with --no-trace, with several workers, or off loopback"


def invoke(
    method: Method,
    path: RequestPath,
    body: Body = "",
    header: Headers = None,
    variable: Annotated[
        list[str] | None, typer.Option("--stage-variable", metavar="NAME=VALUE", help="Over the stage's own.")
    ] = None,
    authorizer: Annotated[
        bool, typer.Option("--authorizer", help="Ask the method's authorizer alone, as TestInvokeAuthorizer does.")
    ] = False,
    url: GatewayUrl = GATEWAY_URL,
    as_json: AsJson = False,
) -> None:
    """Invoke one method, whoever may call it, and show its execution log.

    As TestInvokeMethod, and the console's Test: authorization, API keys, throttles and the cache take no part,
    templates see the stage test-invoke-stage, and what stands behind the method is really called.

    \b
    Examples:
      inferway invoke GET '/movies/prod/predicted-ratings/321?items=101,131'
      inferway invoke POST /orders/prod/orders -d @order.json --stage-variable table=orders-test
      inferway invoke GET /orders/prod/orders --authorizer -H 'Authorization: Bearer TOKEN'
    """
    variables = dict(_pair(each) for each in variable or [])
    asked = {
        "method": method.upper(),
        "path": path,
        "headers": headers_of(header or []),
        "body": body_of(body),
        "variables": variables,
        "authorizer": authorizer,
    }
    seen = ask(url, _PATH, asked, missing=_MISSING)
    if as_json:
        print_json(seen)
    else:
        typer.echo((_tested if authorizer else _shown)(seen), nl=False)


def _pair(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not name or not equals:
        raise typer.BadParameter(f"{given!r} is no stage variable: write NAME=VALUE", param_hint="--stage-variable")
    return name, value


def _shown(seen: dict[str, Any]) -> str:
    lines = [f"Status: {seen['status']}", f"Latency: {seen['latency']} ms", "Response body", _safe(seen["body"])]
    lines += ["Response headers", _safe(json.dumps(dict(seen["headers"]), ensure_ascii=False)), "Log"]
    return "\n".join(lines) + "\n" + "".join(f"{_safe(line)}\n" for line in seen["log"].splitlines())


def _tested(seen: dict[str, Any]) -> str:
    status = seen["clientStatus"]
    lines = [f"Status: {status} (the authorizer let the caller in)" if status == 0 else f"Status: {status}"]
    lines += [f"Latency: {seen['latency']} ms", f"Principal: {_safe(seen['principalId'])}", "Policy"]
    lines += [_safe(seen["policy"]), "Claims", _safe(json.dumps(seen["claims"], ensure_ascii=False)), "Log"]
    return "\n".join(lines) + "\n" + "".join(f"{_safe(line)}\n" for line in seen["log"].splitlines())


def _safe(text: str) -> str:
    """Give a text as a terminal can show it: no control character of a body or a header may reach it."""
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)
