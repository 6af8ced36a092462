"""From a model's container definition to a folder that can be served."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inferway.registry.errors import InvalidRequestError
from inferway.registry.storage import Storage
from inferway.serving.folder import PROGRAM, script_of
from inferway.training.archive import copy, unpack


def model_data(container: Mapping[str, Any]) -> str:
    """Give the URI of a container's model, "" where it has none."""
    url: str = container.get("ModelDataUrl") or container.get("ModelDataSource", {}).get("S3DataSource", {}).get(
        "S3Uri", ""
    )
    return url


def prepare(container: Mapping[str, Any], storage: Storage, target: Path) -> Path:
    """Give a folder with the model and its code: the model's own where it is one, else `target`.

    Raises ArchiveError, InvalidRequestError and OSError.
    """
    environment = container.get("Environment", {})
    program = environment.get("SAGEMAKER_PROGRAM", PROGRAM)
    source = storage.path(model_data(container))
    if source.is_dir() and script_of(source, program).is_file():
        return source
    if source.is_dir():
        copy(source, target)
    elif source.is_file():
        unpack(source, target)
    else:
        raise InvalidRequestError(f"Could not find model data at {model_data(container)}.")
    submitted = environment.get("SAGEMAKER_SUBMIT_DIRECTORY", "")
    if submitted and not script_of(target, program).is_file():
        code = storage.path(submitted)
        if code.is_dir():
            shutil.copytree(code, target / "code", dirs_exist_ok=True)
        else:
            unpack(code, target / "code")
    return target
