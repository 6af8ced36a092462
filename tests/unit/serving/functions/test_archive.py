"""Tests of archives: what is read of them, and those that would do harm."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from inferway.serving.functions.archive import entries_of, is_archive, safe_link
from inferway.serving.functions.code_tree import CodeError, Room, Tree


def archive(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members:
            written.writestr(name, content)
    return path


def member(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_files_modes_and_inner_links_are_kept(tmp_path: Path) -> None:
    file = archive(
        tmp_path / "code.zip",
        ("lib/", b""),
        ("index.py", b"x = 1"),
        (member("bin/run", stat.S_IFREG | 0o755), b"#!/bin/sh"),
        (member("bin/also", stat.S_IFLNK | 0o777), b"../bin/run"),
    )
    assert is_archive(file)
    tree = Tree(entries_of(file, Room()), file)
    assert sorted(tree.entries) == ["bin/also", "bin/run", "index.py"]
    tree.lay_out(tmp_path / "out")
    assert (tmp_path / "out/index.py").read_text() == "x = 1"
    assert not (tmp_path / "out/index.py").stat().st_mode & 0o111
    assert (tmp_path / "out/bin/run").stat().st_mode & 0o111
    assert (tmp_path / "out/bin/also").read_text() == "#!/bin/sh"


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up", "C:\\windows", "..\\up", "a/..", "C:/x"])
def test_a_name_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    file = archive(tmp_path / "code.zip", ("index.py", b""), (name, b"harm"))
    with pytest.raises(CodeError, match="would be outside the function's folder") as error:
        Tree(entries_of(file, Room()), file)
    assert error.value.code == "code-outside"


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("link", "/etc/passwd"),
        ("link", "../up"),
        ("a/link", "../../up"),
        ("link", "a/../b"),
        ("a/b/link", "../c/../../x"),
        ("link", ""),
    ],
)
def test_a_link_outside_the_folder_is_refused(tmp_path: Path, name: str, target: str) -> None:
    with pytest.raises(CodeError, match="would lead outside"):
        safe_link(name, target, tmp_path)
    file = archive(tmp_path / "code.zip", (member(name, stat.S_IFLNK | 0o777), target.encode()))
    with pytest.raises(CodeError, match="would lead outside"):
        Tree(entries_of(file, Room()), file)


def test_a_file_below_a_link_is_refused(tmp_path: Path) -> None:
    link = member("a", stat.S_IFLNK | 0o777)
    file = archive(tmp_path / "code.zip", (link, b"b"), ("b/x", b""), ("a/y", b"harm"))
    with pytest.raises(CodeError, match="'a' is a file and has 'a/y' below it"):
        Tree(entries_of(file, Room()), file)


def test_what_unpacks_to_more_than_the_quota_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    # Lambda quotas: 250 MB unzipped
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for number in range(26):
            with written.open(f"{number}", "w") as target:
                for _ in range(10):
                    target.write(bytes(1_048_576))
    assert file.stat().st_size < 1_048_576
    with pytest.raises(CodeError, match=r"unpacked it is more than 250 MB, or 100000 files") as error:
        list(entries_of(file, Room()))
    assert error.value.code == "code-too-large"


def test_a_list_of_files_too_long_is_refused_unread(tmp_path: Path) -> None:
    file = archive(tmp_path / "code.zip", ("index.py", b""))
    data = bytearray(file.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    file.write_bytes(data)
    with pytest.raises(CodeError, match="list of files is longer"):
        list(entries_of(file, Room()))


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    file = archive(tmp_path / "code.zip", *((f"{number}", b"") for number in range(20)))
    with pytest.raises(CodeError, match="more than 250 MB, or"):
        list(entries_of(file, Room(most_files=19)))


def test_what_is_no_archive_or_damaged_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "code.zip"
    for content in (b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(3)):
        file.write_bytes(content)
        with pytest.raises(CodeError, match="cannot be unpacked"):
            list(entries_of(file, Room()))
    with pytest.raises(CodeError, match="cannot be read"):
        list(entries_of(tmp_path / "missing.zip", Room()))


def test_content_that_is_not_what_was_packed_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("index.py", b"value = 1\n" * 1000)
    data = bytearray(buffer.getvalue())
    data[45] ^= 0xFF
    (tmp_path / "code.zip").write_bytes(data)
    tree = Tree(entries_of(tmp_path / "code.zip", Room()), tmp_path)
    with pytest.raises(CodeError, match=r"'index\.py' cannot be unpacked"):
        tree.lay_out(tmp_path / "out")


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    file = archive(tmp_path / "code.zip", ("index.py", b"x"))
    data = bytearray(file.read_bytes())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(data)
    with pytest.raises(CodeError, match=r"'index\.py' is encrypted"):
        list(entries_of(file, Room()))
