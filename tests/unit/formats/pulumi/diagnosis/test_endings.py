"""What became of a run, put into findings; no program is run here."""

from pathlib import Path

import pytest

from inferway.faults import Finding, Place, Severity
from inferway.formats.pulumi.collected import Collected, RefusedError, Vanished
from inferway.formats.pulumi.diagnosis.endings import findings
from inferway.formats.pulumi.diagnosis.mistakes import Mistake
from inferway.formats.pulumi.messages import Exported, Job, Limits, Made
from inferway.formats.pulumi.program import Cause, Ending

MAIN = "/program/main.py"
WELL = Ending(code=0, told_files=True)


def job() -> Job:
    return Job(
        runtime="python",
        main=MAIN,
        program="main.py",
        folder="/program",
        root="/program",
        options={},
        secret_keys=(),
        project="p",
        stack="dev",
        python="",
        configuration={},
        stack_references={},
        region="us-east-1",
        account="1",
        limits=Limits(seconds=9),
    )


def told(ending: Ending, collected: Collected | None = None, *mistakes: Mistake) -> list[tuple[str, int]]:
    found = findings(job(), ending, collected or Collected(Limits()), mistakes)
    return [(each.code, each.place.line) for each in found]


def cause(kind: str, text: str = "", *lines: int, missing: str | None = None, bases: tuple[str, ...] = ()) -> Cause:
    frames = [("<frozen runpy>", 1, 1), *((MAIN, line, 1) for line in lines), ("/usr/lib/python3/json.py", 99, 1)]
    return Cause(kinds=[kind, *bases, "Exception"], text=text, frames=frames, missing=missing)


def failed(*chain: Cause) -> Ending:
    return Ending(code=1, failure=chain, told_files=True)


def mistake(line: int, *, raises: bool, code: str = "unknown-name") -> Mistake:
    finding = Finding(severity=Severity.ERROR, code=code, text="t", place=Place(file=MAIN, line=line))
    return Mistake(finding=finding, raises=raises, first=line, last=line + 1)


def test_a_clean_run_has_no_findings() -> None:
    assert told(WELL) == []


def test_the_innermost_own_line_is_the_place() -> None:
    assert told(failed(cause("KeyError", "'a'", 3, 7))) == [("program-failed", 7)]


def test_a_cause_tells_the_place_where_the_error_itself_does_not() -> None:
    assert told(failed(cause("Exception", "wrapped"), cause("ValueError", "own", 5))) == [("program-failed", 5)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (cause("URLError", "refused", 4, bases=("OSError",)), "no-network"),
        (cause("ConnectionResetError", "", 4, bases=("ConnectionError",)), "no-network"),
        (cause("MemoryError", "", 4), "program-memory"),
        (cause("ConfigMissingError", "Missing required x\nmore", 4), "missing-configuration"),
        (cause("ModuleNotFoundError", "m", 4, missing="pulumi_gcp.x", bases=("ImportError",)), "missing-sdk"),
        (cause("ModuleNotFoundError", "m", 4, missing="numpy", bases=("ImportError",)), "missing-module"),
        (cause("SystemExit", "", 4), "program-exit"),
    ],
)
def test_errors_with_names_of_their_own(given: Cause, code: str) -> None:
    assert told(failed(given)) == [(code, 4)]


def test_a_mistake_in_the_same_statement_says_it_better() -> None:
    ending = failed(cause("AttributeError", "no x", 8))
    assert told(ending, None, mistake(7, raises=True)) == [("unknown-name", 7)]
    assert told(ending, None, mistake(3, raises=True)) == [("program-failed", 8), ("unknown-name", 3)]


def test_a_clean_run_disproves_what_would_have_raised() -> None:
    silent = mistake(3, raises=False, code="placeholder")
    assert told(WELL, None, mistake(2, raises=True), silent) == [("placeholder", 3)]


def test_a_refusal_is_told_once_and_takes_the_failures_line() -> None:
    collected = Collected(Limits())
    collected.refuse(RefusedError("unknown-invoke", "no answer"), Place(file=MAIN))
    ending = failed(cause("Exception", "invoke failed: no answer", 6))
    assert told(ending, collected) == [("unknown-invoke", 6)]


def test_a_lost_property_is_told_unless_the_mistake_is(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text("Thing('t',\n    a_b=other.c,\n)\n")
    collected = Collected(Limits())
    collected.vanished.append(Vanished(resource="t", type="x:y:Z", property="aB", place=Place(file=str(file), line=1)))
    assert told(WELL, collected) == [("missing-property", 2)]
    place = Place(file=str(file), line=2)
    finding = Finding(severity=Severity.ERROR, code="input-read-as-output", text="t", place=place)
    known = Mistake(finding=finding, raises=False, first=2, last=2)
    assert told(WELL, collected, known) == [("input-read-as-output", 2)]


def test_where_a_stopped_program_stood() -> None:
    stack = (("/usr/lib/a.py", 1), (MAIN, 12), (MAIN, 30))
    assert told(Ending(code=-9, timed_out=True, stands=stack)) == [("program-timeout", 12)]
    assert told(Ending(code=-9, timed_out=True)) == [("program-timeout", 0)]


def test_a_program_that_ended_without_a_word() -> None:
    (found,) = findings(job(), Ending(code=-11, lines=("a", "", "b")), Collected(Limits()), ())
    assert found.code == "program-exit"
    assert "SIGSEGV" in found.text
    assert "a | b" in found.text


@pytest.mark.parametrize(("peak", "code"), [(2 << 30, "program-memory"), ((2 << 30) - 1, "program-exit")])
def test_a_crash_at_the_limit_is_for_want_of_memory(peak: int, code: str) -> None:
    assert told(Ending(code=-11, peak=peak)) == [(code, 0)]


def test_an_export_that_is_a_stand_in() -> None:
    collected = Collected(Limits())
    collected.export([Exported(name="n", value={"a": ["local::x::arn"]}, secret=False)])
    assert told(WELL, collected) == [("stand-in-output", 0)]


COMPLAINT = "Calling __str__ on an Output[T] is not supported.\n\nTo get the value consider:\n1. o.apply(f)"
"""The first lines of what pulumi.Output.__str__ gives (the Python SDK's output.py)."""


def test_what_is_logged_stands_in_one_line_at_each_place_that_logged_it() -> None:
    collected = Collected(Limits())
    collected.find(Severity.WARNING, "program-log", "old:\n\nuse another", Place(file=MAIN))
    ending = Ending(
        code=0, told_files=True, logged=(("old:\n\nuse another\n", MAIN, 3), ("old:\n\nuse another", MAIN, 8))
    )
    assert [(each.text, each.place.line) for each in findings(job(), ending, collected, ())] == [
        ("old: use another", 3),
        ("old: use another", 8),
    ]
    assert told(WELL, collected) == [("program-log", 0)]


def test_an_output_made_a_text_is_told_where_it_went(tmp_path: Path) -> None:
    """https://www.pulumi.com/docs/iac/concepts/inputs-outputs/all/#outputs-and-strings"""
    main = tmp_path / "main.py"
    main.write_text('aws.iam.User(\n    "u",\n    path=f"/{role.name}/",\n)\n', encoding="utf-8")
    collected = Collected(Limits())
    collected.find(Severity.WARNING, "program-log", COMPLAINT, Place(file=str(main)))
    properties = {"path": f"/{COMPLAINT}/", "tags": {"a": "b"}}
    collected.add(
        Made(
            type="aws:iam/user:User",
            name="u",
            properties=properties,
            id="u",
            attributes={},
            secrets=(),
            file=str(main),
            line=1,
        )
    )
    collected.export([Exported(name="url", value=[f"https://{COMPLAINT}"], secret=False)])
    ending = Ending(code=0, told_files=True, logged=((COMPLAINT, str(main), 3), (COMPLAINT, str(main), 9)))
    found = [(each.code, each.place.line) for each in findings(job(), ending, collected, ())]
    assert found == [("program-log", 9), ("output-as-text", 3), ("output-as-text", 0)]


def test_an_address_that_only_the_cloud_knows_is_told(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text('apim.Backend(\n    "b",\n    url=address,\n)\n', encoding="utf-8")
    collected = Collected(Limits())
    kind, address = "azure-native:apimanagement:Backend", "https://local::app::defaultHostName/api"
    properties = {"url": address, "resourceId": "local::app::id", "title": "see https://example.com/local::x"}
    held = Made(type=kind, name="b", properties=properties, id="b", attributes={}, secrets=(), file=str(main), line=1)
    collected.add(held)
    (found,) = findings(job(), WELL, collected, ())
    assert (found.code, found.severity, found.place.line) == ("stand-in-url", Severity.WARNING, 3)
    assert "url of b" in found.text
    assert "https://local::app::defaultHostName," in found.text
