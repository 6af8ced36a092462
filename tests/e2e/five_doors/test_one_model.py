"""One model behind five doors: whichever is asked, the ratings are the same; and the other model, of digits."""

import base64
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SEED = 20261121
REQUESTS = 100
USERS, MOVIES = 943, 1682
BEYOND = 20
"""Some that no rating was ever given by, or to: the model takes them for average ones."""


def questions() -> list[tuple[int, list[int]]]:
    chance = random.Random(SEED)
    return [
        (
            chance.randint(1, USERS + BEYOND),
            [chance.randint(1, MOVIES + BEYOND) for _ in range(chance.randint(1, 10))],
        )
        for _ in range(REQUESTS)
    ]


def test_all_five_give_the_same_ratings(five: Any) -> None:
    doors = five.doors
    for user, items in questions():
        answers = {name: ask(user, items) for name, ask in doors.items()}
        first = answers["article"]
        assert len(first) == len(items)
        assert all(1 <= rating <= 5 for rating in first)
        assert answers == dict.fromkeys(doors, first), (user, items)


def test_the_gateway_s_process_stays_small(five: Any) -> None:
    """At most 120 MB with all five doors open and used; models and functions have processes of their own."""
    for ask in five.doors.values():
        ask(321, [101])
    status = Path(f"/proc/{five.process.pid}/status").read_text()
    said = re.search(r"^VmRSS:\s+([0-9]+) kB$", status, re.MULTILINE)
    assert said is not None
    assert int(said[1]) * 1024 <= 120e6


def test_ratings_are_the_model_s_own(five: Any, example: Path) -> None:
    """What the doors say is what the model folder says when it is asked without any gateway."""
    script = (
        "import json, sys; sys.path.insert(0, 'code'); import inference as model\n"
        "pairs = model.input_fn(sys.stdin.read(), 'application/json')\n"
        "print(json.dumps(model.predict_fn(pairs, model.model_fn('.'))))"
    )
    user, items = 321, [101, 131, 162]
    given = str({"instances": [{"in0": [user], "in1": [item]} for item in items]}).replace("'", '"')
    ended = subprocess.run(
        [sys.executable, "-c", script],
        input=given,
        cwd=example.parent / "movies" / "model",
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = [float(score) for score in re.findall(r"\[([0-9.]+)\]", ended.stdout)]
    assert len(wanted) == len(items)
    assert five.article(user, items) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("digit", range(10))
def test_a_scan_s_label_is_its_digit(five: Any, example: Path, digit: int) -> None:
    image = base64.b64encode((example / "appsync" / "images" / f"{digit}.png").read_bytes()).decode()
    query = "query ($image: String!) { predictImageLabel(image: $image) }"
    assert five.labels(query, image=image) == {"data": {"predictImageLabel": str(digit)}}


def test_what_is_no_image_is_the_function_s_error(five: Any) -> None:
    """AppSync, "Troubleshooting": an unhandled error of a function is `Lambda:Unhandled`, its field null."""
    answer = five.labels('{ predictImageLabel(image: "bm8gaW1hZ2U=") }')
    assert answer["data"] == {"predictImageLabel": None}
    (error,) = answer["errors"]
    assert error["path"] == ["predictImageLabel"]
    assert error["errorType"] == "Lambda:Unhandled"
    assert "this is no image in base64" in error["message"]


def test_the_classifier_is_as_good_as_it_is_said_to_be(example: Path, tmp_path: Path) -> None:
    """Train it anew in a copy: the held-out scans are none of those that it learnt from."""
    folder = tmp_path / "appsync"
    (folder / "digits").mkdir(parents=True)
    (folder / "train_digits.py").write_bytes((example / "appsync" / "train_digits.py").read_bytes())
    ended = subprocess.run(
        [sys.executable, folder / "train_digits.py"], capture_output=True, text=True, check=False, timeout=100
    )
    assert ended.returncode == 0, ended.stderr
    said = re.search(r"Held-out accuracy ([0-9.]+) over ([0-9]+) scans", ended.stdout)
    assert said is not None, ended.stdout
    assert float(said[1]) >= 0.97
    assert int(said[2]) >= 300
    assert (folder / "digits" / "model.npz").is_file()
