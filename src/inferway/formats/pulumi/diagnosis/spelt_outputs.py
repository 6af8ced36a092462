"""Outputs that a program put into texts as they are: f"{api.id}", `${api.id}`; what stands there is Pulumi's complaint.

https://www.pulumi.com/docs/iac/concepts/inputs-outputs/all/#outputs-and-strings
"""

import re
from collections.abc import Iterator
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.formats.pulumi.collected import Collected
from inferway.formats.pulumi.diagnosis.places import CallPlaces
from inferway.formats.pulumi.diagnosis.script_places import ScriptPlaces
from inferway.formats.pulumi.diagnosis.texts import texts
from inferway.formats.pulumi.messages import Job
from inferway.formats.pulumi.project import PYTHON

_COMPLAINT: Final = re.compile(
    r"Calling (?:__str__|\[to(?:String|JSON)\]) on an \[?Output[\[<]T[\]>]\]? is not supported"
)
_INSTEAD: Final = {PYTHON: "pulumi.Output.format or apply"}
_INSTEAD_IN_SCRIPTS: Final = "pulumi.interpolate, pulumi.jsonStringify or apply"


def is_complaint(text: str) -> bool:
    """Whether a text is, or holds, what Pulumi says where an output is made a text."""
    return _COMPLAINT.search(text) is not None


def spelt_outputs(job: Job, collected: Collected) -> Iterator[Finding]:
    """Give a warning for each property and each export whose text holds the complaint in place of a value."""
    instead = _INSTEAD.get(job.runtime, _INSTEAD_IN_SCRIPTS)
    wrong = f"holds Pulumi's complaint in place of an output's value; make the text with {instead}"
    for made in collected.resources:
        call = Place(file=made.file, line=made.line)
        for path, text in texts(made.properties):
            if is_complaint(text):
                places = CallPlaces(call) if made.file.endswith(".py") else ScriptPlaces(call)
                whole = ".".join(map(str, path))
                yield _warning(f"{whole} of {made.name} ({made.type}) {wrong}", places.find(*path))
    for output in collected.outputs:
        if any(is_complaint(text) for _, text in texts(output.value)):
            yield _warning(f"the export {output.name} {wrong}", Place(file=job.main))


def _warning(text: str, place: Place) -> Finding:
    return Finding(severity=Severity.WARNING, code="output-as-text", text=text, place=place)
