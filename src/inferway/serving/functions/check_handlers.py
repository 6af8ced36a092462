"""Looks for a handler in a function's files, by what each family of runtimes wants."""

import ast
import re
from collections.abc import Callable, Mapping
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.serving.functions.code_tree import Tree
from inferway.serving.functions.code_view import CodeView
from inferway.serving.functions.options import FunctionOptions
from inferway.serving.functions.runtimes import BOOTSTRAP, Family
from inferway.serving.source import names_of

Check = Callable[[FunctionOptions, CodeView, Tree], Finding | None]
"""Takes a function, its files, and its layers'; gives what is wrong with its handler."""

_NODE_ENDINGS: Final = ("", ".js", ".mjs", ".cjs")
_TYPESCRIPT: Final = (".ts", ".mts", ".cts", ".tsx")
# Forms that may export any name: what a file says then tells nothing of what it has.
_EXPORTS_ALL: Final = re.compile(r"module\.exports\s*=(?!\s*\{)|export\s*\*|__exportStar|Object\.assign\(|\.\.\.")


def check_python(options: FunctionOptions, view: CodeView, layers: Tree) -> Finding | None:
    """Say what is wrong with a handler `module.function`."""
    module, dot, function = options.handler.rpartition(".")
    if not dot or not module:
        return _malformed(options, view)
    base = "/".join(module.replace("/", ".").split("."))
    files = (f"{base}.py", f"{base}/__init__.py")
    file = next((file for file in files if view.has(file)), None)
    if file is None:  # an extension module, one that is installed, or a layer's, is found by running it
        if _stems(view, base) or view.has_folder(base) or layers.entries:
            return None
        text = f"the handler {options.handler!r} needs {files[0]}"
        return _failing("handler-module-missing", text, view.place(files[0]))
    try:
        tree = ast.parse(view.read(file), filename=file)
    except SyntaxError as error:
        return _failing("handler-syntax", error.msg, view.place(file), error.lineno or 1, error.offset or 0)
    except (OSError, ValueError, RecursionError, MemoryError) as error:  # MemoryError: the parser's own nesting limit
        return _error("handler-unreadable", str(error) or "nested too deeply", view.place(file))
    names = dict(names_of(tree.body))
    if function in names or "*" in names or "__getattr__" in names:
        return None
    text = f"no {function}: define {function}(event, context)"
    return _failing("handler-missing", text, view.place(file), 1)


def check_node(options: FunctionOptions, view: CodeView, layers: Tree) -> Finding | None:
    """Say what is wrong with a handler `module.export`, `folder/module.object.export`; exports are looked for as words.

    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
    """
    folder, slash, last = options.handler.rpartition("/")
    module, dot, export = last.partition(".")
    if not dot or not module or not export or ".." in options.handler:
        return _malformed(options, view)
    base = f"{folder}{slash}{module}"
    file = next((base + ending for ending in _NODE_ENDINGS if view.has(base + ending)), None)
    if file is None:
        if (source := next((base + ending for ending in _TYPESCRIPT if view.has(base + ending)), None)) is not None:
            text = f"the handler {options.handler!r} is TypeScript: build it first, and bind what was built"
            return _error("handler-typescript", text, view.place(source))
        if view.has_folder(base) or view.has_folder(f"node_modules/{module}") or layers.entries:
            return None
        text = f"the handler {options.handler!r} needs {base}.js, .mjs or .cjs"
        return _failing("handler-module-missing", text, view.place(f"{base}.js"))
    try:
        text = view.read(file).decode("utf-8", "replace")
    except OSError as error:
        return _error("handler-unreadable", str(error), view.place(file))
    name = export.split(".")[0]
    if re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text) or _EXPORTS_ALL.search(text):
        return None
    text = f"no {name}: export {name}, a function of event and context"
    return _failing("handler-missing", text, view.place(file), 1)


def check_custom(options: FunctionOptions, view: CodeView, layers: Tree) -> Finding | None:
    """Say what is wrong with a custom runtime's program (runtimes-custom.html)."""
    del options
    holder = next((each for each in (view, layers) if each.has(BOOTSTRAP)), None)
    if holder is None:
        text = f"a custom runtime needs an executable file {BOOTSTRAP!r} in its folder or a layer"
        return _error("bootstrap-missing", text, view.place(BOOTSTRAP))
    if not holder.is_executable(BOOTSTRAP):
        return _error("bootstrap-not-executable", f"chmod +x {BOOTSTRAP}", holder.place(BOOTSTRAP))
    return None


CHECKS: Final[Mapping[Family, Check]] = {
    Family.PYTHON: check_python,
    Family.NODE: check_node,
    Family.CUSTOM: check_custom,
}


def _stems(view: CodeView, base: str) -> bool:
    """Say whether a file of a name and any ending is there."""
    folder, _, stem = base.rpartition("/")
    return any(each.startswith(f"{stem}.") for each in view.beside(folder))


def _malformed(options: FunctionOptions, view: CodeView) -> Finding:
    text = f"the handler {options.handler!r} is not 'module.function'"
    return _failing("handler-malformed", text, view.place("").rstrip("/"))


def _failing(code: str, text: str, file: str, line: int = 0, column: int = 0) -> Finding:
    """Make a warning of what Lambda takes, and whose every event fails."""
    place = Place(file=file, line=line, column=column)
    return Finding(severity=Severity.WARNING, code=code, text=f"{text}; every call of the function fails", place=place)


def _error(code: str, text: str, file: str, line: int = 0, column: int = 0) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=file, line=line, column=column))
