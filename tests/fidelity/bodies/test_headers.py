"""Headers that are dropped or remapped (API Gateway, "Amazon API Gateway important notes", its table, row by row)."""

import json
from typing import Any

import pytest

TABLE = """
Age                 pass                     pass
Accept              pass                     drop/pass/pass
Accept-Charset      pass                     pass
Authorization       pass                     remap
Content-MD5         drop                     remap
Content-Type        pass                     pass
Date                pass                     remap
Expect              drop                     drop
Max-Forwards        drop                     remap
Pragma              pass                     pass
Proxy-Authenticate  drop                     drop
Range               pass                     pass
Referer             pass                     pass
Server              drop                     remap
TE                  drop                     drop
Trailer             drop                     drop
Upgrade             drop                     drop
User-Agent          pass                     remap
Via                 drop/drop/pass           pass/drop/drop
Warn                pass                     pass
WWW-Authenticate    drop                     remap
"""
"""Header, request, response; where the three differ those of HTTP, HTTP_PROXY and Lambda.

Without the rows of the message's framing: Connection, Content-Encoding, Content-Length, Host, Transfer-Encoding.
"""


def cells() -> list[tuple[str, str, str, str]]:
    made = []
    for line in TABLE.strip().splitlines():
        name, *sides = line.split()
        for direction, side in zip(("request", "response"), sides, strict=True):
            fates = side.split("/") * (1 if "/" in side else 3)
            made += [
                (name, direction, kind, fate) for kind, fate in zip(("http", "proxy", "lambda"), fates, strict=True)
            ]
    return made


def request_seen(lab: Any, kind: str, name: str) -> str | None:
    """Give what a backend sees of a header that a client sends (and that a custom integration maps)."""
    if kind == "http":
        mapping = {f"integration.request.header.{name}": f"method.request.header.{name}"}
        declared = [{"in": "header", "name": name, "schema": {"type": "string"}}]
        operation = lab.operation(lab.http(requestParameters=mapping), parameters=declared)
    else:
        operation = lab.operation(lab.proxy() if kind == "proxy" else lab.function())
    asked = ("POST", "/t", {name: "mine"}, "{}")
    call = lab.play(lab.document({"/t": {"post": operation}}), asked).call
    if kind == "lambda":
        seen: dict[str, str] = json.loads(call.body)["headers"]
        return seen.get(name)
    found: str | None = call.headers.get(name.lower())
    return found


def response_names(lab: Any, kind: str, name: str) -> dict[str, str]:
    """Give the headers that a client sees of a response for which a backend, or a function, has set a header."""
    reply = lab.reply(200, {"Content-Type": "application/json", name: "mine"}, b"{}")
    if kind == "http":
        mapping = {f"method.response.header.{name}": f"integration.response.header.{name}"}
        integration = lab.http(
            method="GET", responses={"default": {"statusCode": "200", "responseParameters": mapping}}
        )
    elif kind == "proxy":
        integration = lab.proxy(method="GET")
    else:
        integration = lab.function()
        reply = lab.reply(200, {}, json.dumps({"statusCode": 200, "headers": {name: "mine"}, "body": "{}"}).encode())
    paths = {"/t": {"get": lab.operation(integration)}}
    headers: dict[str, str] = lab.play(lab.document(paths), ("GET", "/t"), replies=(reply,)).answer.headers
    return headers


@pytest.mark.parametrize(("name", "direction", "kind", "fate"), cells())
def test_the_table_of_headers(lab: Any, name: str, direction: str, kind: str, fate: str) -> None:
    if direction == "request":
        assert (request_seen(lab, kind, name) == "mine") is (fate == "pass")
        return
    headers = response_names(lab, kind, name)
    seen = {
        "pass": headers.get(name.lower()) == "mine",
        "remap": headers.get(f"x-amzn-remapped-{name.lower()}") == "mine",
    }
    assert [each for each, there in seen.items() if there] == ([] if fate == "drop" else [fate])


def test_a_signature_is_not_passed_on(lab: Any) -> None:
    signature = (
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0"
    )
    for kind in ("proxy", "lambda"):
        operation = lab.operation(lab.proxy() if kind == "proxy" else lab.function())
        asked = ("POST", "/t", {"Authorization": signature}, "{}")
        call = lab.play(lab.document({"/t": {"post": operation}}), asked).call
        assert signature not in call.headers.values()
        assert b"AWS4" not in call.body


def test_no_template_sets_a_header_that_is_dropped(lab: Any) -> None:
    template = '#set($context.requestOverride.header.Via = "mine")#set($context.requestOverride.header.X-A = "1"){}'
    integration = lab.http(requestTemplates={"application/json": template})
    call = lab.play(lab.document({"/t": {"post": lab.operation(integration)}}), ("POST", "/t", {}, "{}")).call
    assert ("via" in call.headers, call.headers["x-a"]) == (False, "1")


def test_a_mapping_of_a_dropped_header_is_noted(lab: Any) -> None:
    integration = lab.http(requestParameters={"integration.request.header.Via": "'mine'"})
    played = lab.play(lab.document({"/t": {"post": lab.operation(integration)}}), ("POST", "/t", {}, "{}"))
    assert any("[dropped-header]" in finding for finding in played.findings)
