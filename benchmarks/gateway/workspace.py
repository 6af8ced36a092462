"""One run's ports, and the peers' configurations with those ports filled in, under `run/`."""

import socket
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gateway.candidates import HERE, KEY, RUN, Candidate, envoy_binary

_PORTS = range(19000, 19200)


def free_ports(count: int) -> list[int]:
    """Find ports from 19000 on that nothing listens on."""
    found: list[int] = []
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
            if len(found) == count:
                return found
    raise OSError(f"fewer than {count} free ports between {_PORTS.start} and {_PORTS.stop}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Where rendered configurations and logs stand, and which port each name has."""

    ports: dict[str, int]

    def fill(self, text: str) -> str:
        """Replace the placeholders of a configuration or command."""
        for name, port in self.ports.items():
            text = text.replace(f"@port:{name}@", str(port))
        return text.replace("@run@", str(RUN)).replace("@peers@", str(RUN / "peers")).replace("@key@", KEY)

    def command(self, name: str, candidate: Candidate) -> list[str]:
        """Give a candidate's command line."""
        words = [word.replace("@port@", str(self.ports[name])) for word in candidate.command]
        return [str(envoy_binary()) if word == "@envoy@" else self.fill(word) for word in words]

    def log(self, name: str) -> Path:
        """Give the file that a candidate's output goes to."""
        return RUN / f"{name}.log"


def make_workspace(names: list[str]) -> Workspace:
    """Choose ports and write every peer's configuration."""
    workspace = Workspace(ports=dict(zip(names, free_ports(len(names)), strict=True)))
    (RUN / "peers").mkdir(parents=True, exist_ok=True)
    (RUN / "temp").mkdir(exist_ok=True)
    for template in (HERE / "peers").iterdir():
        (RUN / "peers" / template.name).write_text(workspace.fill(template.read_text(encoding="utf-8")))
    return workspace
