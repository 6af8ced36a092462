"""Checks that a handler is there without running any of its code."""

import ast
from pathlib import Path

from inferway.faults import Finding, Findings, Place, Severity
from inferway.serving.functions.options import FunctionOptions
from inferway.serving.source import names_of


class FunctionError(Exception):
    """A function that cannot be run; `findings` say what is wrong, with file and line."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def check_function(options: FunctionOptions) -> Findings:
    """Say what keeps a function from being run, reading its module as text; no findings when nothing does.

    A handler is `module.function`, the module below the folder, with `/` or `.` between its parts
    (https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html).
    """
    module, dot, function = options.handler.rpartition(".")
    if not options.path.is_dir():
        return (_error("function-folder-missing", "there is no such folder for a function", options.path),)
    if not dot or not module:
        text = f"the handler {options.handler!r} is not 'module.function'"
        return (_error("handler-malformed", text, options.path),)
    base = options.path.joinpath(*module.replace("/", ".").split("."))
    files = (base.with_name(f"{base.name}.py"), base / "__init__.py")
    file = next((file for file in files if file.is_file()), None)
    if file is None:  # an extension module, or one that is installed, is found by running it
        installed = any(options.path.glob(f"{base.relative_to(options.path)}.*")) or base.is_dir()
        text = f"the handler {options.handler!r} needs {files[0].relative_to(options.path)}"
        return () if installed else (_error("handler-module-missing", text, files[0]),)
    try:
        tree = ast.parse(file.read_bytes(), filename=str(file))
    except SyntaxError as error:
        return (_error("handler-syntax", error.msg, file, error.lineno or 1, error.offset or 0),)
    except (OSError, ValueError, RecursionError, MemoryError) as error:  # MemoryError: the parser's own nesting limit
        return (_error("handler-unreadable", str(error) or "nested too deeply", file),)
    names = dict(names_of(tree.body))
    if function in names or "*" in names or "__getattr__" in names:
        return ()
    return (_error("handler-missing", f"no {function}: define {function}(event, context)", file, 1),)


def _error(code: str, text: str, file: Path, line: int = 0, column: int = 0) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(file), line=line, column=column))
