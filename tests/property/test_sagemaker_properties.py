"""Requests to the SageMaker API: whatever is sent, they are read, or refused in the service's own forms."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.control.sagemaker_inputs import INPUTS
from inferway.control.shapes import (
    Anything,
    Decimal,
    Flag,
    ListOf,
    MapOf,
    Moment,
    SerializationError,
    Shape,
    Structure,
    Text,
    Whole,
    read,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TEXTS = st.text(max_size=80) | st.sampled_from(["a", "a-b", "ml.m5.large", "s3://b/k", "File", "arn:aws:iam::1:role/x"])


def nearly(shape: Shape) -> st.SearchStrategy[Any]:
    """Give values that are mostly of a shape's kind."""
    match shape:
        case Text():
            right: st.SearchStrategy[Any] = TEXTS | (st.sampled_from(shape.values) if shape.values else st.nothing())
        case Whole():
            right = st.integers(-5, 10**12)
        case Decimal() | Moment():
            right = st.floats() | st.integers()
        case Flag():
            right = st.booleans()
        case Anything():
            right = ANY_JSON
        case ListOf():
            right = st.lists(nearly(shape.member), max_size=3)
        case MapOf():
            right = st.dictionaries(TEXTS, TEXTS, max_size=3)
        case Structure():
            members: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(shape.unserved, ANY_JSON)
            for name, member in shape.members.items():
                members[name] = nearly(member)
            right = st.fixed_dictionaries({}, optional=members)
    return st.one_of(*[right] * 12, ANY_JSON)  # mostly of its kind, or nothing would be read whole


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(INPUTS)).flatmap(lambda name: st.tuples(st.just(name), nearly(INPUTS[name]))))
def test_a_request_is_read_or_refused(case: tuple[str, Any]) -> None:
    name, document = case
    try:
        given_, broken = read(document, INPUTS[name])
    except SerializationError:
        return
    assert all("failed to satisfy constraint: " in one for one in broken)
    if not broken:
        assert set(INPUTS[name].required) <= set(given_)
        # what was read is as good as what was sent
        assert read(given_, INPUTS[name]) == (given_, ())
        json.dumps(given_)
