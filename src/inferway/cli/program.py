"""The `inferway` program: its commands by name, each imported only when it is called."""

import signal
from importlib import import_module
from types import FrameType
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from inferway import __version__

COMMANDS: Final = {
    "run": ("inferway.cli.run:run", "Serve the APIs that a definition describes."),
    "up": ("inferway.cli.up:up", "Put a managed API in front of a model folder."),
    "check": ("inferway.cli.check:check", "Say what a definition would do here, with file and line."),
    "routes": ("inferway.cli.routes:routes", "List the routes of a definition."),
    "export": ("inferway.cli.export:export", "Give an API of API Gateway as an OpenAPI document."),
    "sdk": ("inferway.cli.sdk:sdk", "Make a client SDK for an API of API Gateway."),
    "render": ("inferway.cli.render:render", "Evaluate one mapping template against one event."),
    "canary": ("inferway.cli.canary:canary", "Show canary releases and how each has ended, or end one."),
    "invoke": ("inferway.cli.invoke:invoke", "Invoke one method, whoever may call it, and show its execution log."),
    "trace": ("inferway.cli.trace:trace", "Send one request and show what each step made of it."),
    "waf": ("inferway.cli.waf:waf", "Say what the web ACL in front of an API makes of a request."),
    "serve": ("inferway.cli.serve:serve", "Serve a model folder alone, without an API in front of it."),
}
"""The function behind each command, and the line that `inferway --help` gives it."""

_PLAIN: Final[dict[str, Any]] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 100},
}


class _Commands(TyperGroup):
    """A group that knows its commands' names and help, and imports the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, None if command is None else load_command(str(name)), rest


def load_command(name: str) -> Any:
    """Import a command's module and make the command that Typer runs."""
    reference, _ = COMMANDS[name]
    module, _, function = reference.partition(":")
    single = typer.Typer(**_PLAIN)
    single.command(name)(getattr(import_module(module), function))
    return typer.main.get_command(single)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"inferway {__version__}")
        raise typer.Exit


def _inferway(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Managed REST APIs in front of machine-learning models.

    \b
    inferway up MODEL_FOLDER     an API with a key, a limit and a page, from a model alone
    inferway run PATH            the APIs of a cloud definition, served here
    """


def _not_loaded() -> None:
    """Stand for a command until it is called."""


def program() -> typer.Typer:
    """Make the program, with none of its commands imported."""
    app = typer.Typer(cls=_Commands, no_args_is_help=True, **_PLAIN)
    app.callback()(_inferway)
    for name, (_, text) in COMMANDS.items():
        app.command(name, help=text)(_not_loaded)
    return app


def main() -> None:
    """Run the command line: exits with 0, 1 for what was found or refused, 2 for wrong usage, 130 for Ctrl-C.

    SIGTERM ends it as Ctrl-C does, with 143, so that nothing that was begun is left; what serves heeds it itself.
    """
    signal.signal(signal.SIGTERM, _terminated)
    program()(prog_name="inferway")


def _terminated(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
