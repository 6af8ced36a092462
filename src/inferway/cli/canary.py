"""`inferway canary`: the canary releases of a running gateway, and how each has ended."""

import time
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from inferway.cli.gateway import ask
from inferway.cli.output import print_json
from inferway.cli.parameters import GATEWAY_URL, AsJson, GatewayUrl

_PATH: Final = "/_inferway/canaries"
_MISSING: Final = "is no gateway that knows of canary releases"


class Action(StrEnum):
    """What can be done to a release."""

    SHOW = "show"
    PROMOTE = "promote"
    ROLL_BACK = "rollback"
    RESTART = "restart"


_OUTCOMES: Final = {Action.PROMOTE: "promoted", Action.ROLL_BACK: "rolled back", Action.RESTART: "restarted"}


def canary(
    action: Annotated[
        Action, typer.Argument(metavar="[ACTION]", help="show, promote, rollback or restart.")
    ] = Action.SHOW,
    name: Annotated[str, typer.Argument(metavar="[API:STAGE]", help="Which release.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, for the journal.")] = "",
    url: GatewayUrl = GATEWAY_URL,
    as_json: AsJson = False,
) -> None:
    """Show canary releases and how each has ended, or end one.

    A release that has a rule ends by itself. Decisions outlive the gateway; a release whose definition or variables
    change is a new one, and one that has ended can be begun anew with restart.

    \b
    Examples:
      inferway canary
      inferway canary promote movies:prod --reason 'looks good'
    """
    if action is Action.SHOW:
        document = ask(url, _PATH, missing=_MISSING)
        if as_json:
            print_json(document)
        else:
            _show(document["canaries"])
        return
    if not name:
        raise typer.BadParameter(f"which one to {action.value}? `inferway canary` lists them", param_hint="API:STAGE")
    document = ask(url, _PATH, {"name": name, "outcome": _OUTCOMES[action], "reason": reason}, missing=_MISSING)
    if as_json:
        print_json(document)
    else:
        typer.echo(f"{name} is {document['message']}")


def _show(canaries: list[dict[str, Any]]) -> None:
    if not canaries:
        typer.echo("no canary release is under way, and none has been decided")
        return
    console = Console(highlight=False)
    under_way = [each for each in canaries if each["state"] == "under way"]
    if under_way:
        table = Table("release", "share", "since", "", "requests", "errors", "latency", box=None, pad_edge=False)
        for each in under_way:
            since = f"{each['seconds']:.0f} s"
            table.add_row(escape(each["name"]), f"{each['percent']:g} %", since, "canary", *_counts(each["canary"]))
            table.add_row("", "", "", "stage", *_counts(each["stage"]))
        console.print(table)
        for each in under_way:
            if each["rule"]:
                console.print(f"[dim]{escape(each['name'])}: {escape(_rule(each['rule']))}[/]", soft_wrap=True)
    for each in canaries:
        if each["state"] != "under way":
            when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(each["time"]))
            reason = f": {each['reason']}" if each["reason"] else ""
            line = f"{when}  {each['name']}  {each['state']} by {each['by']}{reason}"
            console.print(escape(line), soft_wrap=True)


def _counts(seen: dict[str, Any]) -> tuple[str, str, str]:
    return str(seen["requests"]), str(seen["errors"]), f"p{seen['percentile']:g} {seen['latency']:g} ms"


def _rule(rule: dict[str, Any]) -> str:
    bounds = []
    if rule["errors"] is not None:
        bounds.append(f"errors ≤ {rule['errors']:g} %")
    if rule["latency"] is not None:
        bounds.append(f"p{rule['percentile']:g} ≤ {rule['latency']:g} ms")
    return f"{', '.join(bounds)}; at least {rule['requests']} requests, promoted after {rule['bake']:g} s"
