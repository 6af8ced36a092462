"""The environment of a handler process: Lambda's variables, the function's own, and little of this machine's."""

import os
import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from inferway.serving.functions.options import DEFAULT_MEMORY, FunctionSettings
from inferway.serving.functions.runtimes import Family, module_folders, runtime_of

PASSED_ON: Final = (
    "PATH",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "OMP_NUM_THREADS",
)
"""What of this machine's environment a handler gets: what its interpreter and libraries need to run at all."""

_OWN: Final = {
    # The home folder's own cloud credentials must not be found, nor a metadata service waited for.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_REGION": "us-east-1",
    # The X-Ray SDK raises without the first; nothing listens at the second, where segments go by UDP.
    "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8",
    "TZ": ":UTC",
}


_THIS_PYTHON: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"


def passed_on() -> dict[str, str]:
    """Give what of this process's environment is passed on."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def handler_environment(settings: FunctionSettings, api: str) -> Mapping[str, str]:
    """Give the whole environment of a new handler process, whose Runtime API is at `api`; its log stream is a new one.

    The variables are those that "Defined runtime environment variables" of the Lambda guide lists
    (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
    """
    options = settings.options
    given = {**passed_on(), **_OWN, **options.environment}
    return {
        "AWS_DEFAULT_REGION": given["AWS_REGION"],
        **given,
        **_paths(settings, given),
        "_HANDLER": options.handler,
        "_X_AMZN_TRACE_ID": "",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{options.runtime or _THIS_PYTHON}",
        "AWS_LAMBDA_FUNCTION_NAME": settings.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(options.memory or DEFAULT_MEMORY),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{settings.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{secrets.token_hex(16)}",
        "AWS_LAMBDA_RUNTIME_API": api,
        "LAMBDA_TASK_ROOT": str(settings.root),
        "LAMBDA_RUNTIME_DIR": os.path.dirname(__file__),  # noqa: PTH120 - a text is wanted
    }


def _paths(settings: FunctionSettings, given: Mapping[str, str]) -> Mapping[str, str]:
    """Give the variables that lead to layers and dependencies, with what they held before."""
    runtime = runtime_of(settings.options.runtime)
    modules = "NODE_PATH" if runtime is not None and runtime.family is Family.NODE else "PYTHONPATH"
    ahead = {modules: module_folders(settings)}
    behind: dict[str, tuple[str, ...]] = {}
    if settings.opt:
        behind = {"PATH": (f"{settings.opt}/bin",)}
        ahead["LD_LIBRARY_PATH"] = (str(settings.root), f"{settings.root}/lib", f"{settings.opt}/lib")
    names = {name for name in (*ahead, *behind) if ahead.get(name) or behind.get(name)}
    paths = {
        name: os.pathsep.join(filter(None, (*ahead.get(name, ()), given.get(name, ""), *behind.get(name, ()))))
        for name in names
    }
    return paths | ({"INFERWAY_OPT": settings.opt} if settings.opt else {})
