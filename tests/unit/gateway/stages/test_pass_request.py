"""PassRequest: the call as the request came, its path below the API."""

from typing import Any

import pytest

from inferway.definition.message_steps import PassRequest

Bench = Any


@pytest.mark.parametrize("below", ["/x", "", "/a%2Fb/", "/svc/ml"])
def test_the_path_below_the_api_stays_as_it_was_sent(bench: Bench, below: str) -> None:
    exchange = bench.exchange(path=f"/svc/ml{below}")
    exchange.below = below
    assert bench.run(PassRequest(), exchange) is None
    assert exchange.call.path == below


def test_what_belongs_to_the_connection_is_not_passed(bench: Bench) -> None:
    headers = [(b"host", b"h"), (b"connection", b"keep-alive, X-Hop"), (b"x-hop", b"1"), (b"content-length", b"2")]
    exchange = bench.exchange(headers=[*headers, (b"accept", b"*/*")], body=b"{}", query="a=1&b=x+y&a=2&c")
    bench.run(PassRequest(), exchange)
    assert exchange.call.headers == [(b"accept", b"*/*")]
    assert exchange.call.query == [("a", "1"), ("a", "2"), ("b", "x y"), ("c", "")]
    assert exchange.call.body == b"{}"


def test_parameters_of_the_query_become_the_routes(bench: Bench) -> None:
    exchange = bench.exchange(query="a=1")
    bench.run(PassRequest(parameters={"b": "a", "none": "z"}), exchange)
    assert exchange.parameters == {"b": "1", "none": ""}
