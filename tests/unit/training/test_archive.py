"""Packing and unpacking models, those of strangers too."""

import io
import tarfile
from pathlib import Path

import pytest

from inferway.training.archive import ArchiveError, copy, pack, unpack


def member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, link
    return info


def archive(file: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for info in members:
            tar.addfile(info, io.BytesIO(b"x" * info.size))
    return file


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "code").mkdir(parents=True)
    (model / "code" / "inference.py").write_text("x = 1")
    (model / "empty").mkdir()
    (model / "link.txt").symlink_to("code/inference.py")
    pack(model, tmp_path / "out" / "model.tar.gz")
    with tarfile.open(tmp_path / "out" / "model.tar.gz", "r:gz") as tar:
        assert tar.getnames() == ["code", "code/inference.py", "empty", "link.txt"]
    unpack(tmp_path / "out" / "model.tar.gz", tmp_path / "again")
    assert (tmp_path / "again" / "code" / "inference.py").read_text() == "x = 1"
    assert (tmp_path / "again" / "link.txt").read_text() == "x = 1"
    assert (tmp_path / "again" / "empty").is_dir()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["model.tar.gz"]


@pytest.mark.parametrize(
    "bad",
    [
        member("../outside"),
        member("/absolute"),
        member("a/../../outside"),
        member("link", tarfile.SYMTYPE, link="/etc/passwd"),
        member("link", tarfile.LNKTYPE, link="a"),
        member("pipe", tarfile.FIFOTYPE),
        member("device", tarfile.CHRTYPE),
    ],
)
def test_an_archive_that_leads_out_is_refused_whole(tmp_path: Path, bad: tarfile.TarInfo) -> None:
    file = archive(tmp_path / "bad.tar.gz", member("good", size=3), bad)
    with pytest.raises(ArchiveError):
        unpack(file, tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_an_archive_that_is_too_large_or_none_is_refused(tmp_path: Path) -> None:
    large = archive(tmp_path / "large.tar.gz", member("zeros", size=2000))
    with pytest.raises(ArchiveError, match="1000 bytes"):
        unpack(large, tmp_path / "model", most_bytes=1000)
    (tmp_path / "none.tar.gz").write_bytes(b"\x1f\x8bgarbage")
    (tmp_path / "cut.tar.gz").write_bytes(large.read_bytes()[:40])
    for name in ("none", "cut", "missing"):
        with pytest.raises(ArchiveError):
            unpack(tmp_path / f"{name}.tar.gz", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_folder_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "new").touch()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "old").touch()
    copy(tmp_path / "model", tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["new"]
