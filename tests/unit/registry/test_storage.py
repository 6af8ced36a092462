"""Where S3 URIs live here."""

from pathlib import Path

import pytest

from inferway.registry.errors import InvalidRequestError
from inferway.registry.storage import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    bound = {"s3://bucket": str(tmp_path / "bucket"), "s3://bucket/data/": str(tmp_path / "elsewhere")}
    return Storage(tmp_path / "root", bound, readable=[str(tmp_path / "code")])


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("s3://other/a/b.csv", "root/s3/other/a/b.csv"),
        ("s3://other", "root/s3/other"),
        ("s3://bucket/a", "bucket/a"),
        ("s3://bucket", "bucket"),
        ("s3://bucket/data/x", "elsewhere/x"),
        ("s3://bucket/data", "elsewhere"),
        ("s3://bucket/database", "bucket/database"),
        ("s3://buckets/a", "root/s3/buckets/a"),
        ("s3://other/a/", "root/s3/other/a"),
    ],
)
def test_the_longest_bound_prefix_holds(storage: Storage, tmp_path: Path, uri: str, path: str) -> None:
    assert storage.path(uri) == tmp_path / path


@pytest.mark.parametrize(
    "uri",
    [
        "s3://other/../../etc/passwd",
        "s3://other/a/./b",
        "s3://other//a",
        "s3://../a",
        "s3://other/a\0b",
        "s3://",
        "https://bucket.s3.amazonaws.com/a",
        "/etc/passwd",
        "file:///etc/passwd",
        "file://host/etc",
    ],
)
def test_what_leads_out_is_refused(storage: Storage, uri: str) -> None:
    with pytest.raises(InvalidRequestError):
        storage.path(uri)


def test_a_file_uri_may_name_what_is_bound(storage: Storage, tmp_path: Path) -> None:
    assert storage.path(f"file://{tmp_path}/code/train.py") == (tmp_path / "code" / "train.py").resolve()
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "out").symlink_to("/etc")
    with pytest.raises(InvalidRequestError):
        storage.path(f"file://{tmp_path}/code/out/passwd")
