"""What the firewall's readers of requests do with any input."""

import json
import re
from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.languages.regex import Flags, RegexError
from inferway.languages.regex.syntax import parse
from inferway.waf.addresses import container, number_of
from inferway.waf.json_texts import texts
from inferway.waf.rate_keys import text_of
from inferway.waf.scanner import Scanner, UnscannableError
from inferway.waf.transformations import TRANSFORMATIONS

BYTES = st.text(st.characters(max_codepoint=255), max_size=200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(st.sampled_from(sorted(TRANSFORMATIONS)), BYTES)
def test_a_transformation_takes_any_bytes_and_gives_bytes(name: str, text: str) -> None:
    made = TRANSFORMATIONS[name](text)
    assert all(ord(char) < 256 for char in made)
    assert len(made) <= 6 * len(text) + 64


def found_in(value: object) -> tuple[list[str], list[str]]:
    """Give the keys and the values of a JSON value in order, as the document has them."""
    if isinstance(value, dict):
        keys, values = [], []
        for key, inner in value.items():
            more_keys, more_values = found_in(inner)
            keys += [key, *more_keys]
            values += more_values
        return keys, values
    if isinstance(value, list):
        parts = [found_in(inner) for inner in value]
        return [key for part in parts for key in part[0]], [each for part in parts for each in part[1]]
    return [], [value if isinstance(value, str) else json.dumps(value)]


def as_bytes(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")


@given(JSON, st.booleans())
def test_every_key_and_value_of_a_json_text_is_found(value: object, ascii_only: bool) -> None:
    made = texts(as_bytes(json.dumps(value, ensure_ascii=ascii_only)))
    keys, values = found_in(value)
    assert made.whole
    assert (made.keys, made.values) == (list(map(as_bytes, keys)), list(map(as_bytes, values)))


@given(JSON, st.integers(0, 50))
def test_of_a_json_text_that_is_cut_the_start_is_found(value: object, kept: int) -> None:
    text = json.dumps(value)
    whole, cut = texts(text), texts(text[:kept])
    assert cut.keys == whole.keys[: len(cut.keys)]
    assert cut.values[:-1] == whole.values[: max(0, len(cut.values) - 1)]


@given(BYTES)
def test_any_bytes_are_read_as_json_or_not(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        return
    assert texts(text).whole or not text.isascii() or "NaN" in text or "Infinity" in text or "\ud800" in text


RANGES = st.ip_addresses().flatmap(lambda each: st.integers(0, each.max_prefixlen).map(lambda size: f"{each}/{size}"))


@given(st.ip_addresses(), st.lists(RANGES, max_size=5))
def test_an_address_is_in_a_set_as_the_standard_library_has_it(address: object, ranges: list[str]) -> None:
    plain = ip_address(str(address))
    number = number_of(str(address))
    assert number is not None
    mapped = getattr(plain, "ipv4_mapped", None)
    subject = mapped if isinstance(mapped, IPv4Address) else plain
    expected = any(
        subject in network
        for network in (ip_network(each, strict=False) for each in ranges)
        if network.version == subject.version
    )
    assert container(tuple(ranges))(number) is expected


@given(st.lists(st.text(max_size=80), min_size=2, max_size=5), st.lists(st.text(max_size=80), min_size=2, max_size=5))
def test_keys_of_rates_are_the_same_where_their_parts_are(one: list[str], other: list[str]) -> None:
    assert (text_of(tuple(one)) == text_of(tuple(other))) is (one == other)
    assert len(text_of(tuple(one))) <= 64


ATOMS = [
    "a",
    "b",
    "[ab]",
    ".",
    r"\d",
    "(ab|b)",
    "(a|ab)",
    r"\bab",
    r"b\b",
    "^a",
    "b$",
    "(?:a*b)",
    "a{2,3}",
    "(a+)+",
    "(a|b)*",
]
PATTERNS = st.lists(st.tuples(st.sampled_from([*ATOMS, "|"]), st.sampled_from(["", "*", "+", "?"])), max_size=5).map(
    lambda parts: "".join(atom if atom in {"|", "^a", "b$"} else atom + sign for atom, sign in parts)
)


@given(PATTERNS, st.text("abx1 ", max_size=10))
def test_the_automaton_finds_what_backtracking_finds(pattern: str, text: str) -> None:
    try:
        expected = re.search(pattern, text, re.ASCII)
    except re.error:
        return
    try:
        scanner = Scanner(parse(pattern, Flags())[0])
    except (RegexError, UnscannableError):
        return
    assert scanner.search(text) is (expected is not None)


@settings(deadline=None, max_examples=8)
@given(PATTERNS)
def test_the_automaton_needs_no_more_for_long_texts(pattern: str) -> None:
    try:
        scanner = Scanner(parse(pattern, Flags())[0])
    except (RegexError, UnscannableError):
        return
    for text in ("a" * 30_000, "ab" * 15_000, " " * 30_000, "a" * 30_000 + "!"):
        scanner.search(text)


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
@pytest.mark.parametrize("text", [" ", "/", "\\", "%", "&", "&#", "a", "/*", "0x", "../", "/.", "=", "\0", "%u"])
def test_a_transformation_needs_time_in_proportion(name: str, text: str) -> None:
    """One that is quadratic would need minutes for it, past the time limit of a test."""
    TRANSFORMATIONS[name](text * (400_000 // len(text)))
