"""The page of counts: on loopback alone, rule by rule."""

import json

from inferway.app.firewall_page import firewall_page
from inferway.exchange import Request
from inferway.waf.counts import counter


def ask(client: str) -> tuple[int, bytes]:
    request = Request(method="GET", path="/_inferway/waf", headers=[(b"host", b"localhost:8080")], client=client)
    response = firewall_page(request, "")
    assert isinstance(response.body, bytes)
    return response.status, response.body


def test_counts_are_shown_by_rule_and_action() -> None:
    counts = counter("arn:page-test")
    counts["bad", "BLOCK"] += 2
    counts["Default_Action", "ALLOW"] += 5
    status, body = ask("127.0.0.1")
    shown = next(each for each in json.loads(body)["webAcls"] if each["webAcl"] == "arn:page-test")
    assert status == 200
    assert shown["rules"] == {"bad": {"BLOCK": 2}, "Default_Action": {"ALLOW": 5}}


def test_others_do_not_see_them() -> None:
    assert ask("192.0.2.1")[0] == 403
