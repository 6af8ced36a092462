"""`inferway serve`: a model folder alone, in the foreground."""

import asyncio
import shlex
import signal
from collections.abc import Callable
from typing import Annotated

import typer

from inferway.app.up import find_example, name_of
from inferway.cli.output import address_fault, fail, print_json
from inferway.cli.parameters import AsJson, Host, ModelFolder, Port
from inferway.cli.progress import Progress
from inferway.processes.process import ProcessFailedError
from inferway.serving.folder import ModelFolderError
from inferway.serving.model_server import ModelServer, ServingOptions


def serve(
    folder: ModelFolder,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    replicas: Annotated[int, typer.Option("--replicas", metavar="N", min=1, help="Processes that hold the model.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Serve a model folder alone, without an API in front of it.

    It answers GET /ping and POST /invocations as a SageMaker container does. Log lines of the model go to standard
    error; Ctrl-C or SIGTERM lets predictions under way finish and ends it.

    \b
    Examples:
      inferway serve examples/movies/model
      inferway serve ./model --port 0 --replicas 2 --json
    """
    progress = Progress()
    try:
        example = find_example(folder)
    except (ValueError, OSError) as error:
        fail(str(error))

    def ready(url: str) -> None:
        progress.end()
        if as_json:
            print_json({"name": name_of(folder), "url": url, "invocations": f"{url}/invocations"})
            return
        words = ["curl", "-H", "content-type: application/json", "-d", example or "{}", f"{url}/invocations"]
        typer.echo(f"Inferway serves {folder} at {url}\n")
        typer.echo(shlex.join(words))

    server = ModelServer(
        name_of(folder),
        folder,
        ServingOptions(host=host, port=port, replicas=replicas),
        on_line=lambda name, line: progress.say(f"{name} | {line}"),
    )
    progress.begin(f"starting {folder}")
    try:
        asyncio.run(_until_signal(server, ready))
    except ModelFolderError as error:
        progress.end()
        for finding in error.findings:
            progress.say(str(finding))
        fail(f"{folder} is not served, for the errors above")
    except ProcessFailedError as error:
        progress.end()
        fail(str(error).partition("\n")[0])  # its last words were printed as it said them
    except OSError as error:
        progress.end()
        fail(address_fault(error, host, port))
    finally:
        progress.end()


async def _until_signal(server: ModelServer, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, which may come while the model is being loaded too."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    starting = asyncio.create_task(server.start())
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            ready(server.url)
            await stopped
    finally:
        for task in (starting, stopped):
            task.cancel()
        await asyncio.wait({starting, stopped})
        await server.stop()
