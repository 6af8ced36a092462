"""Translates one SAM template: `python -P translate.py`, JSON in and out; stands alone and imports nothing of ours.

It runs in a process of its own, so that what the library imports (boto3, jsonschema, pydantic) never enters the
gateway, and so that a template that keeps it busy can be ended. Source: https://github.com/aws/
serverless-application-model, samtranslator/translator/transform.py.
"""

import gc
import importlib
import json
import re
import resource
import sys
from typing import Any

MEMORY = 1 << 30  # bytes
MOST_TEXT = 600
STUMBLED = re.compile(r"(?:AttributeError: )?'(\w+)' object has no attribute '\w+'")
KINDS = {
    "str": "a text", "Py27UniStr": "a text", "int": "a number", "float": "a number", "bool": "true or false",
    "list": "a list", "NoneType": "nothing",
}  # fmt: skip


class Policies:
    """The managed policies' ARNs by name, which the service would tell; names stay names without them."""

    def load(self) -> dict[str, str]:
        """Give none."""
        return {}


def translated(job: dict[str, Any]) -> dict[str, Any]:
    """Give `template`, or what is wrong: `mistakes`, `missing` (a module), `failure` (of the library itself)."""
    try:
        transform = importlib.import_module("samtranslator.translator.transform").transform
        invalid = importlib.import_module("samtranslator.model.exceptions").InvalidDocumentException
    except ImportError as error:
        return {"missing": error.name or str(error)}
    try:
        return {"template": transform(job["template"], job["parameters"], Policies())}
    except invalid as error:
        return {"mistakes": [cut(str(cause.message)) for cause in error.causes]}
    except Exception as error:  # noqa: BLE001 - whatever the library stumbles over is for the reader to report
        return {"failure": cut(f"{type(error).__name__}: {error}")}


def cut(text: str) -> str:
    """Give the beginning of a text: the library repeats parts of the template, whatever their length.

    Where it says only that it stumbled over a value of the wrong kind, say what kind that is.
    """
    text = STUMBLED.sub(lambda found: f"{KINDS.get(found[1], found[1])} stands in it where a mapping belongs", text)
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"


def main() -> None:
    """Read the job from standard input, and write what came of it to standard output."""
    job = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"] + 1))  # even if nobody waits any more
    gc.disable()  # the library copies without end and makes no circles; to look for them takes half of its time
    answer, sys.stdout = sys.stdout, sys.stderr  # what the library prints is no answer
    json.dump(translated(job), answer)


if __name__ == "__main__":
    main()
