"""Which files of a CDK project make it be synthesized again."""

import os
from pathlib import Path

import pytest

from inferway.formats.cdk.sources import newer, watched


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("app.py", True),
        ("lib/stack.ts", True),
        ("asset.bin", True),
        ("inferway.toml", False),
        ("cdk.out/manifest.json", False),
        ("node_modules/a/index.js", False),
        (".git/index", False),
    ],
)
def test_what_was_edited_after_the_assembly_was_made(tmp_path: Path, name: str, *, counts: bool) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    os.utime(file, (100, 100))
    assert newer(tmp_path, tmp_path / "cdk.out", 99) == (file if counts else None)
    assert newer(tmp_path, tmp_path / "cdk.out", 100) is None


def test_programs_and_templates_are_watched(tmp_path: Path) -> None:
    for name in ("app.py", "schema.graphql", "photo.png", "inferway.toml"):
        (tmp_path / name).write_text("")
    assert watched(tmp_path, tmp_path / "cdk.out") == (tmp_path / "app.py", tmp_path / "schema.graphql")
