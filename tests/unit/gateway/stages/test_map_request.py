"""MapRequest: a body that an expression makes, whatever the content type."""

from typing import Any

import pytest

from inferway.definition.steps import MapRequest, Passthrough

Bench = Any


@pytest.mark.parametrize("content_type", [b"application/json", b"image/png"])
def test_an_expression_makes_the_body_of_every_request(bench: Bench, content_type: bytes) -> None:
    exchange = bench.exchange(headers=[(b"content-type", content_type)], body=b"sent")
    step = MapRequest(method="POST", body=bench.text("made"), passthrough=Passthrough.NEVER)
    assert bench.run(step, exchange) is None
    assert exchange.call.body == b"made"
