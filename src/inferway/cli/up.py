"""`inferway up`: a managed API in front of a model folder, from the folder alone."""

import shlex
from typing import Annotated

import typer

from inferway.app.announce import served
from inferway.app.options import RunOptions
from inferway.app.project import Project
from inferway.app.up import ModelApi, find_example, model_project, name_of
from inferway.app.up_key import key_file, stored_key
from inferway.cli.output import fail, print_json
from inferway.cli.parameters import AccessLog, AsJson, Host, ModelFolder, Port
from inferway.cli.progress import Progress
from inferway.cli.run import claim_or_exit, serve
from inferway.definition.stage import Throttle


def up(
    folder: ModelFolder,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="The API's name.  [default: the folder's name]")
    ] = "",
    host: Host = "127.0.0.1",
    port: Port = 8080,
    rate: Annotated[float, typer.Option("--rate", metavar="N", min=0, help="Requests a second for each key.")] = 10,
    burst: Annotated[int, typer.Option("--burst", metavar="N", min=0, help="Requests at once for each key.")] = 20,
    as_json: AsJson = False,
    access_log: AccessLog = True,
) -> None:
    """Put a managed API in front of a model folder.

    POST /models/NAME/predict needs a key and is limited; GET /models/NAME/ describes it, and
    GET /models/NAME/openapi.json is its OpenAPI document. The key is made once and kept for this folder in the user's
    state folder ($XDG_STATE_HOME, else ~/.local/state), readable for the user only. A file example.json in the folder
    is the body of the call to try.

    \b
    Examples:
      inferway up examples/movies/model --name movies
      inferway up ./model --port 0 --rate 100 --burst 200 --json
    """
    try:
        file = key_file(folder, name or name_of(folder))
        api = ModelApi(
            name=name or name_of(folder),
            folder=folder,
            key=stored_key(file),
            throttle=Throttle(rate=rate, burst=burst),
            example=find_example(folder),
        )
    except (ValueError, OSError) as error:
        fail(str(error))
    progress = Progress()
    project = model_project(api)
    for finding in project.findings:
        progress.say(str(finding))
    if project.broken:
        fail(f"{folder} is not served, for the errors above")

    def ready(project: Project, url: str) -> None:
        progress.end()
        base = url + api.path
        if as_json:
            places = {"predict": f"{base}/predict", "page": f"{base}/", "openapi": f"{base}/openapi.json"}
            apis = served(project, url).apis
            print_json({"url": url, "apis": apis, **places, "key": api.key, "key_file": file})
        else:
            typer.echo(_announcement(api, base))
            typer.echo(f"\nThe key is kept in {file}", err=True)

    options = RunOptions(path=folder, host=host, port=port, access_log=access_log)
    serve(project, *claim_or_exit(options), progress, ready)


def _announcement(api: ModelApi, base: str) -> str:
    headers = ("-H", f"x-api-key: {api.key}", "-H", "content-type: application/json")
    lines = [
        f"Inferway serves {api.folder} at {base}/predict",
        f"  page: {base}/",
        f"  OpenAPI: {base}/openapi.json",
        "",
    ]
    if not api.example:
        lines += ["Replace {} by a body that the model takes, or put one into the model's folder as example.json.", ""]
    return "\n".join([*lines, shlex.join(["curl", *headers, "-d", api.example or "{}", f"{base}/predict"])])
