"""An archive that is the same bytes for the same texts."""

import io
import zipfile

from inferway.dialects.apigateway.sdk.archive import archive_of


def test_an_archive_has_its_files_in_order() -> None:
    with zipfile.ZipFile(io.BytesIO(archive_of({"b/c.txt": "größe", "a.txt": ""}))) as archive:
        assert archive.namelist() == ["a.txt", "b/c.txt"]
        assert archive.read("b/c.txt").decode() == "größe"
        assert archive.testzip() is None


def test_it_does_not_matter_in_which_order_they_are_given() -> None:
    assert archive_of({"a": "1", "b": "2"}) == archive_of({"b": "2", "a": "1"})
