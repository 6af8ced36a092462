"""Where a training image lives here: `[training.NAME]` of `inferway.toml`, as data."""

import msgspec


class BoundTraining(msgspec.Struct, frozen=True, kw_only=True):
    """A training image, played by a folder of code: jobs that name `image` run `program` in `path`.

    `image` is a whole image name, or one without its tag, which stands for every tag. `program` gives way to a job's
    own hyperparameter `sagemaker_program`; `environment` is added to what every script finds.
    """

    name: str
    image: str
    path: str
    program: str = "train.py"
    environment: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse a binding that names no image or no folder."""
        if not self.image or not self.path:
            raise ValueError(f"training {self.name!r} needs an image and a path")

    def plays(self, image: str) -> bool:
        """Say whether a job's image is the one that is bound."""
        bare, colon, tag = image.partition("@")[0].rpartition(":")
        return self.image in (image, image.partition("@")[0], bare if colon and "/" not in tag else image)
