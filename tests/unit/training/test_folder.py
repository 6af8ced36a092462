"""The folder that stands for /opt/ml."""

import json
from pathlib import Path
from typing import Any

import pytest

from inferway.training.archive import pack
from inferway.training.folder import LayoutError, lay_out
from inferway.training.plan import Channel, TrainingPlan


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "train.py").touch()
    return folder


def plan(code: Path, **more: Any) -> TrainingPlan:
    fields: dict[str, Any] = {"name": "j", "arn": "a", "program": "train.py", "artifact": code, "output": code, **more}
    return TrainingPlan(code=code, **fields)


def test_it_is_laid_out_as_a_container_finds_it(code: Path, tmp_path: Path) -> None:
    # https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    (data / "deep" / "x.csv").write_text("1")
    channels = (
        Channel(name="training", source=data, content_type="text/csv"),
        Channel(name="live", source=data, streamed=True),
        Channel(name="single", source=data / "deep" / "x.csv"),
    )
    ml = tmp_path / "ml"
    assert lay_out(plan(code, channels=channels, hyperparameters={"a": "1"}), ml) == code.resolve()
    assert json.loads((ml / "input/config/hyperparameters.json").read_text()) == {"a": "1"}
    inputs = json.loads((ml / "input/config/inputdataconfig.json").read_text())
    assert inputs["training"] == {
        "ContentType": "text/csv",
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
    }
    resources = json.loads((ml / "input/config/resourceconfig.json").read_text())
    assert (resources["current_host"], resources["hosts"]) == ("algo-1", ["algo-1"])
    assert (ml / "input/data/training/deep/x.csv").read_text() == "1"
    assert not (ml / "input/data/training").is_symlink()
    assert (ml / "input/data/live").is_symlink()
    assert (ml / "input/data/single/x.csv").read_text() == "1"
    for folder in ("model", "output/data"):
        assert list((ml / folder).iterdir()) == []


def test_code_may_come_in_an_archive(code: Path, tmp_path: Path) -> None:
    pack(code, tmp_path / "sourcedir.tar.gz")
    ml = tmp_path / "ml"
    folder = lay_out(plan(tmp_path / "sourcedir.tar.gz"), ml)
    assert folder == (ml / "code").resolve()
    assert (folder / "train.py").is_file()


@pytest.mark.parametrize(
    "more",
    [{"program": "other.py"}, {"channels": (Channel(name="a", source=Path("/nowhere/at/all")),)}],
    ids=["no program", "no data"],
)
def test_what_cannot_be_brought_is_said(code: Path, tmp_path: Path, more: dict[str, Any]) -> None:
    with pytest.raises(LayoutError):
        lay_out(plan(code, **more), tmp_path / "ml")
