"""The tables of docs/formats.md say what the dialects say."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from inferway.convert import coverage
from inferway.formats.resources import Coverage

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("resource_types", ROOT / "tools" / "resource_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_those_of_the_dialects(tool: ModuleType) -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    assert tool.updated(page) == page, "run: python tools/resource_types.py"


def test_every_type_stands_in_one_table(tool: ModuleType) -> None:
    prefixes = [prefix for each in tool.SPELLINGS.values() for prefix in each]
    for name in coverage():
        if name != "openapi:document":
            assert sum(name.startswith(prefix) for prefix in prefixes) == 1, name


def test_a_type_stands_under_what_is_made_of_it(tool: ModuleType) -> None:
    made = tool.tables({"AWS::A::X": Coverage.READ, "AWS::A::Y": Coverage.IGNORED, "aws:a/z:Z": Coverage.SERVED})
    assert "| `AWS::A::` | - | `X` | `Y` |" in made
    assert "| `aws:` | `Z` | - | - |" in made or "| `aws:a/` | `Z` | - | - |" in made


def test_each_says_why() -> None:
    assert [name for name, (_, reason) in coverage().items() if not reason] == []
