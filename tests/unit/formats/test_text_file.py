from pathlib import Path

from inferway.faults import Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import OnePlace
from inferway.formats.text_file import text_in

AT = Place(file="template.yaml", line=7, column=3)


def test_a_text_with_the_places_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "request.vtl"
    file.write_text("#if\n  x", "utf-8")
    findings: Report = {}
    text = text_in(file, Cursor("x", (), OnePlace(AT), findings), findings)
    assert (text.text(), text.place) == ("#if\n  x", Place(file=str(file), line=1, column=1))
    assert text.inside(2, 3) == Place(file=str(file), line=2, column=3)
    assert not findings


def test_a_file_that_is_not_there_is_found_at_the_property(tmp_path: Path) -> None:
    findings: Report = {}
    at = Cursor("request.vtl", (), OnePlace(AT), findings)
    assert text_in(tmp_path / "request.vtl", at, findings) is at
    (finding,) = findings
    assert (finding.place, "request.vtl" in finding.text) == (AT, True)
