"""Checks that a handler is there without running any of its code."""

from pathlib import Path
from typing import Final

from inferway.faults import Finding, Findings, Place, Severity
from inferway.serving.functions.check_handlers import CHECKS
from inferway.serving.functions.code_parts import layers_of
from inferway.serving.functions.code_tree import CodeError, Room
from inferway.serving.functions.code_view import view_of
from inferway.serving.functions.dependencies import missing_dependencies
from inferway.serving.functions.options import FunctionOptions
from inferway.serving.functions.runtimes import runtime_of

MOST_LAYERS: Final = 5
"""Layers of a function (Lambda quotas, "Function layers")."""

_INSTEAD: Final = (
    "bind it to a URL that speaks the Invoke API, or build it as an executable `bootstrap` (provided.al2023)"
)


class FunctionError(Exception):
    """A function that cannot be run; `findings` say what is wrong, with file and line."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def check_function(options: FunctionOptions) -> Findings:
    """Say what keeps a function from being run, reading its files as text; errors first, then warnings.

    A handler is `module.function`, the module below the folder, with `/` between its parts
    (https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html, nodejs-handler.html), or the program `bootstrap`
    (runtimes-custom.html).
    """
    runtime = runtime_of(options.runtime)
    if runtime is None:
        text = f"the runtime {options.runtime!r} is not run here: {_INSTEAD}"
        return (_finding("function-runtime", text, str(options.path)),)
    if sum(not part.at for part in options.layers) > MOST_LAYERS:
        return (_finding("function-layers", f"a function has at most {MOST_LAYERS} layers", str(options.path)),)
    room = Room()
    try:
        view = view_of(options, room)
        layers = layers_of(options.layers, room)
        wrong = CHECKS[runtime.family](options, view, layers)
        if wrong is not None:
            return (wrong,)
        missing = None if options.install else missing_dependencies(options, runtime.family, view, layers)
    except CodeError as error:
        return (_finding(error.code, error.text, str(error.path)),)
    return () if missing is None else (missing,)


def _finding(code: str, text: str, file: str) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(Path(file))))
