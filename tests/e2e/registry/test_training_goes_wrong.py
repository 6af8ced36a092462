"""Training scripts that fail, hang, shout, fork and are killed: a clear end, and the gateway goes on."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60.0


def write(code: Path, script: str) -> None:
    (code / "train.py").write_text(script)


def processes_of(folder: Path) -> list[int]:
    """Give the processes whose command line or environment names a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                facts = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in facts:
                found.append(int(entry.name))
    return found


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_a_script_that_fails_half_way(registry: Any, code: Path) -> None:
    write(code, "print('epoch 1: rmse=0.9')\nraise ValueError('no such column: rating')\n")
    metrics = {"MetricDefinitions": [{"Name": "rmse", "Regex": "rmse=([0-9.]+)"}]}
    registry.job("broken", AlgorithmSpecification={"TrainingImage": "trainer", "TrainingInputMode": "File", **metrics})
    job = registry.wait_for_job("broken", "Failed")
    reason = job["FailureReason"]
    assert reason.startswith('AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "')
    assert "ValueError: no such column: rating" in reason
    assert reason.endswith('", exit code: 1')
    assert job["SecondaryStatus"] == "Failed"
    assert [one["Value"] for one in job["FinalMetricDataList"]] == [pytest.approx(0.9)]
    assert registry.job("next")
    log = registry.folder / "training" / "broken" / "output.log"
    assert "Traceback" in log.read_text()


def test_what_the_script_says_of_its_failure_is_the_reason(registry: Any, code: Path) -> None:
    write(
        code,
        "import pathlib, os, sys\n"
        "failure = pathlib.Path(os.environ['SM_OUTPUT_DIR'], 'failure')\n"
        "with failure.open('w') as file:\n"
        "    file.write('the data is stale ')\n"
        "    for _ in range(200): file.write('x' * 1_000_000)\n"
        "sys.exit(3)\n",
    )
    registry.job("stale")
    reason = registry.wait_for_job("stale", "Failed")["FailureReason"]
    assert reason.startswith("AlgorithmError: the data is stale xxx")
    assert reason.endswith("x, exit code: 3")
    assert len(reason) == 1024  # the limit of the service


def test_a_script_that_prints_megabytes(registry: Any, code: Path) -> None:
    write(code, "for _ in range(60_000): print('y' * 1_000)\nprint('z' * 5_000_000)\nprint('rmse=0.5')\n")
    metrics = {"MetricDefinitions": [{"Name": "rmse", "Regex": "rmse=([0-9.]+)"}]}
    registry.job("loud", AlgorithmSpecification={"TrainingImage": "trainer", "TrainingInputMode": "File", **metrics})
    job = registry.wait_for_job("loud")
    assert [one["Value"] for one in job["FinalMetricDataList"]] == [0.5]
    log = registry.folder / "training" / "loud" / "output.log"
    assert log.stat().st_size < 17_000_000
    assert log.read_text().endswith(" more bytes were not kept)\n")
    assert len(registry.errors) < 2_000


def test_a_script_that_hangs_is_stopped_when_its_time_is_over(registry: Any, code: Path) -> None:
    write(
        code,
        "import os, pathlib, time\n"
        "pathlib.Path(os.environ['SM_MODEL_DIR'], 'half.txt').write_text('half')\n"
        "time.sleep(600)\n",
    )
    registry.job("slow", StoppingCondition={"MaxRuntimeInSeconds": 1})
    job = registry.wait_for_job("slow", "Stopped")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert (registry.folder / "s3/models/line/slow/output/model.tar.gz").is_file()
    assert "FailureReason" not in job


def test_a_job_is_stopped_and_may_save_what_it_has(registry: Any, code: Path) -> None:
    write(
        code,
        "import os, pathlib, signal, sys, time\n"
        "def save(*_):\n"
        "    pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.txt').write_text('saved')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, save)\n"
        "print('ready')\n"
        "time.sleep(600)\n",
    )
    registry.job("stopped")
    until(lambda: "stopped: ready\n" in registry.errors)
    registry.sagemaker.stop_training_job(TrainingJobName="stopped")
    job = registry.wait_for_job("stopped", "Stopped")
    assert [one["Status"] for one in job["SecondaryStatusTransitions"]][-2:] == ["Stopping", "Stopped"]
    assert (registry.folder / "s3/models/line/stopped/output/model.tar.gz").is_file()
    with pytest.raises(registry.sagemaker.exceptions.ClientError) as refused:
        registry.sagemaker.stop_training_job(TrainingJobName="stopped")
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "The request was rejected because the training job is in status Stopped.",
    }


def test_what_a_script_forks_ends_with_it(registry: Any, code: Path) -> None:
    write(
        code,
        "import subprocess, sys\n"
        "sleep = [sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(600)']\n"
        "subprocess.Popen(sleep, start_new_session=True)\n"
        "subprocess.Popen(sleep)\n",
    )
    registry.job("forks")
    registry.wait_for_job("forks")
    until(lambda: not processes_of(registry.folder / "training" / "forks"))


@pytest.mark.parametrize("victim", ["script", "container"])
def test_a_job_whose_process_is_killed_has_failed(registry: Any, code: Path, victim: str) -> None:
    write(code, "import os, time\nprint('pid', os.getpid(), os.getppid())\ntime.sleep(600)\n")
    registry.job("killed")
    until(lambda: any(line.startswith("killed: pid") for line in registry.errors))
    line = next(line for line in registry.errors if line.startswith("killed: pid"))
    os.kill(int(line.split()[2 if victim == "script" else 3]), signal.SIGKILL)
    job = registry.wait_for_job("killed", "Failed")
    assert job["FailureReason"].endswith("exit code: 137")
    until(lambda: not processes_of(registry.folder / "training" / "killed"))


def test_jobs_end_with_a_gateway_that_is_killed(start: Callable[..., Any], code: Path) -> None:
    write(code, "import os, time\nprint('pid', os.getpid())\ntime.sleep(600)\n")
    before = start(jobs_at_once=1)
    before.job("running")
    before.job("waiting")
    until(lambda: any(line.startswith("running: pid") for line in before.errors))
    assert before.wait_for_job("waiting", "Pending")["TrainingJobStatus"] == "InProgress"
    before.stop(signal.SIGKILL)
    until(lambda: not processes_of(before.folder / "training" / "running"))

    after = start()
    for name in ("running", "waiting"):
        job = after.sagemaker.describe_training_job(TrainingJobName=name)
        assert job["TrainingJobStatus"] == "Failed"
        assert job["FailureReason"] == ("InternalServerError: the gateway ended while this training job was running")


def test_what_a_script_forked_ends_with_the_next_start_at_the_latest(start: Callable[..., Any], code: Path) -> None:
    write(
        code,
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "print('forked')\n"
        "time.sleep(600)\n",
    )
    before = start()
    before.job("forks")
    until(lambda: "forks: forked\n" in before.errors)
    before.stop(signal.SIGKILL)
    start()
    until(lambda: not processes_of(before.folder / "training" / "forks"))


@pytest.mark.parametrize("victim", ["gateway", "container"])
def test_what_a_script_forked_ends_with_its_job(start: Callable[..., Any], code: Path, victim: str) -> None:
    write(
        code,
        "import os, subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "print('pid', os.getppid())\n"
        "time.sleep(600)\n",
    )
    registry = start()
    registry.job("forks")
    until(lambda: any(line.startswith("forks: pid") for line in registry.errors))
    line = next(line for line in registry.errors if line.startswith("forks: pid"))
    if victim == "gateway":
        registry.stop()
    else:
        os.kill(int(line.split()[2]), signal.SIGKILL)
    until(lambda: not processes_of(registry.folder / "training" / "forks"))


def test_a_job_ends_with_a_gateway_that_is_told_to_stop(start: Callable[..., Any], code: Path) -> None:
    write(code, "import time\nprint('ready')\ntime.sleep(600)\n")
    before = start()
    before.job("running")
    until(lambda: "running: ready\n" in before.errors)
    before.stop()
    assert not processes_of(before.folder / "training" / "running")
    job = start().sagemaker.describe_training_job(TrainingJobName="running")
    assert job["TrainingJobStatus"] == "Failed"


def test_a_waiting_job_starts_when_another_ends_or_is_stopped(start: Callable[..., Any], code: Path) -> None:
    write(code, "import sys, time\nif '--wait' in sys.argv: time.sleep(600)\n")
    registry = start(jobs_at_once=1)
    registry.job("first", HyperParameters={"wait": "1"})
    registry.wait_for_job("first", "Training")
    registry.job("second")
    registry.job("third")
    for name in ("second", "third"):
        registry.wait_for_job(name, "Pending")
    registry.sagemaker.stop_training_job(TrainingJobName="second")
    assert registry.wait_for_job("second", "Stopped")["SecondaryStatus"] == "Stopped"
    registry.sagemaker.stop_training_job(TrainingJobName="first")
    registry.wait_for_job("third")


def test_a_script_finds_nothing_of_the_gateways_own(registry: Any, code: Path) -> None:
    write(code, "import os\nassert 'A_SECRET_OF_THE_GATEWAY' not in os.environ\n")
    registry.job("curious")
    registry.wait_for_job("curious")


def test_input_data_is_the_jobs_own_copy(start: Callable[..., Any], code: Path, tmp_path: Path) -> None:
    write(
        code,
        "import os, pathlib\n"
        "file = pathlib.Path(os.environ['SM_CHANNEL_TRAINING'], 'ratings.csv')\n"
        "assert file.read_text() == '1,2,3'\n"
        "file.write_text('spoilt')\n"
        "assert os.environ['SM_CHANNELS'] == '[\"training\"]'\n",
    )
    data = tmp_path / "data"
    data.mkdir()
    (data / "ratings.csv").write_text("1,2,3")
    registry = start(storage={"s3://bucket/data": str(data)})
    channel = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data"}}
    registry.job("reads", InputDataConfig=[{"ChannelName": "training", "DataSource": channel}])
    registry.wait_for_job("reads")
    assert not (registry.folder / "training/reads/ml/input/data").exists()
    assert (data / "ratings.csv").read_text() == "1,2,3"
