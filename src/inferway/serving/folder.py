"""Checks a model folder without running any of its code."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Findings, Place, Severity
from inferway.serving.source import names_of

PROGRAM: Final = "inference.py"
"""The script's name (SageMaker inference toolkit, `DEFAULT_MODULE_NAME`); SAGEMAKER_PROGRAM may name another."""

_STEPS: Final = ("input_fn", "predict_fn", "output_fn")


class ModelFolderError(Exception):
    """A model folder that cannot be served; `findings` say what is wrong, with file and line."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def script_of(folder: Path, program: str = "") -> Path:
    """Where the script of a model folder stands; `program` is its file name, by default SAGEMAKER_PROGRAM's."""
    name = program or os.environ.get("SAGEMAKER_PROGRAM") or PROGRAM
    return folder / "code" / (name if name.endswith(".py") else f"{name}.py")


def check_model_folder(path: Path, program: str = PROGRAM) -> Findings:
    """Say what keeps a folder from being served, reading its script as text; no findings when nothing does.

    The contract is the SageMaker inference toolkit's (https://github.com/aws/sagemaker-inference-toolkit), where
    `transform_fn` takes the place of the other three functions. `predict_fn` has no usable default. `model_fn` has none
    there either; here a script without it gets the model folder's path as its model.
    """
    script = script_of(path, program)
    if not path.is_dir():
        return (_error("model-folder-missing", "there is no such model folder", path),)
    if not script.is_file():
        return (_error("model-script-missing", f"a model folder needs code/{script.name}, with predict_fn", script),)
    try:
        tree = ast.parse(script.read_bytes(), filename=str(script))
    except SyntaxError as error:
        return (_error("model-script-syntax", error.msg, script, error.lineno or 1, error.offset or 0),)
    except (OSError, ValueError, RecursionError, MemoryError) as error:  # MemoryError: the parser's own nesting limit
        return (_error("model-script-unreadable", str(error) or "nested too deeply", script),)
    names = dict(names_of(tree.body))
    if "*" in names:  # what a star import brings is known only to Python itself
        return ()
    return tuple(_missing(names, script))


def _missing(names: dict[str, int], script: Path) -> Iterator[Finding]:
    transform = names.get("transform_fn")
    steps = [name for name in _STEPS if name in names]
    if transform is None and "predict_fn" not in names:
        yield _error("predict-fn-missing", "no predict_fn: define predict_fn(data, model)", script, 1)
    if transform is not None and steps:
        text = f"transform_fn takes the place of {', '.join(_STEPS)}, and cannot stand beside {', '.join(steps)}"
        yield _error("transform-fn-conflict", text, script, transform)


def _error(code: str, text: str, file: Path, line: int = 0, column: int = 0) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(file), line=line, column=column))
