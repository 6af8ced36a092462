"""Puts what happened to a program, and what its text shows, into findings."""

import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.pulumi.collected import Collected, Vanished
from inferway.formats.pulumi.diagnosis.bad_inputs import bad_input
from inferway.formats.pulumi.diagnosis.constructions import PLACEHOLDER, filled_in
from inferway.formats.pulumi.diagnosis.mistakes import Mistake
from inferway.formats.pulumi.diagnosis.places import CallPlaces
from inferway.formats.pulumi.diagnosis.script_places import ScriptPlaces
from inferway.formats.pulumi.diagnosis.spelt_outputs import is_complaint, spelt_outputs
from inferway.formats.pulumi.diagnosis.texts import texts
from inferway.formats.pulumi.diagnosis.typescript import typescript_errors
from inferway.formats.pulumi.messages import Job, Made
from inferway.formats.pulumi.program import Cause, Ending
from inferway.formats.pulumi.project import NODE, PYTHON

INSTALL: Final = "pip install 'inferway[pulumi]'"
_NETWORK: Final = frozenset({"NetworkDeniedError", "ConnectionError", "gaierror", "URLError", "RequestException"})
FOREIGN: Final = frozenset(("site-packages", "node_modules"))
"""Folders below a project whose files are not its own."""

_LAST_WORDS: Final = 3
_SPENT: Final = re.compile(r"out of memory|bad_alloc|Cannot allocate memory")  # V8, the C++ library, the C library
_CRASHES: Final = frozenset((signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGBUS))
_UNEXPECTED: Final = re.compile(r"unexpected keyword argument '(\w+)'")
_BUFFER: Final = "Array buffer allocation failed"
_LONGEST: Final = 600
_OS: Final = frozenset(("os", "<frozen os>"))
_EXITS: Final = {PYTHON: "sys.exit", NODE: "process.exit"}
_STAND_IN: Final = "local::"
_FAR: Final = re.compile(r"https?://[^/\s]*local::[^/\s]*")


def findings(job: Job, ending: Ending, collected: Collected, mistakes: tuple[Mistake, ...]) -> Findings:
    """Give all there is to know about a run.

    Mistakes that would have raised count only where the program did not come to its end.
    """
    went_wrong = tuple(_ended(job, ending, collected))
    failed = any(finding.severity is Severity.ERROR for finding in (*went_wrong, *collected.findings))
    kept = tuple(mistake for mistake in mistakes if failed or not mistake.raises)
    explained = [mistake for mistake in kept if mistake.raises]
    found = [finding for finding in went_wrong if not any(_covers(mistake, finding) for mistake in explained)]
    found += [mistake.finding for mistake in kept]
    found += _placed(job, ending, collected)
    found += _vanished(collected, kept)
    found += _placeholders(collected.resources, kept)
    found += _stand_ins(job, collected)
    found += _far_addresses(collected)
    spelt = tuple(spelt_outputs(job, collected))
    told = {(finding.place.file, finding.place.line) for finding in spelt}
    found = [each for each in found if not (is_complaint(each.text) and (each.place.file, each.place.line) in told)]
    found += spelt
    return tuple(dict.fromkeys(found))


def _covers(mistake: Mistake, finding: Finding) -> bool:
    """Whether a mistake explains what stopped the program: it stands there, or is the very argument that is named."""
    place = finding.place
    if mistake.finding.place.file != place.file:
        return False
    argument = _UNEXPECTED.search(finding.text)
    named = argument is not None and f"takes no {argument[1]}" in mistake.finding.text
    return named or mistake.first <= place.line <= mistake.last


def _ended(job: Job, ending: Ending, collected: Collected) -> Iterator[Finding]:
    whole = Place(file=job.main)
    if ending.timed_out:
        text = f"the program did not end within {job.limits.seconds:g} s and was stopped"
        yield _error("program-timeout", text, _hanging(job, ending) or whole)
    elif ending.failure:
        bad = bad_input(ending.failure[0].text, dict.fromkeys((job.main, *ending.files)), job.main)
        yield from [_error("wrong-kind", *bad)] if bad else _failed(job, ending.failure, collected)
    elif not ending.told_files:
        # V8 may end without a word where the system refuses it memory.
        crashed = -ending.code in _CRASHES and 0 < job.limits.memory <= ending.peak
        if crashed or (ending.code and any(_SPENT.search(line) for line in ending.lines)):
            yield _error("program-memory", _memory(job), whole)
            return
        text = f"the program ended by itself, {_exit(ending.code)}{_said(ending)}"
        yield _error("program-exit", text, whole)


def _failed(job: Job, chain: tuple[Cause, ...], collected: Collected) -> Iterator[Finding]:
    first = chain[0]
    place = next((own for cause in chain if (own := _own_place(job, cause))), Place(file=job.main))
    if any(refused.text in cause.text for refused, _ in collected.refused for cause in chain):
        return  # the refusal is among the findings, with its place
    kinds = {kind for cause in chain for kind in cause.kinds}
    if "SystemExit" in first.kinds:
        stopped = bool(first.code)
        ends = f"{_EXITS[job.runtime]}({first.code!r})"
        text = f"the program ends itself with {ends}; what it had not declared by then is missing"
        yield _finding(Severity.ERROR if stopped else Severity.WARNING, "program-exit", text, place)
    elif first.missing is not None and "ImportError" in first.kinds:
        yield _missing(job, first, place)
    elif first.missing is not None and job.runtime == NODE:
        yield _missing_package(job, first.missing, place)
    elif kinds & _NETWORK:
        denied = next(cause for cause in chain if _NETWORK & set(cause.kinds))
        text = f"the program wants the network: {_told(denied)}; programs run without one"
        yield _error("no-network", text, place)
    elif "MemoryError" in kinds or _BUFFER in first.text:
        yield _error("program-memory", _memory(job), place)
    elif "KeyError" in first.kinds and first.frames and Path(first.frames[-1][0]).stem in _OS:
        name = first.text.strip("'")
        text = f"the program wants the variable {name} of its environment; give it as the parameter env:{name}"
        yield _error("missing-variable", text, place)
    elif "ConfigMissingError" in kinds:
        text = f"{first.text.splitlines()[0]}; set it in Pulumi.{job.stack}.yaml, or as a parameter"
        yield _error("missing-configuration", text, place)
    elif "TSError" in kinds:
        yield from typescript_errors(job, first.text)
    elif "SyntaxError" in first.kinds:
        yield _error("python-syntax" if job.runtime == PYTHON else "javascript-syntax", first.text, place)
    else:
        # Pulumi resolves `output["key"]` in a task of its own, far from the program's line.
        unknown = not place.line and "NoneType" in first.text
        hint = "; the program uses an output that nothing here gives" if unknown else ""
        yield _error("program-failed", f"{_told(first)}{hint}", place)


def _placed(job: Job, ending: Ending, collected: Collected) -> Iterator[Finding]:
    """Give what was collected; a refusal of which the request did not say where takes the failure's place."""
    own = next((place for cause in ending.failure if (place := _own_place(job, cause))), None)
    known = [cause.text for cause in ending.failure if cause.text] + [refused.text for refused, _ in collected.refused]
    for finding in collected.findings:
        if finding.code == "program-log" and any(text in finding.text for text in known):
            continue  # told already
        if finding.code == "program-log":
            yield from _logged(ending, finding)
            continue
        told = any(finding.text in cause.text for cause in ending.failure)
        yield msgspec.structs.replace(finding, place=own) if own and told and not finding.place.line else finding


def _logged(ending: Ending, finding: Finding) -> Iterator[Finding]:
    """Give what the program logged, in one line, at each place that it logged it from."""
    places = [Place(file=file, line=line) for text, file, line in ending.logged if text.strip() == finding.text]
    told = " ".join(finding.text.split())[:_LONGEST]
    for place in places or [finding.place]:
        yield msgspec.structs.replace(finding, text=told, place=place)


def _missing(job: Job, cause: Cause, place: Place) -> Finding:
    package = (cause.missing or "").partition(".")[0]
    pip = "pip" if job.python in {"", sys.executable} else f"{job.python} -m pip"
    if package in {"pulumi", "grpc", "google"} and not place.line:
        command = INSTALL if pip == "pip" else f"{pip} install pulumi"
        return _error("missing-extra", f"Pulumi programs need a package that is not installed: {command}", place)
    if package.startswith("pulumi_"):
        command = f"{pip} install {package.replace('_', '-')}"
        return _error(
            "missing-sdk", f"the program's interpreter has no package {package}; install it: {command}", place
        )
    return _error("missing-module", f"{_told(cause)}; install it for the program's interpreter", place)


def _missing_package(job: Job, name: str, place: Place) -> Finding:
    if name.startswith((".", "/")):
        return _error("missing-module", f"there is no module {name}", place)
    package = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
    text = f"the program has no package {package}; install it: npm install {package}, in {job.root}"
    return _error("missing-sdk", text, place)


def _vanished(collected: Collected, mistakes: tuple[Mistake, ...]) -> Iterator[Finding]:
    for gone in collected.vanished:
        node = CallPlaces(gone.place).node(gone.property)
        place = CallPlaces(gone.place).find(gone.property)
        last = node.end_lineno if node and node.end_lineno else place.line
        known = (each.finding.place for each in mistakes if each.finding.code == "input-read-as-output")
        if not any(each.file == place.file and place.line <= each.line <= last for each in known):
            yield _error("missing-property", _lost(gone), place)


def _lost(gone: Vanished) -> str:
    whose = f"the required property {gone.property} of {gone.resource} ({gone.type})"
    return f"{whose} is missing: what the program gives for it resolves to nothing"


def _placeholders(resources: tuple[Made, ...], mistakes: tuple[Mistake, ...]) -> Iterator[Finding]:
    known = [mistake.finding.text for mistake in mistakes if mistake.finding.code == "placeholder"]
    for made in resources:
        for path, text in texts(made.properties):
            if PLACEHOLDER.fullmatch(text) and not any(each.startswith(text) for each in known):
                place = CallPlaces(Place(file=made.file, line=made.line)).find(*path)
                yield _finding(Severity.WARNING, "placeholder", f"{text} is a placeholder; {filled_in(text)}", place)


def _stand_ins(job: Job, collected: Collected) -> Iterator[Finding]:
    for output in collected.outputs:
        if any(_STAND_IN in text for _, text in texts(output.value)):
            text = f"the output {output.name} is a stand-in: nothing here gives that value"
            yield _finding(Severity.WARNING, "stand-in-output", text, Place(file=job.main))


def _far_addresses(collected: Collected) -> Iterator[Finding]:
    """Tell of addresses on a host that only a cloud knows: what calls them gets no answer."""
    for made in collected.resources:
        for path, text in texts(made.properties):
            found = _FAR.search(text)
            if found is not None:
                call = Place(file=made.file, line=made.line)
                places = CallPlaces(call) if made.file.endswith(".py") else ScriptPlaces(call)
                whose = f"{'.'.join(map(str, path))} of {made.name} ({made.type}) is at {found[0]}"
                told = f"{whose}, which is known in the cloud only; [urls] of inferway.toml can lead it elsewhere"
                yield _finding(Severity.WARNING, "stand-in-url", told, places.find(*path))


def _own_place(job: Job, cause: Cause) -> Place | None:
    """Give the innermost of the program's own lines that an exception passed."""
    own = [Place(file=file, line=line, column=column) for file, line, column in cause.frames if _is_own(job, file)]
    return own[-1] if own else None


def _hanging(job: Job, ending: Ending) -> Place | None:
    """Give the innermost own line of the stack that the program told when it was asked."""
    return next((Place(file=file, line=line) for file, line in ending.stands if _is_own(job, file)), None)


def _is_own(job: Job, file: str) -> bool:
    return file.startswith("/") and Path(job.root) in Path(file).parents and not FOREIGN & set(Path(file).parts)


def _told(cause: Cause) -> str:
    text = " ".join(cause.text.split())
    return f"{cause.kinds[0]}: {text[:_LONGEST]}" if text else cause.kinds[0]


def _memory(job: Job) -> str:
    return f"the program needs more than its {job.limits.memory >> 20} MB of memory"


def _exit(code: int) -> str:
    if code >= 0:
        return f"with exit code {code}"
    return f"by {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"by signal {-code}"


def _said(ending: Ending) -> str:
    lines = [line for line in ending.lines if line.strip()][-_LAST_WORDS:]
    return f"; its last words: {' | '.join(lines)[:_LONGEST]}" if lines else ""


def _error(code: str, text: str, place: Place) -> Finding:
    return _finding(Severity.ERROR, code, text, place)


def _finding(severity: Severity, code: str, text: str, place: Place) -> Finding:
    return Finding(severity=severity, code=code, text=text, place=place)
