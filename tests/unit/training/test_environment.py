"""What a training script finds, by the training toolkit's own documentation."""

import json
from pathlib import Path
from typing import Any

import pytest

from inferway.training.environment import (
    arguments,
    inherited,
    platform_hyperparameter,
    script_environment,
    script_hyperparameters,
)
from inferway.training.plan import Channel, TrainingPlan, decode, encode

# As the SageMaker Python SDK sends them: JSON in every value, the toolkit's own among them.
SENT = {
    "epochs": "10",
    "optimizer": '"adam"',
    "plain": "adam",
    "lr": "1e-3",
    "flag": "true",
    "b": "64",
    "sagemaker_program": '"train.py"',
    "sagemaker_region": '"us-east-1"',
}


def plan(tmp_path: Path, **more: Any) -> TrainingPlan:
    fields: dict[str, Any] = {
        "name": "job",
        "arn": "arn:aws:sagemaker:us-east-1:000000000000:training-job/job",
        "code": tmp_path,
        "program": "train.py",
        "artifact": tmp_path / "model.tar.gz",
        "output": tmp_path / "output.tar.gz",
        **more,
    }
    return TrainingPlan(**fields)


def test_hyperparameters_become_options_in_order() -> None:
    own = script_hyperparameters(SENT)
    assert arguments(own) == [
        *("-b", "64", "--epochs", "10", "--flag", "True", "--lr", "0.001", "--optimizer", "adam", "--plain", "adam")
    ]
    assert platform_hyperparameter(SENT, "sagemaker_program") == "train.py"
    assert platform_hyperparameter(SENT, "sagemaker_submit_directory") == ""
    assert platform_hyperparameter({"sagemaker_program": "train.py"}, "sagemaker_program") == "train.py"


def test_the_environment_has_the_toolkit_s_names(tmp_path: Path) -> None:
    # https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
    ml = tmp_path / "ml"
    channels = (Channel(name="training", source=tmp_path), Channel(name="testing", source=tmp_path))
    made = script_environment(
        plan(tmp_path, hyperparameters=SENT, channels=channels, environment={"MINE": "1"}, instance_type="ml.m5.large"),
        ml,
        tmp_path / "code",
    )
    assert made["SM_MODEL_DIR"] == str(ml / "model")
    assert made["SM_CHANNELS"] == '["testing", "training"]'
    assert made["SM_CHANNEL_TRAINING"] == str(ml / "input/data/training")
    assert json.loads(made["SM_HPS"])["lr"] == 0.001
    assert made["SM_HP_EPOCHS"] == "10"
    assert made["SM_HP_OPTIMIZER"] == "adam"
    assert "SM_HP_SAGEMAKER_PROGRAM" not in made
    assert made["SM_CURRENT_HOST"] == "algo-1"
    assert json.loads(made["SM_HOSTS"]) == ["algo-1"]
    assert int(made["SM_NUM_CPUS"]) >= 1
    assert made["SM_NUM_GPUS"] == "0"
    assert made["SM_USER_ENTRY_POINT"] == "train.py"
    assert made["SM_MODULE_NAME"] == "train"
    assert made["SM_MODULE_DIR"] == str(tmp_path / "code")
    assert made["SM_OUTPUT_DATA_DIR"] == str(ml / "output/data")
    assert made["SM_INPUT_CONFIG_DIR"] == str(ml / "input/config")
    assert made["SM_CURRENT_INSTANCE_TYPE"] == "ml.m5.large"
    assert json.loads(made["SM_TRAINING_ENV"])["channel_input_dirs"]["testing"] == str(ml / "input/data/testing")
    assert json.loads(made["SM_TRAINING_ENV"])["job_name"] == "job"
    assert made["TRAINING_JOB_NAME"] == "job"
    assert made["MINE"] == "1"


@pytest.mark.parametrize("name", ["a=b", "a\0b"])
def test_a_name_that_no_variable_can_have_is_no_variable(tmp_path: Path, name: str) -> None:
    made = script_environment(plan(tmp_path, hyperparameters={name: "x\0y"}), tmp_path, tmp_path)
    assert not any("=" in variable or "\0" in variable + value for variable, value in made.items())


def test_nothing_of_the_gateway_s_own_is_handed_down() -> None:
    given = {"PATH": "/bin", "HOME": "/root", "AWS_SECRET_ACCESS_KEY": "s", "MOVIES_API_KEY": "k", "LC_ALL": "C"}
    assert inherited(given) == {"PATH": "/bin", "HOME": "/root", "LC_ALL": "C"}


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    made = plan(tmp_path, hyperparameters=SENT, channels=(Channel(name="a", source=tmp_path, streamed=True),))
    assert decode(encode(made)) == made
