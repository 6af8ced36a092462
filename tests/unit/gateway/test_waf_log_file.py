"""Files of web ACLs' logs: what takes no line stops nobody."""

import os
from pathlib import Path

import pytest

from inferway.gateway.waf_log_file import close_entry_files, write_entry


def test_entries_are_written_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "waf.log"
    write_entry(str(path), {"a": 1})
    write_entry(str(path), {"a": "\n"})
    close_entry_files()
    assert path.read_text() == '{"a":1}\n{"a":"\\n"}\n'


def test_a_pipe_that_nobody_reads_stops_nobody(tmp_path: Path) -> None:
    """Opening one to write waits for a reader (fifo(7)): it must not be done so where requests are served."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    write_entry(str(path), {"a": 1})
    close_entry_files()


@pytest.mark.parametrize("path", ["/dev/full", "/nowhere/waf.log"])
def test_what_cannot_be_written_stops_nobody(path: str) -> None:
    write_entry(path, {"a": 1})
    close_entry_files()


def test_a_file_that_was_renamed_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "waf.log"
    write_entry(str(path), {"a": 1})
    close_entry_files()
    path.rename(tmp_path / "waf.log.1")
    write_entry(str(path), {"a": 2})
    close_entry_files()
    assert path.read_text() == '{"a":2}\n'
