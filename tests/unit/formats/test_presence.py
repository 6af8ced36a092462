"""Paths that definitions name: no text is so odd that looking for it fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.formats.presence import exists, is_file, is_folder, resolved

ODD = {"long": "a" * 5000, "NUL": "a\0b", "long part": f"b/{'a' * 300}/c", "surrogate": "\ud800"}


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
@pytest.mark.parametrize("look", [is_file, is_folder, exists])
def test_what_can_be_no_path_is_not_there(tmp_path: Path, look: Callable[[Path], bool], name: str) -> None:
    assert not look(tmp_path / name)


def test_links_in_a_circle_are_nothing_and_stay(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert not is_file(loop)
    assert not exists(loop)
    assert resolved(loop).name == "loop"


def test_what_is_there_is_found_by_its_kind(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    link = tmp_path / "link"
    link.symlink_to(file)
    assert (is_file(link), is_folder(link), exists(link)) == (True, False, True)
    assert (is_file(tmp_path), is_folder(tmp_path), exists(tmp_path)) == (False, True, True)
    assert resolved(link) == resolved(file)


def test_a_text_that_no_system_takes_stays_as_it_is() -> None:
    assert resolved(Path("a\0b")) == Path("a\0b")
