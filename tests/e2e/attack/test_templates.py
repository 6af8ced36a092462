"""Templates that fail, never end or write without end, and bodies made to break them: a 500 in bounded time."""

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SERVER_ERROR = (500, b'{"message": "Internal server error"}')
OTHERS_WAIT_AT_MOST = 5.0  # seconds, as a time limit of the client that asks

_marks = itertools.count()
_LOOP = "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])x#end#end#end"

FAILING = {
    "throws": "$input.body.substring(5000000)",
    "loops": _LOOP,
    "scans": "#set($t=$input.body)" + _LOOP.replace("x", "#if($t.indexOf('zz')>0)x#end"),
    "searches": "#foreach($i in [1..1000])$input.json('$..a')#end",
    "range": "#foreach($a in [1..2000000000])$a#end",
    "doubles": "#set($s='0123456789')#foreach($i in [1..1000])#set($s=$s+$s)#end$s",
    "writes": "#foreach($i in [1..1000])#foreach($j in [1..1000])" + "x" * 1000 + "#end#end",
    "matches": "#foreach($i in [1..1000])$input.body.matches('(.*)(.*)(.*)(.*)(.*)(.*)(.*)b')#end",
    "grows": "#set($n=99999999999999999999)#foreach($i in [1..1000])#set($n=$n*$n)#end$n",
    "formats": "$input.body.format('%999999999d', 1)",
}
ENDING = {
    "define": "#define($x)$x$x#end$x",
    "mutual": "#define($x)$y$y#end#define($y)$x$x#end$x",
}


@pytest.fixture(scope="module", params=("protocol", "asgi"))
def running(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    upstream: Any,
    write: Callable[..., Path],
    method: Callable[..., dict[str, Any]],
    open_gateway: Callable[..., Any],
) -> Iterator[Any]:
    templates = FAILING | ENDING
    paths = {f"/{name}/{{mark}}": {"post": method("model", template)} for name, template in templates.items()}
    paths |= {f"/in-{name}/{{mark}}": {"post": method("model", "well", success=text)} for name, text in FAILING.items()}
    paths |= {
        "/ok": {"post": method("model", timeoutInMillis=5000)},
        "/path/{mark}": {"post": method("model", "well $input.path('$.a.b')")},
        "/json/{mark}": {"post": method("model", "well $input.json('$')")},
        "/find/{mark}": {"post": method("model", "well $input.path('$..a').size()")},
        "/valid/{mark}": {
            "post": {
                **method("model", "well"),
                "x-amazon-apigateway-request-validator": "body",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Numbers"}}}},
            }
        },
    }
    folder = write(
        tmp_path_factory.mktemp("templates"),
        paths,
        {"model": f"http://127.0.0.1:{upstream.port}"},
        **{"x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": True}}},
        components={"schemas": {"Numbers": {"type": "array", "items": {"type": "number"}}}},
    )
    with contextlib.closing(open_gateway(folder, "--edge", request.param)) as gateway:
        yield gateway


def mark() -> str:
    return f"template-{next(_marks)}"


@pytest.mark.parametrize("where", ["", "in-"])
@pytest.mark.parametrize("name", FAILING)
def test_a_template_that_fails_or_never_ends_is_a_500_and_others_are_served(
    running: Any, name: str, where: str
) -> None:
    """API Gateway has no documented response to it; a failing template is its DEFAULT_5XX."""
    marked = mark()
    body = b"x" * 100_000 if name == "scans" else b'[%b{"a":1}]' % (b'{"a":1},' * 20_000)
    answers: list[Any] = []
    thread = threading.Thread(
        target=lambda: answers.append(running.ask(f"/attack/prod/{where}{name}/{marked}", body, timeout=60))
    )
    thread.start()
    served = running.ask("/attack/prod/ok", b"well", timeout=OTHERS_WAIT_AT_MOST)
    thread.join(60)
    if where and name in ("scans", "searches", "matches"):
        # These work on the reply, which is small.
        assert answers[0].status in (200, 500)
    else:
        assert (answers[0].status, answers[0].body) == SERVER_ERROR
        (entry,) = running.entries_of(marked)
        assert (entry["fault"], entry["whose"], bool(entry["cause"])) == ("template failed", "definition", True)
        assert "Traceback" not in entry["cause"]
    assert served.status == 200
    assert running.serves()


@pytest.mark.parametrize("name", ENDING)
def test_a_definition_that_holds_itself_ends(running: Any, name: str) -> None:
    assert running.ask(f"/attack/prod/{name}/{mark()}", b"{}", timeout=10).status in (200, 500)
    assert running.serves()


BODIES = {
    "deep array": b"[" * 100_000,
    "deep array closed": b"[" * 5_000 + b"]" * 5_000,
    "300 deep": b"[" * 300 + b"]" * 300,
    "deep object": b'{"a":' * 100_000,
    "deep object closed": b'{"a":' * 900 + b"1" + b"}" * 900,
    "twice": b'{"a":{"b":1},"a":{"b":2}}',
    "huge number": b'{"a":{"b":1e999999999}}',
    "many digits": b'{"a":{"b":' + b"9" * 1_000_000 + b"}}",
    "many decimals": b'{"a":{"b":0.' + b"3" * 1_000_000 + b"}}",
    "half a pair": b'{"a":{"b":"\\ud800"}}',
    "not UTF-8": b'{"a":{"b":"\xff\xfe"}}',
    "NUL": b'{"a":{"b":"\\u0000"}}',
    "raw NUL": b'{"a":{"b":"\x00"}}',
    "mark": b'\xef\xbb\xbf{"a":{"b":1}}',
    "UTF-16": '{"a":{"b":1}}'.encode("utf-16"),
    "NaN": b'{"a":{"b":NaN}}',
    "empty": b"",
    "blank": b" " * 1_000_000,
    "colliding keys": b"{" + b",".join(b'"%d":1' % (n * (2**61 - 1)) for n in range(50_000)) + b"}",
    "a million values": b"[" + b"1," * 1_000_000 + b"1]",
}


@pytest.mark.parametrize("route", ["path", "json", "find", "valid"])
@pytest.mark.parametrize("name", BODIES)
def test_a_body_made_to_break_parsers_is_answered(running: Any, name: str, route: str) -> None:
    marked = mark()
    answer = running.ask(f"/attack/prod/{route}/{marked}", BODIES[name], timeout=20)
    assert answer.status in (200, 400, 500), answer
    for entry in running.entries_of(marked):
        assert "Traceback" not in entry.get("cause", "")
    assert running.serves()


@pytest.mark.parametrize("name", ["deep array", "not UTF-8", "half a pair", "NaN", "raw NUL", "many digits"])
def test_a_body_that_cannot_be_read_is_the_vendors_400_where_it_is_validated(running: Any, name: str) -> None:
    answer = running.ask(f"/attack/prod/valid/{mark()}", BODIES[name])
    assert (answer.status, answer.body) == (400, b'{"message": "Invalid request body"}')


def test_many_errors_in_a_body_hold_nobody_up(running: Any) -> None:
    """Ten megabytes, of which every other byte or so is a value of the wrong type."""
    body = b"[" + b'"",' * 3_000_000 + b'""]'
    answers: list[Any] = []
    thread = threading.Thread(
        target=lambda: answers.append(running.ask(f"/attack/prod/valid/{mark()}", body, timeout=100))
    )
    thread.start()
    while thread.is_alive():
        assert running.ask("/attack/prod/ok", b"well", timeout=OTHERS_WAIT_AT_MOST).status == 200
    assert answers[0].status == 400
