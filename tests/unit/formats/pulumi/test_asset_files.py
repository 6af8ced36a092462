from pathlib import Path

from inferway.faults import Severity
from inferway.formats.pulumi.asset_files import absent
from inferway.formats.resources import ARCHIVE, ASSET


def test_files_that_are_missing_or_elsewhere_are_found_at_any_depth(tmp_path: Path) -> None:
    here = {ASSET: {"path": str(tmp_path)}}
    gone = {ASSET: {"path": str(tmp_path / "gone")}}
    far = {ARCHIVE: {"uri": "https://example.com/a.zip"}}
    value = {
        "code": {ARCHIVE: {"assets": {"a": here, "b": [gone], "c": {ARCHIVE: {"assets": {"d": far}}}}}},
        "uri": "x",
    }
    assert [(each.severity, each.code) for each in absent(value)] == [
        (Severity.ERROR, "missing-file"),
        (Severity.WARNING, "remote-asset"),
    ]
    assert list(absent({ASSET: {"text": "t"}})) == []
