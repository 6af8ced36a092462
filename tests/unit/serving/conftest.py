"""Model folders written for one test."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

WriteModel = Callable[..., Path]


@pytest.fixture
def write_model(tmp_path: Path) -> WriteModel:
    """Write a model folder whose code/inference.py has the given text, and give its path."""

    def write(code: str, name: str = "model", **modules: str) -> Path:
        folder = tmp_path / name
        (folder / "code").mkdir(parents=True)
        (folder / "code" / "inference.py").write_text(textwrap.dedent(code), encoding="utf-8")
        for module, text in modules.items():
            (folder / "code" / f"{module}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    return write
