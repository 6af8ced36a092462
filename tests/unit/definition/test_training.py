"""The binding of a training image."""

import pytest

from inferway.definition.training import BoundTraining


@pytest.mark.parametrize(
    ("bound", "asked", "plays"),
    [
        ("repo/movies", "repo/movies", True),
        ("repo/movies", "repo/movies:latest", True),
        ("repo/movies", "repo/movies@sha256:0123", True),
        ("repo/movies:1", "repo/movies:1", True),
        ("repo/movies:1", "repo/movies:2", False),
        ("repo/movies", "repo/movies-2", False),
        ("host:5000/movies", "host:5000/movies:1", True),
        ("host", "host:5000/movies", False),
        ("repo/movies", "", False),
    ],
)
def test_an_image_without_a_tag_stands_for_every_tag(bound: str, asked: str, plays: bool) -> None:
    assert BoundTraining(name="m", image=bound, path="code").plays(asked) is plays


@pytest.mark.parametrize(("image", "path"), [("", "x"), ("x", "")])
def test_a_binding_needs_an_image_and_a_folder(image: str, path: str) -> None:
    with pytest.raises(ValueError, match="needs an image and a path"):
        BoundTraining(name="m", image=image, path=path)
