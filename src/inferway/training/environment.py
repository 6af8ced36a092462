"""What a training script finds in its environment and among its arguments: the SageMaker training toolkit's names.

Source: https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from inferway.training.plan import TrainingPlan

_PLATFORM: Final = "sagemaker_"  # hyperparameters with this prefix are the toolkit's own
_HOST: Final = "algo-1"

_KEPT: Final = frozenset(
    {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "USER"}
    | {"VIRTUAL_ENV", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}
)
_KEPT_PREFIXES: Final = ("LC_", "CUDA_", "NVIDIA_", "PIP_", "OMP_", "OPENBLAS_", "MKL_")


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what a script may have of the gateway's own environment: nothing that could be a secret of the gateway's."""
    return {name: value for name, value in environment.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}


def decoded(hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Give the values as the toolkit reads them: JSON where a value is JSON, else the text itself."""
    return {name: _value(text) for name, text in hyperparameters.items()}


def script_hyperparameters(hyperparameters: Mapping[str, str]) -> dict[str, Any]:
    """Give those that are the script's, decoded, by name in order."""
    own = decoded(hyperparameters)
    return {name: own[name] for name in sorted(own) if not name.startswith(_PLATFORM)}


def platform_hyperparameter(hyperparameters: Mapping[str, str], name: str) -> str:
    """Give one of the toolkit's own, `sagemaker_program` for example, or ""."""
    value = _value(hyperparameters.get(name, '""'))
    return value if isinstance(value, str) else ""


def arguments(hyperparameters: Mapping[str, Any]) -> list[str]:
    """Give the script's command line: `--name value`, and `-n value` for a name of one letter."""
    line: list[str] = []
    for name, value in hyperparameters.items():
        line += [f"--{name}" if len(name) > 1 else f"-{name}", value if isinstance(value, str) else str(value)]
    return line


def script_environment(plan: TrainingPlan, ml: Path, code: Path) -> dict[str, str]:
    """Give the whole environment of the script, whose `/opt/ml` is `ml`."""
    own = script_hyperparameters(plan.hyperparameters)
    channels = sorted(channel.name for channel in plan.channels)
    module = Path(plan.program).stem
    resources = {"current_host": _HOST, "hosts": [_HOST], "current_instance_type": plan.instance_type}
    inputs = {channel.name: {"TrainingInputMode": "File"} for channel in plan.channels}
    facts: dict[str, Any] = {
        "channels": channels,
        "current_host": _HOST,
        "current_instance_type": plan.instance_type,
        "hosts": [_HOST],
        "hps": own,
        "input_config_dir": str(ml / "input/config"),
        "input_data_config": inputs,
        "input_dir": str(ml / "input"),
        "log_level": "20",
        "model_dir": str(ml / "model"),
        "module_dir": str(code),
        "module_name": module,
        "network_interface_name": "lo",
        "num_cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "num_gpus": 0,
        "output_data_dir": str(ml / "output/data"),
        "output_dir": str(ml / "output"),
        "output_intermediate_dir": str(ml / "output/intermediate"),
        "resource_config": resources,
        "user_args": arguments(own),
        "user_entry_point": plan.program,
    }
    training = {
        **{name: value for name, value in facts.items() if name not in {"hps", "channels", "user_args"}},
        "channel_input_dirs": {name: str(ml / "input/data" / name) for name in channels},
        "hyperparameters": own,
        "job_name": plan.name,
    }
    return {
        **inherited(os.environ),
        **plan.environment,
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TRAINING_JOB_NAME": plan.name,
        "TRAINING_JOB_ARN": plan.arn,
        **{f"SM_{name.upper()}": _text(value) for name, value in facts.items()},
        **{f"SM_CHANNEL_{name.upper()}": str(ml / "input/data" / name) for name in channels},
        **{
            f"SM_HP_{name.upper()}": _text(value) for name, value in own.items() if "\0" not in name and "=" not in name
        },
        "SM_TRAINING_ENV": _text(training),
    }


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(value: Any) -> str:
    """Put a value into a variable: text as it is, else JSON, without what no variable can hold."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace("\0", "")
