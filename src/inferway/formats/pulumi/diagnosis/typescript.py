"""What the TypeScript compiler says, as findings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.formats.pulumi.messages import Job

_MOST: Final = 50
# `index.ts(3,7): error TS2322: …`, and with its newer formatter `index.ts:3:7 - error TS2322: …`
_SAID: Final = re.compile(r"^(.+?)(?:\((\d+),(\d+)\):|:(\d+):(\d+) -) error (TS\d+): (.*)$", re.MULTILINE)

# `error TS5107: …`: of the compiler's options, which stand in no file of the program
_OF_OPTIONS: Final = re.compile(r"^error (TS\d+): (.*)$", re.MULTILINE)


def typescript_errors(job: Job, text: str) -> Iterator[Finding]:
    """Give an error for each that the compiler names; one for the whole text where it names none."""
    said = list(_SAID.finditer(text))[:_MOST]
    for one in said:
        file, line, column = str(Path(job.folder) / one[1]), int(one[2] or one[4]), int(one[3] or one[5])
        place = Place(file=file, line=line, column=column)
        yield Finding(severity=Severity.ERROR, code="typescript", text=f"{one[7]} ({one[6]})", place=place)
    for one in _OF_OPTIONS.finditer(text):
        place = Place(file=str(Path(job.folder) / "tsconfig.json"))
        said.append(one)
        yield Finding(severity=Severity.ERROR, code="typescript", text=f"{one[2]} ({one[1]})", place=place)
    if not said:
        yield Finding(
            severity=Severity.ERROR, code="typescript", text=" ".join(text.split())[:600], place=Place(file=job.main)
        )
