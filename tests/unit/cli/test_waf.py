"""`inferway waf test`: requests in their three forms, what is said of each rule, and the exit status."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]

ROOT = Path(__file__).parents[3]
EXAMPLE = str(ROOT / "examples" / "waf")
SQL = "/prod/products?id=1%27%20OR%201=1--"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (["GET", "/prod/products"], 0),
        (["GET", f"/shop{SQL}"], 3),
        (["GET", SQL], 3),
        (["GET", "/prod/products", "-H", "X-Forwarded-For: 192.0.2.9"], 3),
        (["POST", "/prod/products", "-d", "x" * 8_193], 3),
        (["GET", "/prod/products", "--repeat", "500"], 0),
        (["GET", "/prod/products", "--repeat", "501"], 3),
        (["curl -A sqlmap/1.8 https://shop.example.com/prod/products"], 3),
        (["curl -X DELETE -A curl/8 https://shop.example.com/prod/products"], 3),
        (["curl --user-agent=sqlmap/1.8 https://shop.example.com/prod/products"], 3),
        (["curl -XDELETE https://shop.example.com/prod/products"], 3),
        (["curl -sX DELETE https://shop.example.com/prod/products"], 3),
        (["curl -X DELETE -A '' https://shop.example.com/prod/products"], 0),
        (["curl -X DELETE -H 'User-Agent: shop/1' https://shop.example.com/prod/products"], 0),
        (['curl -o out -G --data-urlencode "id=1\' OR 1=1--" shop.example.com/prod/products'], 3),
        (["curl 'https://shop.example.com/prod/products?q=lamp' -H 'accept: */*' -s"], 0),
    ],
)
def test_the_exit_status_is_the_outcome(call: Call, request_: list[str], status: int) -> None:
    assert call("waf", "test", *request_, "-C", EXAMPLE).exit_code == status


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_raw_request_in_a_file(call: Call, tmp_path: Path, end: bytes) -> None:
    lines = (
        b"POST /prod/products HTTP/1.1",
        b"Host: a",
        b"User-Agent: curl/8",
        b"",
        b"id=1' UNION SELECT password--\r\n",
    )
    file = tmp_path / "request.http"
    file.write_bytes(end.join(lines))
    seen = json.loads(call("waf", "test", str(file), "-C", EXAMPLE, "--json").stdout)
    assert (seen["action"], seen["rule"], seen["status"]) == ("BLOCK", "injected-sql", 403)


def test_json_has_every_rule_that_was_tried(call: Call) -> None:
    result = call("waf", "test", "GET", "/prod/products", "-H", "user-agent: curl/8", "-C", EXAMPLE, "--json")
    seen = json.loads(result.stdout)
    assert [rule["name"] for rule in seen["rules"] if rule["matched"]] == ["curl-is-watched"]
    assert seen["labels"] == ["awswaf:000000000000:webacl:shop-acl:client:curl"]
    assert seen["inserted"] == [["x-amzn-waf-audit", "curl"]]
    assert (seen["action"], seen["rule"]) == ("ALLOW", "Default_Action")


def test_what_the_page_shows_is_what_it_prints(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    found = re.search(r"^\$ inferway (waf test .*)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    assert call(*shlex.split(found[1])).stdout == found[2]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["try", "GET", "/"], 2, "is nothing that can be done"),
        (["test", "/only-one"], 2, "METHOD PATH"),
        (["test", "GET", "/", "-H", "no colon"], 2, "is no header"),
        (["test", "curl -s"], 2, "has no URL"),
        (["test", "curl -F file=@a https://shop.example.com/"], 2, "write the request to a file"),
        (["test", "GET", "/", "--api", "other"], 1, "no web ACL stands in front of other"),
        (["test", "GET", "/", "-d", "@/no/such/file"], 1, "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_said(call: Call, arguments: list[str], status: int, told: str) -> None:
    result = call("waf", *arguments, "-C", EXAMPLE)
    assert result.exit_code == status
    assert told in re.sub(r"[\s│]+", " ", result.output)


def test_a_file_that_is_no_request(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.http").write_bytes(b"\xff\x00 nothing")
    result = call("waf", "test", str(tmp_path / "a.http"), "-C", EXAMPLE)
    assert (result.exit_code, "is no request line" in result.output) == (1, True)
