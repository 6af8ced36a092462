"""The laboratory of `tests/fidelity/apigateway`, for the tests of this folder."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

_SPEC = spec_from_file_location("apigateway_lab", Path(__file__).parents[1] / "apigateway" / "conftest.py")
assert _SPEC is not None
assert _SPEC.loader is not None
_LAB: Any = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_LAB)


@pytest.fixture
def lab(tmp_path: Path) -> Any:
    return _LAB.Lab(tmp_path)
