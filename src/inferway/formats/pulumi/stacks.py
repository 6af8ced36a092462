"""Which stack of a project is run, and the file of its settings."""

from pathlib import Path

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.pulumi.settings import Settings, read_settings

_SUFFIXES = (".yaml", ".yml")


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A stack by its name; `file` and `settings` are None where it has no file."""

    name: str
    file: Path | None
    settings: Settings | None
    findings: Findings


def find_stack(folder: Path, project: Settings | None, wanted: str) -> Stack:
    """Find the stack of a name, which may be `organization/project/stack`.

    Its file is `Pulumi.<stack>.yaml`, in the project's folder or in its `stackConfigDir`, named `config` once
    (https://www.pulumi.com/docs/iac/concepts/projects/project-file/). Where that one is absent and there is exactly one
    other, the stack is that one, with a note.
    """
    name = wanted.rpartition("/")[2]
    within = (project.get("stackConfigDir") or project.get("config")) if project else None
    place = folder / within if isinstance(within, str) else folder
    file = next((each for suffix in _SUFFIXES if (each := place / f"Pulumi.{name}{suffix}").is_file()), None)
    notes: Findings = ()
    if file is None:
        others = sorted(each for suffix in _SUFFIXES for each in place.glob(f"Pulumi.*{suffix}") if each.is_file())
        if len(others) == 1:
            (file,) = others
            found = file.stem.removeprefix("Pulumi.")
            text = f"the stack {name} has no settings file; the only one there is, of {found}, is taken"
            notes = (Finding(severity=Severity.NOTE, code="other-stack", text=text, place=Place(file=str(file))),)
            name = found
    settings, findings = read_settings(file)
    return Stack(name=name, file=file, settings=settings, findings=(*notes, *findings))
