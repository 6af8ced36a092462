"""The access log: one JSON line per request, whatever stands in it and whatever becomes of its sink."""

import io
import json
from typing import Any

from inferway.exchange import Exchange, Request, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.access_log import AccessLog

_OK = Response(status=200, headers=[], body=b"12345")


def exchange(path: str = "/a", cause: str = "") -> Exchange:
    made = Exchange(request=Request(method="GET", path=path), parameters={}, route="GET /a", id="1", started=0.0)
    if cause:
        made.fault = Fault(kind=FaultKind.TEMPLATE_FAILED, cause=cause)
    return made


def lines(sink: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sink.getvalue().splitlines()]


class Kept(io.BytesIO):
    """A sink that can fail."""

    fails = False

    def write(self, data: Any) -> int:
        if self.fails:
            raise BrokenPipeError
        return super().write(data)


def test_a_request_is_one_line() -> None:
    sink = io.BytesIO()
    log = AccessLog(sink)
    log.record(exchange(), _OK, "api", "prod", 1.5)
    log.close()
    (entry,) = lines(sink)
    assert (
        entry.items()
        >= {"api": "api", "stage": "prod", "method": "GET", "path": "/a", "status": 200, "bytes": 5}.items()
    )
    assert "fault" not in entry


def test_a_fault_is_named_with_whose_it_is_and_its_cause() -> None:
    sink = io.BytesIO()
    log = AccessLog(sink)
    log.record(exchange(cause="line 1"), _OK, "api", "prod", 1.5)
    log.close()
    (entry,) = lines(sink)
    assert (entry["fault"], entry["whose"], entry["cause"]) == ("template failed", "definition", "line 1")


def test_line_breaks_stay_within_their_line() -> None:
    sink = io.BytesIO()
    log = AccessLog(sink)
    log.record(exchange(path='/a\r\n{"forged": 1}', cause="a\nb"), _OK, "api", "prod", 1.5)
    log.close()
    (entry,) = lines(sink)
    assert entry["path"] == '/a\r\n{"forged": 1}'


def test_half_a_surrogate_pair_costs_no_entry() -> None:
    sink = io.BytesIO()
    log = AccessLog(sink)
    log.record(exchange(), _OK, "api", "prod", 1.5)
    log.record(exchange(cause="a \ud800 b"), _OK, "api", "prod", 1.5)
    log.close()
    assert [entry.get("cause", "") for entry in lines(sink)] == ["", "a \\ud800 b"]
    assert "lost" not in lines(sink)[1]


def test_what_a_broken_sink_lost_is_counted() -> None:
    sink = Kept()
    log = AccessLog(sink)
    sink.fails = True
    log.record(exchange(), _OK, "api", "prod", 1.5)
    log.record(exchange(), _OK, "api", "prod", 1.5)
    log._flush()
    sink.fails = False
    log.record(exchange(), _OK, "api", "prod", 1.5)
    log.close()
    assert [entry["lost"] for entry in lines(sink)] == [2]


def test_without_a_sink_nothing_is_kept() -> None:
    log = AccessLog(None)
    log.record(exchange(), _OK, "api", "prod", 1.5)
    log.close()
    assert log._waiting == []
