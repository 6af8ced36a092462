"""`inferway run`: serve the APIs that a definition describes."""

import socket
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from inferway.app.announce import example_calls, served
from inferway.app.dry_run import dry_run
from inferway.app.loopback import is_loopback
from inferway.app.options import RunOptions
from inferway.app.project import Project
from inferway.app.run import claim, read_again
from inferway.app.run import run as serve_project
from inferway.app.state import State
from inferway.app.tls import TlsError
from inferway.app.tls_options import TlsOptions, development
from inferway.app.tracing import PATH as TRACE
from inferway.cli.output import address_fault, fail, once, print_json
from inferway.cli.parameters import (
    AccessLog,
    AsJson,
    BindingsFile,
    Definition,
    FormatName,
    Host,
    Install,
    Parameters,
    Port,
    Stack,
    given,
)
from inferway.cli.progress import Progress
from inferway.faults import Severity

Ready = Callable[[Project, str], None]
"""Is told once, when everything is served, by the project and its URL."""


class Edge(StrEnum):
    """The two servers in front of the core."""

    PROTOCOL = "protocol"
    ASGI = "asgi"


def run(
    path: Definition,
    bindings: BindingsFile = None,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, envvar="INFERWAY_WORKERS", help="Processes that serve.")
    ] = 1,
    reload: Annotated[bool, typer.Option("--reload", help="Serve edits of the files as they are saved.")] = False,
    as_json: AsJson = False,
    format_name: FormatName = None,
    parameters: Parameters = None,
    stack: Stack = "",
    install: Install = False,
    edge: Annotated[Edge, typer.Option("--edge", help="Inferway's own server, or one for ASGI.")] = Edge.PROTOCOL,
    access_log: AccessLog = True,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak HTTPS, with a certificate for development unless one is named.")
    ] = False,
    tls_certificate: Annotated[
        Path | None,
        typer.Option(
            "--tls-certificate", metavar="FILE", exists=True, dir_okay=False, help="The certificates, in PEM."
        ),
    ] = None,
    tls_key: Annotated[
        Path | None,
        typer.Option("--tls-key", metavar="FILE", exists=True, dir_okay=False, help="The key, where it stands apart."),
    ] = None,
    trace: Annotated[
        bool,
        typer.Option("--trace/--no-trace", help="Show at /_inferway/trace what happens to a request, to this machine."),
    ] = True,
) -> None:
    """Serve the APIs that a definition describes.

    Models that the bindings ask for are started first. When all is ready, the addresses and a call to try stand on
    standard output; findings, model logs and the access log go to standard error. Ctrl-C or SIGTERM lets requests
    under way finish and ends it.

    \b
    Examples:
      inferway run examples/movies
      inferway run openapi.yaml --bindings staging.toml --port 9000 --reload
      inferway run . --port 0 --json --no-access-log
    """
    options = RunOptions(
        path=path,
        bindings=bindings,
        format=format_name,
        given=given(parameters, stack, install),
        host=host,
        port=port,
        workers=workers,
        reload=reload,
        asgi=edge is Edge.ASGI,
        access_log=access_log,
        trace=trace,
        tls=_tls(path, tls_certificate, tls_key) if tls or tls_certificate is not None else None,
    )
    progress = Progress()
    options, held = claim_or_exit(options)
    project = read_or_exit(options, progress)
    compile_or_exit(project, path, progress)

    def ready(project: Project, url: str) -> None:
        progress.end()
        if as_json:
            print_json(served(project, url))
        else:
            traced = options.trace and options.workers == 1 and is_loopback(options.host)
            authority = options.tls.authority if options.tls is not None else None
            typer.echo(announcement(project, url, path, traced=traced, authority=authority))

    serve(project, options, held, progress, ready)


def _tls(path: Path, certificate: Path | None, key: Path | None) -> TlsOptions:
    if certificate is None:
        if key is not None:
            raise typer.BadParameter("a key needs its certificate", param_hint="--tls-key")
        return development(State.of(path, "").folder)
    return TlsOptions(certificate=certificate.resolve(), key=None if key is None else key.resolve())


def claim_or_exit(options: RunOptions) -> tuple[RunOptions, list[socket.socket]]:
    """Take hold of the address; exits with status 1 where it cannot be had."""
    try:
        return claim(options)
    except OSError as error:
        fail(address_fault(error, options.host, options.port))


def read_or_exit(options: RunOptions, progress: Progress) -> Project:
    """Read a project and say what was found; exits where there is an error, with a failed program's own status or 1."""
    path = options.path
    with progress.during(f"reading {path}"):
        project = read_again(options)
    for finding in once(project.findings):
        progress.say(str(finding))
    if project.broken:
        fail(f"{path} is not served, for the errors above", project.exit_status or 1)
    return project


def compile_or_exit(project: Project, path: Path, progress: Progress) -> None:
    """Exit with status 1 where a project cannot be deployed, before a model is started for it."""
    with progress.during(f"compiling {path}"):
        findings = dry_run(project)
    if any(finding.severity is Severity.ERROR for finding in findings):
        for finding in findings:
            progress.say(str(finding))
        fail(f"{path} is not served, for the errors above")


def serve(project: Project, options: RunOptions, held: list[socket.socket], progress: Progress, ready: Ready) -> None:
    """Serve a project until a signal comes; exits with the status that serving gives."""

    def say(line: str) -> None:
        if line.startswith("not ready"):  # what was waited for will not come by itself
            progress.end()
        progress.say(line)

    models = [name for name, endpoint in project.bindings.endpoints.items() if endpoint.folders]
    progress.begin(f"starting {', '.join(models)}" if models else "starting")
    try:
        status = serve_project(project, options, held, say, ready)
    except TlsError as error:
        progress.end()
        fail(str(error))
    finally:
        progress.end()
    raise typer.Exit(status)


def announcement(project: Project, url: str, path: Path, *, traced: bool = False, authority: Path | None = None) -> str:
    """Give what is served: each API's address and keys, pages, then a call to try for each that has examples.

    `authority` is the file that clients have to trust, None where they do already.
    """
    every = served(project, url)
    lines = [f"Inferway serves {path} at {every.url}", ""]
    for api in every.apis:
        lines.append(f"  {api.name}: {api.url}")
        lines += [f"    key: {key}" for key in api.keys]
    pages = [f"  page: {every.url}/"] if project.bindings.site else []
    pages += [f"  trace: {every.url}{TRACE}"] if traced else []
    lines += ["", *pages] if pages else []
    if every.outputs:
        lines += ["", "Exported:", *(f"  {name}: {value}" for name, value in every.outputs.items())]
    if authority is not None:
        lines += ["", f"Certificates are for development, signed by {authority}"]
    calls = example_calls(project, url, authority)
    if calls:
        lines += ["", "Try it:", *calls]
    return "\n".join(lines)
