"""What a failed app has said: the error, the line of its own files, and the way round where it is known."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.formats.cdk.program import BUNDLING, Ending

_FRAMES: Final = (
    re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>[0-9]+)'),
    re.compile(r"^\s+at .*?\(?(?:file://)?(?P<file>/[^():]+\.[cm]?[jt]sx?):(?P<line>[0-9]+):[0-9]+\)?$"),
    re.compile(r"^(?P<file>[^\s():]+\.[cm]?[jt]sx?)[:(](?P<line>[0-9]+)[:,][0-9]+\)?(?::| - ).*error"),
)
"""Python's traceback, whose innermost frame comes last; JavaScript's stack and TypeScript's compiler, where first."""

_FOREIGN: Final = frozenset(("site-packages", "node_modules"))
_ERROR: Final = re.compile(
    r"^(?:«\w+»|(?:Uncaught )?[\w.$]*(?:Error|Exception|Exit|Interrupt)\b.*:|npm (?:ERR!|error)) "
)
_NOISE: Final = re.compile(r"^(?:\s|\[WARNING\]|Node\.js v|\[ack:|\}|b'!!)")
_SHOWN: Final = 12
_LONGEST: Final = 500

_BUNDLING: Final = re.compile(
    r"spawnSync \S+ E[A-Z]|(?:docker|finch|podman|nerdctl) exited with status"
    r"|(?:docker|finch|podman|nerdctl): (?:command )?not found|Cannot connect to the Docker daemon"
)
"""A tool that bundles an asset is not there, or does not run (https://github.com/aws/aws-cdk/issues/22997)."""

_BANNER: Final = re.compile(r"^b'!!")
"""How JSII's warning of a Node.js that it is not tested with reaches a Python program's standard error."""

_HINTS: Final = (
    (
        re.compile(
            r"cannot import name 'core' from 'aws_cdk'|No module named 'aws_cdk\.core'"
            r"|Cannot find module '@aws-cdk/(?:core|aws-[a-z0-9-]+(?<!-alpha))'"
        ),
        "that is version 1 of the CDK, which ended in June 2023; move the app to aws-cdk-lib, or name its cdk.out",
    ),
    (
        re.compile(r"No module named '(?:aws_cdk|constructs|jsii)'"),
        (
            "activate the virtual environment that has aws-cdk-lib, or give the folder one: python -m venv .venv && "
            ".venv/bin/pip install aws-cdk-lib"
        ),
    ),
    (re.compile(r"'node'|node: (?:command )?not found"), "the CDK needs Node.js"),
    (
        re.compile(
            r"Cannot find module '[^./]|npm (?:ERR!|error)|(?:ts-node|tsx|cdk): (?:command )?not found|ENOTFOUND"
        ),
        "run `npm install` in the project's folder first; an app is run without a network",
    ),
    (
        re.compile(r"account/region are not specified at the stack level"),
        "give the stack an `env`, say of CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION, which are set here",
    ),
)
"""What is known to help, by what is said."""


def cannot_bundle(ending: Ending) -> bool:
    """Say whether an app failed because it could not bundle an asset, mostly in a container."""
    return any(_BUNDLING.search(line) for line in ending.lines)


def failure(ending: Ending, path: Path, folder: Path) -> Finding:
    """Give the finding of an app that failed, at the line of its own files that did, else at `path`."""
    said = _said(ending)
    if ending.timed_out:
        text = "the program took too long and was ended"
    else:
        text = f"the program failed: {said or f'it ended with code {ending.code}'}"
    hints = [hint for pattern, hint in _HINTS if any(pattern.search(line) for line in ending.lines)]
    if cannot_bundle(ending):
        hints.append(f'let it not bundle what needs Docker: `"context": {{"{BUNDLING}": []}}` in cdk.json')
    shown = [line for line in ending.lines if line.strip() and not _BANNER.match(line)][-_SHOWN:]
    more = [f"  | {line[:_LONGEST]}" for line in shown] if len(shown) > 1 else []
    file, line = _failed_at(ending.lines, folder)
    place = Place(file=str(path.parent / file) if file else str(path), line=line)
    whole = "\n".join(["; ".join([text, *hints]), *more])
    return Finding(severity=Severity.ERROR, code="program-failed", text=whole, place=place)


def _said(ending: Ending) -> str:
    """Give the line that names the error, else the last that says something."""
    lines = [line.strip() for line in ending.lines if line.strip() and not _NOISE.match(line)]
    errors = [line for line in lines if _ERROR.match(line)]
    return (errors or lines or [""])[-1][:_LONGEST]


def _failed_at(lines: tuple[str, ...], folder: Path) -> tuple[str, int]:
    """Give the innermost line of the app's own files, by their path in its folder; "" and 0 where none is told."""
    python, *others = _FRAMES
    own = list(_own(lines, python, folder))
    if own:
        return own[-1]
    return next((at for pattern in others for at in _own(lines, pattern, folder)), ("", 0))


def _own(lines: tuple[str, ...], pattern: re.Pattern[str], folder: Path) -> Iterator[tuple[str, int]]:
    for line in lines:
        found = pattern.match(line[:2_000])
        if found is None:
            continue
        file = folder / found["file"]
        if file.is_relative_to(folder) and not _FOREIGN.intersection(file.parts):
            yield str(file.relative_to(folder)), int(found["line"][:9])
