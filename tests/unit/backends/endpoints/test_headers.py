"""Whatever stands in a call's headers, it is read or refused in the service's words."""

from hypothesis import given
from hypothesis import strategies as st

from inferway.backends.endpoints.headers import SHAPES, WHOLE_NUMBERS, broken, wanted

NAMES = st.sampled_from([*SHAPES, *WHOLE_NUMBERS, b"x-amzn-sagemaker-other", b"x-other"])
VALUES = st.one_of(st.binary(max_size=80), st.text("aZ09-_./;= ", max_size=80).map(str.encode), st.just(b"x" * 1025))


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_headers_are_refused_or_read(headers: list[tuple[bytes, bytes]]) -> None:
    said = broken(headers)
    if said:
        assert " validation error" in said
        assert said.isprintable() or any(not value.decode("latin-1").isprintable() for _, value in headers)
        return
    found = wanted(headers)
    for text, longest in ((found.variant, 63), (found.component, 63), (found.session, 256), (found.inference_id, 64)):
        assert len(text) <= longest
        assert text.isascii()
    known = [name for name, _ in headers if name in SHAPES or name in WHOLE_NUMBERS]
    assert len(known) == len(set(known))
    for name, value in headers:
        if name in WHOLE_NUMBERS:
            _, least, most = WHOLE_NUMBERS[name]
            assert least <= int(value) <= most


@given(st.lists(st.sampled_from(["a", "-", "_"]), max_size=300).map("".join))
def test_names_that_nearly_match_cost_no_more_than_others(name: str) -> None:
    # The pattern has a star within a star; a name is looked at once its length is known to be within bounds.
    assert isinstance(broken([(b"x-amzn-sagemaker-session-id", name.encode())]), str)
