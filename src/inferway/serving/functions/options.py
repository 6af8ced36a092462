"""How a function is run here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.backends.function_names import function_name_of
from inferway.definition.bindings import CodePart

DEFAULT_MEMORY: Final = 128
"""MiB that a function is told it has when nothing states its memory (CreateFunction, MemorySize)."""


class FunctionOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A handler and its bounds.

    `path` is the folder (LAMBDA_TASK_ROOT), or a zip archive of one; with `code` the folder is put together from
    parts. `handler` is `module.function` in it; `runtime` is Lambda's identifier, "" for this Python; the content of
    `layers`, folders and zip archives, is found as below `/opt`, or below its `at` there.
    `environment` is all that the handler finds besides Lambda's own variables and the few of `environment.PASSED_ON`.
    `timeout` is in seconds, 3 as Lambda's; `memory` in MiB is what the handler is told and, with `enforce_memory`, the
    most that its processes may hold before they are killed; 0 where nothing states it: 128 is told, and nothing is
    bounded. `startup_timeout` bounds the import of the handler's module, `keep_warm` how long a handler process beyond
    the first waits for an event, `grace` how long events under way may go on after `stop`. `python` is the interpreter,
    "" for the running one. With `install`, what `requirements.txt` or `package.json` names is installed into a cached
    environment. Port 0 is a free one.

    Raises ValueError for a bound that Lambda does not take.
    """

    path: Path = Path()
    code: tuple[CodePart, ...] = ()
    handler: str
    runtime: str = ""
    layers: tuple[CodePart, ...] = ()
    environment: Mapping[str, str] = {}
    concurrency: int = 10
    timeout: float = 3.0
    memory: int = 0
    enforce_memory: bool = True
    python: str = ""
    install: bool = False
    arn: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    startup_timeout: float = 60.0
    keep_warm: float = 300.0
    grace: float = 30.0

    def __post_init__(self) -> None:
        if not 1 <= self.concurrency <= 1000 or not 0 < self.timeout <= 900 or not 0 <= self.memory <= 10_240:
            raise ValueError("concurrency is 1 to 1000, timeout above 0 to 900 seconds, memory 1 to 10240 MiB")

    @property
    def bound(self) -> int:
        """The most memory in MiB that the handler's processes may hold, 0 for no bound."""
        return self.memory if self.enforce_memory else 0


class FunctionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the process of a function server is told: the function's bare name and full ARN, and its options.

    `task` is the function's folder where it is not `path` itself; `opt` has the layers' content, `dependencies` what
    was installed; "" where there is none.
    """

    name: str
    arn: str
    options: FunctionOptions
    task: str = ""
    opt: str = ""
    dependencies: str = ""

    @property
    def root(self) -> Path:
        """The function's folder."""
        return Path(self.task) if self.task else self.options.path


def settings_of(name: str, options: FunctionOptions) -> FunctionSettings:
    """Settle a function's name and ARN; `name` may be an ARN itself."""
    bare = function_name_of(name)
    arn = options.arn or (name if name.startswith("arn:") and ":lambda:" in name else "")
    if not arn:
        region = options.environment.get("AWS_REGION", "us-east-1")
        arn = f"arn:aws:lambda:{region}:000000000000:function:{bare}"
    return FunctionSettings(name=bare, arn=arn, options=options)
