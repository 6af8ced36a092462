"""Runs one program in an interpreter of its own: `python execute.py PROGRAM RESULT`, and tells what it made.

RESULT gets JSON: the template of each pattern that is a global of the program, with the line that made it, and what
went wrong, if anything, with its line.
"""

import json
import resource
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Any

LARGEST_OUTPUT = 16 * 1024 * 1024
MOST_MEMORY = 2 * 1024**3  # bytes, as a Pulumi program has


def main(program: str, result: str) -> int:
    """Run the program as its own main module; a pattern may also stand in a list of the program."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    sys.argv = [program]
    sys.path[0] = str(Path(program).parent)
    names: dict[str, object] = {"__name__": "__main__", "__file__": program, "__builtins__": __builtins__}
    told: dict[str, object] = {}
    try:
        exec(compile(Path(program).read_bytes(), program, "exec"), names)  # noqa: S102 - running it is what is asked
    except SystemExit as ended:
        if ended.code:
            told["error"] = {"text": f"the program ended with {ended.code!r}"[:1000], "line": 0}
    except BaseException as error:  # noqa: BLE001 - whatever the program raises is its author's to know
        told["error"] = {"text": f"{type(error).__name__}: {error}"[:1000], "line": _line(error, program)}
    made = []
    # Of a program that failed, what it had not finished would be told as wrong too.
    for pattern in [] if "error" in told else _patterns(names):
        place = {"file": pattern.place.file, "line": pattern.place.line}
        try:
            made.append({"template": pattern.to_cloudformation(), **place, "places": _places(pattern)})
        except ValueError as error:
            told.setdefault("error", {"text": f"{type(error).__name__}: {error}"[:1000], **place})
    told["patterns"] = made
    told["files"] = _files(names, Path(program).parent)
    Path(result).write_text(json.dumps(told), encoding="utf-8")
    return 0


def _files(names: dict[str, object], folder: Path) -> list[str]:
    """Give the files that the program was made of beside its own: modules of its folder, and what its patterns read."""
    modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    own = (file for file in modules if file and folder in Path(file).parents and "site-packages" not in file)
    read = (str(file) for pattern in _patterns(names) for file in getattr(pattern, "files", ()))
    return list(dict.fromkeys((*own, *read)))


def _line(error: BaseException, program: str) -> int:
    if isinstance(error, SyntaxError) and error.filename == program:
        return error.lineno or 0
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == program]
    return (lines[-1] or 0) if lines else 0


def _places(pattern: Any) -> dict[str, tuple[str, int]]:
    """Give where the parts of a pattern were made, by their identifier, where it is not where it was made itself."""
    elements = pattern.elements() if hasattr(pattern, "elements") else ()
    return {one.id: (one.place.file, one.place.line) for one in elements if one.place.file}


def _patterns(names: dict[str, object]) -> list[Any]:
    found: dict[int, Any] = {}
    for value in names.values():
        for item in value if isinstance(value, list | tuple) else (value,):
            if hasattr(type(item), "to_cloudformation"):
                found[id(item)] = item
    return list(found.values())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
