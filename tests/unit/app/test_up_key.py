import stat
import threading
from pathlib import Path

import pytest

from inferway.app.up_key import key_file, stored_key


def test_a_key_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "x.key"
    key = stored_key(file)
    assert stored_key(file) == key
    assert [found.name for found in file.parent.iterdir()] == ["x.key"]


def test_the_service_would_take_the_key(tmp_path: Path) -> None:
    # API Gateway API reference, CreateApiKey, value: 20 to 128 characters
    key = stored_key(tmp_path / "x.key")
    assert 20 <= len(key) <= 128
    assert key.isalnum()


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "x.key"
    stored_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_two_files_have_two_keys(tmp_path: Path) -> None:
    assert stored_key(tmp_path / "x.key") != stored_key(tmp_path / "y.key")


def test_all_who_come_at_once_get_one_key(tmp_path: Path) -> None:
    file = tmp_path / "x.key"
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(stored_key(file))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1


@pytest.mark.parametrize("text", ["", "short", "a" * 129, "0123456789\n0123456789"])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.key"
    file.write_text(text)
    with pytest.raises(ValueError, match="holds no API key"):
        stored_key(file)


def test_it_is_kept_in_the_state_folder_by_folder_and_name(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    file = key_file(tmp_path / "model", "a", environment)
    assert file.parent == tmp_path / "inferway" / "keys"
    assert file == key_file(tmp_path / "x" / ".." / "model", "a", environment)
    assert file != key_file(tmp_path / "other", "a", environment)
    assert file != key_file(tmp_path / "model", "b", environment)


@pytest.mark.parametrize("given", [{}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}])
def test_without_a_state_folder_it_is_the_default_one(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # XDG Base Directory Specification: $HOME/.local/state where XDG_STATE_HOME is unset, empty or relative
    monkeypatch.setenv("HOME", str(tmp_path))
    assert key_file(tmp_path, "a", given).parent == tmp_path / ".local" / "state" / "inferway" / "keys"
