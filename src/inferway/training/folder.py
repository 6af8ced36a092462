"""Lays a job's folder out as a training container finds `/opt/ml`.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
"""

import json
import shutil
from pathlib import Path

from inferway.training.archive import ArchiveError, unpack
from inferway.training.plan import Channel, TrainingPlan


class LayoutError(Exception):
    """Input that cannot be brought into the job's folder; the text is for whoever started the job."""


def lay_out(plan: TrainingPlan, ml: Path) -> Path:
    """Make the folder of a job and give the folder its code runs in; raises LayoutError."""
    try:
        for name in ("input/config", "input/data", "model", "output/data", "output/intermediate"):
            (ml / name).mkdir(parents=True, exist_ok=True)
        _configure(plan, ml / "input/config")
        for channel in plan.channels:
            _bring(channel, ml / "input/data" / channel.name)
        return _code(plan, ml)
    except (OSError, shutil.Error, ArchiveError) as error:
        raise LayoutError(f"Data download failed: {error}") from None


def _configure(plan: TrainingPlan, folder: Path) -> None:
    channels = {
        channel.name: {
            "TrainingInputMode": "FastFile" if channel.streamed else "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
            **({"ContentType": channel.content_type} if channel.content_type else {}),
        }
        for channel in plan.channels
    }
    resources = {
        "current_host": "algo-1",
        "current_instance_type": plan.instance_type,
        "hosts": ["algo-1"],
        "network_interface_name": "lo",
    }
    documents = {
        "hyperparameters": dict(plan.hyperparameters),
        "inputdataconfig": channels,
        "resourceconfig": resources,
    }
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def _bring(channel: Channel, target: Path) -> None:
    """Bring a channel's data in: a folder's content, or one file by its name."""
    source = channel.source
    if channel.streamed and source.is_dir():
        target.symlink_to(source.resolve(), target_is_directory=True)
    elif source.is_dir():
        shutil.copytree(source, target, ignore_dangling_symlinks=True)
    else:
        target.mkdir(parents=True)
        shutil.copy2(source, target / source.name)


def _code(plan: TrainingPlan, ml: Path) -> Path:
    """Give the folder of the script: the one that is bound, or what the archive holds, unpacked."""
    folder = plan.code
    if folder.is_file():
        folder = ml / "code"
        unpack(plan.code, folder)
    if not (folder / plan.program).is_file():
        raise LayoutError(f"the code has no {plan.program}")
    return folder.resolve()
