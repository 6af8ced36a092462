"""Where a model container answers.

Source: SageMaker, "Custom Inference Code with Hosting Services" (https://docs.aws.amazon.com/sagemaker/latest/dg/
your-algorithms-inference-code.html): a web server on port 8080 with `GET /ping` and `POST /invocations`;
SAGEMAKER_BIND_TO_PORT is the inference toolkits' name for another.
"""

import socket
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.serving import container


@pytest.mark.parametrize(("environment", "port"), [({}, 8080), ({"SAGEMAKER_BIND_TO_PORT": "9321"}, 9321)])
def test_a_container_listens_on_port_8080_unless_it_is_told_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], port: int
) -> None:
    asked: list[int] = []

    def bind(host: str, port: int, *, shared: bool = False) -> socket.socket:
        asked.append(port)
        raise OSError(98, "Address already in use")

    monkeypatch.delenv("SAGEMAKER_BIND_TO_PORT", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(container, "bind", bind)
    assert container.main([str(tmp_path)]) == 1
    assert asked == [port]


def test_inferway_serve_listens_on_port_8080() -> None:
    serve: Any = import_module("inferway.cli.serve").serve
    assert serve.__defaults__ is not None
    assert 8080 in serve.__defaults__
