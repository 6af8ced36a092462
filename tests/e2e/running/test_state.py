"""Keys that nothing binds: the same after a restart, others in another folder, and a clear word where none is kept."""

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def unbound(copied: Path) -> Path:
    """Give the AppSync door without the keys of its bindings."""
    file = copied / "appsync" / "inferway.toml"
    text = file.read_text()
    file.write_text(text[: text.index("# A key for trying")])
    return copied / "appsync"


def keys(gateway: Any) -> list[str]:
    (api,) = gateway.ready["apis"]
    given: list[str] = api["keys"]
    return given


def ask(gateway: Any, key: str) -> int:
    body = json.dumps({"query": "{ __typename }"})
    headers = {"x-api-key": key, "content-type": "application/json"}
    status: int = gateway.send("POST", "/example-api/graphql", headers, body).status
    return status


def test_a_key_that_was_made_up_lasts(start: Any, unbound: Path, tmp_path: Path) -> None:
    first = start(unbound, state=tmp_path / "one")
    (key,) = keys(first)
    assert first.ready["outputs"]["graphql_api_key"] == key
    assert ask(first, key) == 200
    assert first.stop() == 0
    again = start(unbound, state=tmp_path / "one")
    assert keys(again) == [key]
    assert ask(again, key) == 200
    assert again.stop() == 0
    other = start(unbound, state=tmp_path / "two")
    (another,) = keys(other)
    assert another != key
    assert (ask(other, key), ask(other, another)) == (401, 200)
    for folder in (tmp_path / "one", tmp_path / "two"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600


def test_it_stands_beside_the_project_where_nothing_else_is_said(start: Any, unbound: Path) -> None:
    first = start(unbound, state=None)
    made = keys(first)
    assert first.stop() == 0
    assert (unbound / ".inferway" / "secret").is_file()
    assert keys(start(unbound, state=None)) == made


def test_the_operator_may_name_it_in_the_bindings(start: Any, unbound: Path, tmp_path: Path) -> None:
    file = unbound / "inferway.toml"
    file.write_text('state = "./kept"\n' + file.read_text())
    start(unbound, state=tmp_path / "not-this-one")
    assert (unbound / "kept" / "secret").is_file()
    assert not (tmp_path / "not-this-one").exists()


def refused(command: Path, project: Path, state: Path, *more: str) -> str:
    """Run a gateway that does not come up, and give what it says."""
    ended = subprocess.run(
        [command, "run", project, "--port", "0", "--json", *more],
        capture_output=True,
        timeout=60,
        env={**os.environ, "INFERWAY_STATE": str(state)},
    )
    said = ended.stderr.decode()
    assert ended.returncode == 1, said
    assert "Traceback" not in said
    assert ended.stdout == b""
    return said


def test_a_state_that_cannot_be_kept_is_said(command: Path, unbound: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in refused(command, unbound, tmp_path / "file" / "state")


def test_a_secret_that_was_cut_off_is_said(command: Path, unbound: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "secret").write_text("")
    assert "holds no secret" in refused(command, unbound, tmp_path / "state")


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_a_state_has_one_gateway(command: Path, start: Any, unbound: Path, tmp_path: Path, workers: tuple[str]) -> None:
    """Two registries on one folder would overwrite each other; the second gateway ends, the first goes on."""
    first = start(unbound, state=tmp_path / "state")
    said = refused(command, unbound, tmp_path / "state", *workers)
    assert "belongs to another running gateway" in said
    assert ask(first, keys(first)[0]) == 200


def test_a_database_that_is_none_is_said(command: Path, unbound: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "registry.db").write_text("this is no database, though it is long enough to be one" * 50)
    assert str(tmp_path / "state") in refused(command, unbound, tmp_path / "state")
