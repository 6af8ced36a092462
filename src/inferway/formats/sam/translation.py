"""Has a template translated in a process of its own, with an environment that leads to no cloud."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

_TRANSLATE: Final = Path(__file__).with_name("translate.py")
_SECONDS: Final = 120
"""The translator copies an API's whole document for each event: 500 events of one API take it some 50 seconds."""

_SHOWN: Final = 300
"""Characters of what it says when it stumbles."""

_PASSED: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "TMPDIR", "VIRTUAL_ENV")
_INSTALL: Final = "pip install 'inferway[sam]'"


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a template: its translation, or the translator's complaints, or why it could not translate."""

    template: dict[str, Any] | None = None
    mistakes: tuple[str, ...] = ()
    missing: str = ""
    failure: str = ""

    @property
    def problem(self) -> tuple[str, str]:
        """The code and the text of why there is no translation; ("", "") where complaints say it, or there is one."""
        if self.missing:
            text = f"a SAM template is translated by Amazon's library, and {self.missing} is not installed: {_INSTALL}"
            return "missing-library", text
        if self.failure:
            return "untranslatable", f"the SAM translator cannot read this template: {self.failure}"
        return "", ""


def translate(
    template: Mapping[str, object], parameters: Mapping[str, object], region: str, seconds: int = _SECONDS
) -> Translation:
    """Translate a template in plain JSON data; blocks until that is done, at most so many seconds."""
    job = json.dumps({"template": template, "parameters": dict(parameters), "seconds": seconds})
    command = (sys.executable, "-P", str(_TRANSLATE))
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            command, input=job.encode(), capture_output=True, env=_environment(region), timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return _too_long(template, seconds)
    if done.returncode == -signal.SIGXCPU:  # its own limit, which is as long, was met first
        return _too_long(template, seconds)
    try:
        return msgspec.json.decode(done.stdout, type=Translation)
    except (msgspec.DecodeError, RecursionError):
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:_SHOWN]
        return Translation(failure=said or f"it ended with code {done.returncode}")


def _too_long(template: Mapping[str, object], seconds: int) -> Translation:
    listed = template.get("Resources")
    count = len(listed) if isinstance(listed, dict) else 0
    said = f"it took longer than {seconds} seconds for {count:,} resources and was ended; make it several templates"
    return Translation(failure=said)


def _environment(region: str) -> dict[str, str]:
    """Give what the library needs: a Region, and nothing that it could reach a cloud with."""
    made = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return made | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
