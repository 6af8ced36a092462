"""The state folder: whose it is, and a secret that is made once, whole, and by one."""

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inferway.app.state import State, StateError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_made_until_something_is_kept(tmp_path: Path) -> None:
    State(tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    before = os.umask(0)
    try:
        state.secret()
    finally:
        os.umask(before)
    assert mode(tmp_path / "state") == 0o700
    assert mode(tmp_path / "state" / "secret") == 0o600


def test_git_is_told_to_leave_it(tmp_path: Path) -> None:
    """gitignore(5): `*` in the folder's own file ignores all of it."""
    State(tmp_path / "state").file("x")
    assert (tmp_path / "state" / ".gitignore").read_text() == "*\n"


def test_git_is_told_after_an_end_in_between(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    State(tmp_path / "state").file("x")
    assert (tmp_path / "state" / ".gitignore").exists()


def test_a_secret_is_made_once_and_differs_between_folders(tmp_path: Path) -> None:
    one = State(tmp_path / "one").secret()
    assert len(one) == 32
    assert State(tmp_path / "one").secret() == one
    assert State(tmp_path / "two").secret() != one
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == [".gitignore", "secret"]


def test_all_who_come_at_once_get_one_secret(tmp_path: Path) -> None:
    for round_ in range(20):
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(lambda folder: State(folder).secret(), [tmp_path / f"state{round_}"] * 8))
        assert len(made) == 1


@pytest.mark.parametrize("text", ["", "\n", "00" * 31, "00" * 33, "no secret", "zz" * 32, "é"])
def test_what_is_no_secret_is_refused(tmp_path: Path, text: str) -> None:
    """Keys made from a short one could be guessed, so a file that was cut off must not count as one."""
    state = State(tmp_path)
    (tmp_path / "secret").write_text(text)
    with pytest.raises(StateError, match="secret"):
        state.secret()
    assert (tmp_path / "secret").read_text() == text


def test_an_end_in_between_leaves_no_half_secret(tmp_path: Path) -> None:
    """SIGKILL at any moment of the making: afterwards there is a whole secret, or none and a new one is made."""
    code = "import sys; from pathlib import Path; from inferway.app.state import State\nprint(1, flush=True)\n"
    code += "for n in range(10**6): State(Path(sys.argv[1]) / str(n)).secret()"
    for delay in (0.0, 0.003, 0.011, 0.017):
        folder = tmp_path / str(delay)
        maker = subprocess.Popen([sys.executable, "-c", code, folder], stdout=subprocess.PIPE)
        assert maker.stdout is not None
        maker.stdout.readline()
        time.sleep(delay)
        maker.send_signal(signal.SIGKILL)
        maker.wait()
        maker.stdout.close()
        for state in folder.iterdir() if folder.is_dir() else ():
            assert len(State(state).secret()) == 32
            assert mode(state) == 0o700


@pytest.mark.parametrize("place", ["file/state", "file"])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match=str(tmp_path / place)):
        State(tmp_path / place).secret()


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    with pytest.raises(StateError, match="secret"):
        State(tmp_path).secret()


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bindings before the variable before the place beside the project, whether a file or a folder."""
    file = tmp_path / "api.yaml"
    file.write_text("")
    monkeypatch.delenv("INFERWAY_STATE", raising=False)
    assert State.of(file, "").folder == State.of(tmp_path, "").folder == tmp_path.resolve() / ".inferway"
    monkeypatch.setenv("INFERWAY_STATE", str(tmp_path / "variable"))
    assert State.of(file, "").folder == tmp_path.resolve() / "variable"
    assert State.of(file, str(tmp_path / "bound")).folder == tmp_path.resolve() / "bound"
