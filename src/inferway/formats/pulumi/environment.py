"""What a program finds in its environment: what it needs to run, its configuration, and no credentials.

Pulumi passes every variable on (https://www.pulumi.com/docs/iac/concepts/config/). The gateway's environment holds
secrets of the gateway, so here a variable is passed on if it is named below, or asked for: a parameter `env:NAME`.
"""

import json
import os
from collections.abc import Mapping
from typing import Final

from inferway.formats.pulumi.messages import Job

ASKED: Final = "env"
"""The namespace of parameters that become variables of the environment."""

_PASSED: Final = frozenset(
    ("HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "NODE_PATH", "PATH", "PYTHONPATH", "SHELL", "TEMP")
) | {"TERM", "TMP", "TMPDIR", "TZ", "USER", "MALLOC_ARENA_MAX", "SYSTEMROOT"}
_PREFIXES: Final = ("LC_",)
_DEAD: Final = "http://127.0.0.1:9"  # the discard port (RFC 863): nobody answers
_NOWHERE: Final = "/dev/null"


def environment(job: Job) -> dict[str, str]:
    """Give the environment of a job's program, whatever its language.

    Files with credentials in the user's home are led away from, too
    (https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html).
    """
    made = {key: value for key, value in os.environ.items() if key in _PASSED or key.startswith(_PREFIXES)}
    for key in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        made[key] = made[key.lower()] = _DEAD
    made["NO_PROXY"] = made["no_proxy"] = "localhost,127.0.0.1"
    made["AWS_SHARED_CREDENTIALS_FILE"] = made["AWS_CONFIG_FILE"] = _NOWHERE
    made["AWS_EC2_METADATA_DISABLED"] = "true"
    settings, asked = _split(job.configuration)
    made["PULUMI_CONFIG"] = json.dumps(settings)
    made["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(sorted(job.secret_keys))
    made["PULUMI_PROJECT"], made["PULUMI_STACK"], made["PULUMI_ORGANIZATION"] = job.project, job.stack, "organization"
    made.setdefault("MALLOC_ARENA_MAX", "2")  # glibc reserves 64 MB for each thread otherwise
    return {**made, **asked}


def _split(configuration: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Give the configuration proper, and the variables that were asked for."""
    prefix = f"{ASKED}:"
    settings = {key: value for key, value in configuration.items() if not key.startswith(prefix)}
    asked = {key.removeprefix(prefix): value for key, value in configuration.items() if key.startswith(prefix)}
    return settings, asked
