"""Values that stand in files of their own: only those that can be read to their end."""

import os
from pathlib import Path

import pytest

from inferway.app.toml_reader import TomlReader, Unreadable


def _value(folder: Path, name: str) -> str:
    return TomlReader(folder / "inferway.toml", "", {}).value(f"file:{name}", ("keys", "web"))


def test_a_file_gives_its_text_without_the_blanks_around_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("  a-key\n")
    assert _value(tmp_path, "key") == "a-key"


def test_a_pipe_a_device_and_a_large_file_are_refused_instead_of_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (1024 * 1024 + 1))
    for name, reason in (("pipe", "regular file"), ("/dev/zero", "regular file"), ("large", "more than 1048576 bytes")):
        with pytest.raises(Unreadable, match=f"keys.web: .*{reason}"):
            _value(tmp_path, name)
