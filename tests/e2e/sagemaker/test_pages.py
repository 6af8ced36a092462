"""The page of endpoints: whom it answers, and what it takes."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

BINDINGS = """
[endpoints.movies]
variants.blue = { url = "http://127.0.0.1:9", weight = 1.0 }
variants.green = { url = "http://127.0.0.1:9", weight = 0.0 }
"""


def ask(gateway: Any, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=30)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"/_inferway/endpoints{path}", body or None, given)
    reply = connection.getresponse()
    answer = reply.status, json.loads(reply.read())
    connection.close()
    return answer


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_it_answers_this_machine_and_takes_weights(start: Any, workers: tuple[str, ...]) -> None:
    gateway = start(BINDINGS, *workers)
    json_type = {"Content_Type": "application/json"}
    assert ask(gateway, "GET", "")[1]["endpoints"]["movies"]["weights"] == {"blue": 1.0, "green": 0.0}
    assert ask(gateway, "GET", "/none")[0] == 404
    assert ask(gateway, "GET", "/movies?since=yesterday")[0] == 400
    assert ask(gateway, "GET", "/movies", Host="gateway.example.com")[0] == 403
    assert ask(gateway, "GET", "/movies", Origin="https://elsewhere.example.com")[0] == 403
    for body in ('{"none": 1}', '{"blue": -1}', '{"blue": "much"}', "[]", "{", '{"blue": 1e999}'):
        assert ask(gateway, "POST", "/movies/weights", body, **json_type)[0] == 400, body
    assert ask(gateway, "POST", "/movies/weights", '{"blue": 0}')[0] == 415  # what a form of another page could send
    assert ask(gateway, "POST", "/movies/weights", '{"blue": 0, "green": 2}', **json_type) == (
        200,
        {"weights": {"blue": 0.0, "green": 2.0}},
    )
    shown = ask(gateway, "GET", "/movies?since=1")[1]
    assert shown["weights"] == {"blue": 0.0, "green": 2.0}
    assert shown["variants"]["blue"]["instances"][0]["url"] == "http://127.0.0.1:9"
