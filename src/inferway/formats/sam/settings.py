"""What `samconfig.toml`, or its YAML form, says of a deployment: its stack's name and its parameters.

Source: AWS SAM CLI, "AWS SAM CLI configuration file" (https://docs.aws.amazon.com/serverless-application-model/latest/
developerguide/serverless-sam-cli-config.html): tables `[default.deploy.parameters]`, `[default.global.parameters]`.
"""

import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Place, Severity
from inferway.formats.document import read_document, read_text
from inferway.formats.nodes import SyntaxFault, plain
from inferway.formats.resources import Environment

FILES: Final = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
"""Names in the order in which the command line looks for them."""

_PAIR: Final = re.compile(r"ParameterKey=(?P<key>[^,]+),ParameterValue=(?P<value>.*)", re.DOTALL)
_UNNAMED: Final = Environment().stack


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """A stack's name, "" where none is said, and parameters by name."""

    stack: str = ""
    parameters: Mapping[str, str] = {}


def read_settings(folder: Path, findings: list[Finding]) -> Settings:
    """Read the file in a folder; nothing where there is none, nothing with a finding where it cannot be read."""
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if path is None:
        return Settings()
    try:
        content = tomllib.loads(read_text(path)) if path.suffix == ".toml" else plain(read_document(path))
        tables = [_table(content, "default", command, "parameters") for command in ("deploy", "global")]
        stack = next((str(table["stack_name"]) for table in tables if "stack_name" in table), "")
        given = next((table["parameter_overrides"] for table in tables if "parameter_overrides" in table), "")
        return Settings(stack=stack, parameters=_overrides(given))
    except (SyntaxFault, ValueError, RecursionError) as error:
        text = f"{path.name} cannot be read, and counts for nothing: {error}"
        findings.append(
            Finding(severity=Severity.WARNING, code="bad-samconfig", text=text, place=Place(file=str(path)))
        )
        return Settings()


def applied(settings: Settings, environment: Environment) -> Environment:
    """Give the environment with what the settings say, where the command line has said nothing."""
    return msgspec.structs.replace(
        environment,
        stack=settings.stack if settings.stack and environment.stack == _UNNAMED else environment.stack,
        parameters={**settings.parameters, **environment.parameters},
    )


def _table(content: object, *path: str) -> Mapping[str, object]:
    for step in path:
        content = content.get(step) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def _overrides(given: object) -> dict[str, str]:
    """Give the pairs of `ParameterKey=K,ParameterValue=V ...` or `K=V ...`, quoted as for a shell, or of a list."""
    made = {}
    for word in shlex.split(given) if isinstance(given, str) else given if isinstance(given, list) else ():
        found = _PAIR.fullmatch(str(word))
        key, _, value = (found["key"], "", found["value"]) if found else str(word).partition("=")
        made[key] = value.strip('"')
    return made
