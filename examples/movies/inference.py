"""Predicts movie ratings, in the wire form of SageMaker's object2vec: SageMaker's script contract.

Request and reply (https://docs.aws.amazon.com/sagemaker/latest/dg/object2vec-inference-formats.html):
    {"instances": [{"in0": [863], "in1": [882]}]}  ->  {"predictions": [{"scores": [3.04]}]}
`in0` is a user, `in1` a movie. One that the training data does not have counts as an average one: the rating then rests
on the other's bias alone, or on the mean of all ratings when both are unknown.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 1.0, 5.0


class Model(NamedTuple):
    """What train.py learnt; row 0 of each array is all zero and stands for every unknown id."""

    mean: float
    users: NDArray[np.float64]
    user_bias: NDArray[np.float64]
    movies: NDArray[np.float64]
    movie_bias: NDArray[np.float64]


class Pairs(NamedTuple):
    """The users and movies of one request, of equal length."""

    users: NDArray[np.int64]
    movies: NDArray[np.int64]


def model_fn(model_dir: str) -> Model:
    with np.load(Path(model_dir) / "model.npz", allow_pickle=False) as arrays:
        return Model(
            mean=float(arrays["mean"]),
            users=arrays["users"],
            user_bias=arrays["user_bias"],
            movies=arrays["movies"],
            movie_bias=arrays["movie_bias"],
        )


def input_fn(body: str | bytes, content_type: str) -> Pairs:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise ValueError(f"this model reads application/json, not {content_type!r}")
    try:
        document = json.loads(body)
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None
    match document:
        case {"instances": [*instances]}:
            pass
        case _:
            raise ValueError('the body must be {"instances": [{"in0": [USER], "in1": [MOVIE]}, ...]}')
    users = [_one_id(instance, position, "in0") for position, instance in enumerate(instances)]
    movies = [_one_id(instance, position, "in1") for position, instance in enumerate(instances)]
    return Pairs(np.array(users, dtype=np.int64), np.array(movies, dtype=np.int64))


def predict_fn(pairs: Pairs, model: Model) -> dict[str, list[dict[str, list[float]]]]:
    users = _known(pairs.users, len(model.users))
    movies = _known(pairs.movies, len(model.movies))
    liking = np.einsum("nk,nk->n", model.users[users], model.movies[movies])
    ratings = np.clip(model.mean + model.user_bias[users] + model.movie_bias[movies] + liking, LOWEST, HIGHEST)
    return {"predictions": [{"scores": [rating]} for rating in ratings.tolist()]}


def output_fn(prediction: Any, accept: str) -> tuple[str, str]:
    del accept  # object2vec's ratings have one form here, whatever the caller would like
    return json.dumps(prediction), "application/json"


def _one_id(instance: Any, position: int, field: str) -> int:
    tokens = instance.get(field) if isinstance(instance, dict) else None
    if (
        not isinstance(tokens, list)
        or len(tokens) != 1
        or isinstance(tokens[0], bool)
        or not isinstance(tokens[0], int)
    ):
        raise ValueError(f"instances[{position}].{field} must be a list of one whole number")
    return tokens[0] if abs(tokens[0]) < 2**62 else 0


def _known(ids: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    return np.where((ids > 0) & (ids < rows), ids, 0)
