import os
from pathlib import Path

import pytest

from inferway.formats.document import LARGEST_FILE, parse_document, read_document
from inferway.formats.nodes import SyntaxFault, plain


def test_json_with_tabs_is_read_though_yaml_refuses_them(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text('{\n\t"a": [\n\t\t1\n\t]\n}', "utf-8")
    assert plain(read_document(path)) == {"a": [1]}


def test_a_flow_mapping_that_is_no_json_is_yaml() -> None:
    assert plain(parse_document("{a: [b, 'c']}")) == {"a": ["b", "c"]}


def test_a_duplicate_key_in_json_is_not_hidden_by_trying_yaml() -> None:
    with pytest.raises(SyntaxFault, match="already"):
        parse_document('{"a": 1, "a": 2}')


def test_a_json_file_is_json_only(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text("a: 1", "utf-8")
    with pytest.raises(SyntaxFault) as caught:
        read_document(path)
    assert caught.value.code == "json-syntax"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "api.yaml"
    path.write_bytes("é: ü".encode(encoding))
    assert plain(read_document(path)) == {"é": "ü"}


def test_bytes_that_are_no_utf_8_are_refused_in_their_line(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(SyntaxFault) as caught:
        read_document(path)
    assert (caught.value.code, caught.value.line) == ("bad-encoding", 2)


def test_a_file_past_the_vendors_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(SyntaxFault, match="6 MB"):
        read_document(path)


def test_a_file_that_is_not_there_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(SyntaxFault, match="cannot be read"):
        read_document(tmp_path / "none.yaml")


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    """A device may never end, and a pipe may never begin."""
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (Path("/dev/zero"), tmp_path, tmp_path / "pipe.yaml", Path("a\0b")):
        with pytest.raises(SyntaxFault) as caught:
            read_document(path)
        assert caught.value.code == "unreadable"
