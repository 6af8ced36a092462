"""Tests of a function's files put together from parts."""

import zipfile
from pathlib import Path

import pytest

from inferway.definition.bindings import CodePart
from inferway.serving.functions.code_parts import code_of, folder_in_place, layers_of
from inferway.serving.functions.code_tree import CodeError, Room
from inferway.serving.functions.options import FunctionOptions


def options(*parts: CodePart, path: Path | None = None) -> FunctionOptions:
    return FunctionOptions(path=path or Path(), code=parts, handler="index.handler")


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_folder_is_used_as_it_stands(tmp_path: Path) -> None:
    assert folder_in_place(options(path=tmp_path)) == tmp_path
    assert folder_in_place(options(CodePart(path=str(tmp_path)))) == tmp_path
    assert folder_in_place(options(CodePart(path=str(tmp_path), at="src"))) is None
    assert folder_in_place(options(path=zipped(tmp_path / "code.zip", a=""))) is None


def test_parts_of_every_kind_are_put_together_and_the_later_counts(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner/a.py").write_text("a")
    (folder / "index.py").write_text("old")
    (folder / "run").write_text("#!/bin/sh")
    (folder / "run").chmod(0o755)
    (folder / "link.py").symlink_to("inner/a.py")
    (folder / "outer").symlink_to(tmp_path / "one.txt")
    (tmp_path / "one.txt").write_text("one")
    tree = code_of(
        options(
            CodePart(path=str(folder)),
            CodePart(path=str(zipped(tmp_path / "more.zip", b="b")), at="packed"),
            CodePart(path=str(tmp_path / "more.zip"), at="kept.zip"),
            CodePart(path=str(tmp_path / "one.txt")),
            CodePart(path=str(tmp_path / "one.txt"), at="data/first"),
            CodePart(text="new", at="index.py"),
        ),
        Room(),
    )
    tree.lay_out(tmp_path / "out")
    found = {
        str(file.relative_to(tmp_path / "out")): file.read_bytes()
        for file in (tmp_path / "out").rglob("*")
        if file.is_file()
    }
    assert found.pop("kept.zip")[:2] == b"PK"
    assert found == {
        "inner/a.py": b"a",
        "index.py": b"new",
        "run": b"#!/bin/sh",
        "link.py": b"a",
        "outer": b"one",
        "packed/b": b"b",
        "one.txt": b"one",
        "data/first": b"one",
    }
    assert (tmp_path / "out/run").stat().st_mode & 0o111
    assert (tmp_path / "out/link.py").is_symlink()
    assert not (tmp_path / "out/outer").is_symlink()


@pytest.mark.parametrize("at", ["../index.py", "/index.py", "a/../../b", ""])
def test_a_part_goes_nowhere_else(at: str) -> None:
    with pytest.raises(CodeError, match="outside the function's folder"):
        code_of(options(CodePart(text="x", at=at)), Room())


def test_a_part_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="no such file or folder") as error:
        code_of(options(CodePart(path=str(tmp_path / "none"))), Room())
    assert error.value.path == tmp_path / "none"


def test_a_link_to_a_folder_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/loop").symlink_to(tmp_path)
    with pytest.raises(CodeError, match="a link to a folder that is not the function's"):
        code_of(options(CodePart(path=str(tmp_path / "source"), at="x")), Room())


def test_layers_lie_over_one_another_in_their_order(tmp_path: Path) -> None:
    # chapter-layers: the content of later layers overwrites the earlier ones'
    first, second = tmp_path / "first", tmp_path / "second.zip"
    (first / "python").mkdir(parents=True)
    (first / "python/a.py").write_text("first")
    (first / "python/b.py").write_text("first")
    zipped(second, **{"python/a.py": "second", "bin/tool": "tool"})
    layers_of((CodePart(path=str(first)), CodePart(path=str(second))), Room()).lay_out(tmp_path / "opt")
    assert (tmp_path / "opt/python/a.py").read_text() == "second"
    assert (tmp_path / "opt/python/b.py").read_text() == "first"
    assert (tmp_path / "opt/bin/tool").read_text() == "tool"


def test_code_and_layers_share_the_room(tmp_path: Path) -> None:
    room = Room(most_bytes=10)
    code_of(options(CodePart(text="12345", at="a")), room)
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer/b").write_text("123456")
    with pytest.raises(CodeError, match="unpacked it is more than"):
        layers_of((CodePart(path=str(tmp_path / "layer")),), room)
