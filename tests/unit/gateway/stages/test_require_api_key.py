"""RequireApiKey: which keys count, and where they are looked for."""

from hashlib import sha256
from typing import Any

import pytest

from inferway.definition.steps import RequireApiKey
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.faults import Fault, FaultKind

Bench = Any


def key(name: str, **more: Any) -> ApiKey:
    return ApiKey(id=name, name=name, digest=sha256(name.encode()).digest(), **more)


def plan(*keys: str, is_open: bool = False) -> UsagePlan:
    return UsagePlan(id="p", name="p", keys=keys, open=is_open)


def kind(outcome: object) -> FaultKind | None:
    return outcome.kind if isinstance(outcome, Fault) else None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (key("k"), None),
        (key("k", enabled=False), FaultKind.INVALID_API_KEY),
        (key("k", expires=1.0), FaultKind.INVALID_API_KEY),
        (key("k", expires=9e12), None),
    ],
)
def test_a_key_must_be_enabled_and_not_expired(bench: Bench, given: ApiKey, expected: FaultKind | None) -> None:
    exchange = bench.exchange(headers=[(b"x-api-key", b"k")])
    assert kind(bench.run(RequireApiKey(), exchange, keys=(given,))) is expected
    assert (exchange.key == given) is (expected is None)


def test_keys_of_no_plan_count_only_where_the_step_says_so(bench: Bench) -> None:
    keys, plans = (key("in"), key("out")), (plan("in"),)
    asked = [bench.exchange(headers=[(b"x-api-key", name)]) for name in (b"in", b"out")]
    assert [kind(bench.run(RequireApiKey(), one, keys=keys, plans=plans)) for one in asked] == [
        None,
        FaultKind.INVALID_API_KEY,
    ]
    step = RequireApiKey(planless=True)
    assert [kind(bench.run(step, one, keys=keys, plans=plans)) for one in asked] == [None, None]


def test_the_query_is_looked_at_where_the_header_is_missing(bench: Bench) -> None:
    step = RequireApiKey(query="key")
    assert kind(bench.run(step, bench.exchange(query="key=k"), keys=(key("k"),))) is None
    both = bench.exchange(query="key=k", headers=[(b"x-api-key", b"bad")])
    assert kind(bench.run(step, both, keys=(key("k"),))) is FaultKind.INVALID_API_KEY
    assert kind(bench.run(RequireApiKey(), bench.exchange(query="=k"), keys=(key("k"),))) is FaultKind.MISSING_API_KEY


def test_no_key_is_fine_where_it_is_optional_or_a_plan_is_open(bench: Bench) -> None:
    assert kind(bench.run(RequireApiKey(), bench.exchange())) is FaultKind.MISSING_API_KEY
    assert kind(bench.run(RequireApiKey(optional=True), bench.exchange())) is None
    assert kind(bench.run(RequireApiKey(), bench.exchange(), plans=(plan(is_open=True),))) is None
    bad = bench.exchange(headers=[(b"x-api-key", b"bad")])
    assert kind(bench.run(RequireApiKey(optional=True), bad)) is FaultKind.INVALID_API_KEY
