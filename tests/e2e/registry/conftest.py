"""A gateway with a registry in a process of its own, and boto3's clients for it."""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Neither has types.
BOTO3: Any = importlib.import_module("boto3")
CONFIG: Any = importlib.import_module("botocore.config")

SCRIPT = Path(__file__).with_name("serve_registry.py")
ROLE = "arn:aws:iam::000000000000:role/training"
PATIENCE = 60.0

INFERENCE = """
import json, pathlib
def model_fn(model_dir): return float(pathlib.Path(model_dir, "slope.txt").read_text())
def predict_fn(data, model): return {"y": [model * x for x in data.tolist()]}
"""


class Registry:
    """A running gateway; `sagemaker` and `runtime` are clients of its owner."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, SCRIPT, folder, json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "A_SECRET_OF_THE_GATEWAY": "hush"},
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().decode().strip()
        if not self.url:
            self.process.wait(10)
            self.stop()
            raise AssertionError("".join(self.errors))
        self.sagemaker = self.client("sagemaker")
        self.runtime = self.client("sagemaker-runtime")

    def client(self, service: str, key: str = "AKIAOWNER", secret: str = "owner-secret") -> Any:
        return BOTO3.client(
            service,
            endpoint_url=f"{self.url}/_inferway/aws/{service}/",
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=CONFIG.Config(parameter_validation=False, retries={"total_max_attempts": 1}, proxies={}),
        )

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def job(self, name: str, **more: Any) -> dict[str, Any]:
        """Start a training job on the bound code."""
        request = {
            "TrainingJobName": name,
            "AlgorithmSpecification": {"TrainingImage": "trainer:1", "TrainingInputMode": "File"},
            "RoleArn": ROLE,
            "OutputDataConfig": {"S3OutputPath": "s3://models/line"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            **more,
        }
        created: dict[str, Any] = self.sagemaker.create_training_job(**request)
        return created

    def wait_for_job(self, name: str, *statuses: str) -> dict[str, Any]:
        """Give a job's description once it is in one of these states, Completed unless others are asked for."""
        wanted = statuses or ("Completed",)
        deadline = time.monotonic() + PATIENCE
        while True:
            job: dict[str, Any] = self.sagemaker.describe_training_job(TrainingJobName=name)
            if job["TrainingJobStatus"] in wanted or job["SecondaryStatus"] in wanted:
                return job
            assert job["TrainingJobStatus"] in {"InProgress", "Stopping"}, job.get("FailureReason")
            assert time.monotonic() < deadline, f"{job['SecondaryStatus']}: {''.join(self.errors[-20:])}"
            time.sleep(0.05)

    def wait_for_endpoint(self, name: str, status: str = "InService") -> dict[str, Any]:
        """Give an endpoint's description once it is in a state."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found: dict[str, Any] = self.sagemaker.describe_endpoint(EndpointName=name)
            if found["EndpointStatus"] == status:
                return found
            assert time.monotonic() < deadline, (found, "".join(self.errors[-20:]))
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the gateway and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(10)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                with contextlib.suppress(ValueError):
                    stream.close()


Start = Callable[..., Registry]


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """The folder that plays the image `trainer`: it learns a slope, and its model serves it."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "inference.py").write_text(textwrap.dedent(INFERENCE))
    (folder / "train.py").write_text(
        textwrap.dedent("""
            import argparse, os, pathlib, shutil
            parser = argparse.ArgumentParser()
            parser.add_argument("--slope", type=float, default=2.0)
            parser.add_argument("--model", default=os.environ["SM_MODEL_DIR"])
            options = parser.parse_args()
            model = pathlib.Path(options.model)
            (model / "slope.txt").write_text(str(options.slope))
            (model / "code").mkdir()
            shutil.copy("inference.py", model / "code")
            for epoch in range(3):
                print(f"epoch {epoch}: rmse={1 / (epoch + 1):.3f}")
        """)
    )
    return folder


@pytest.fixture
def start(tmp_path: Path, code: Path) -> Iterator[Start]:
    """Start a gateway on the test's folder; a second start finds what the first one left."""
    started: list[Registry] = []

    def start_one(**options: Any) -> Registry:
        training = {"line": {"image": "trainer", "path": str(code)}}
        registry = Registry(tmp_path / "state", {"training": training, **options})
        started.append(registry)
        return registry

    try:
        yield start_one
    finally:
        for registry in started:
            registry.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A gateway for tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "code").mkdir()
    training = {"line": {"image": "trainer", "path": str(folder / "code")}}
    registry = Registry(folder / "state", {"training": training})
    try:
        yield registry
    finally:
        registry.stop()


@pytest.fixture
def registry(start: Start) -> Registry:
    """A gateway with an empty registry."""
    return start()
