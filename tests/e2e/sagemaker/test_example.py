"""`inferway run examples/shadow` does as its README says."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "shadow"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example, in a folder of the test's own, since it writes beside itself."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "shadow", ignore=shutil.ignore_patterns(".inferway", "captured")))


def test_a_shadow_is_compared(start: Any, project: Path, wait_for: Any) -> None:
    gateway = start((project / "inferway.toml").read_text())
    for flat, rent in (({"area": 60, "rooms": 3}, 780.0), ({"area": 120, "rooms": 4}, 1480.0)):
        status, body = gateway.post("/flats/prod/price", json.dumps(flat).encode())
        assert (status, json.loads(body)) == (200, {"rent": rent})
    shadow = wait_for(lambda: (seen := gateway.page("/flats")["shadows"]["candidate"])["requests"] == 2 and seen)
    assert (shadow["mirrored"], shadow["same_body"]) == (2, 1)
    (difference,) = shadow["differences"]
    assert (difference["production"], difference["shadow"]) == ('{"rent": 1480.0}', '{"rent": 1332.0}')
    assert gateway.post("/flats/prod/price", b'{"area": 1}')[0] == 400
    wait_for(lambda: list((project / "captured" / "flats" / "candidate").rglob("*.jsonl")))
