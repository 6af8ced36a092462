"""Content codings, within bounds."""

import gzip
import random
import tracemalloc
import zlib
from contextlib import suppress

import pytest

from inferway.gateway.content_coding import TooLargeError, UndecodableError, decode, encode, wanted

BODY = b"some text " * 100


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_is_encoded_is_decoded_up_to_the_limit(coding: str) -> None:
    assert decode(encode(BODY, coding), coding, len(BODY)) == BODY
    with pytest.raises(TooLargeError):
        decode(encode(BODY, coding), coding, len(BODY) - 1)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_takes_no_more_memory_than_its_limit(coding: str) -> None:
    encoder = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    bomb = b"".join([encoder.compress(bytes(1_000_000)) for _ in range(200)]) + encoder.flush()
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            decode(bomb, coding, 1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_members_of_gzip_are_joined_wherever_they_end() -> None:
    parts = [random.Random(seed).randbytes(seed * 1_500) for seed in range(60)]
    assert decode(b"".join(map(gzip.compress, parts)), "gzip", 10_000_000) == b"".join(parts)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_whatever_is_sent_ends_in_bytes_or_one_of_two_errors(coding: str) -> None:
    chance = random.Random(5)
    sound = encode(BODY, coding)
    for _ in range(2_000):
        broken = bytearray(sound[: chance.randrange(len(sound) + 1)])
        for _ in range(chance.randrange(4)):
            if broken:
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(UndecodableError, TooLargeError):
            assert len(decode(bytes(broken), coding, 5_000)) <= 5_000


def test_an_empty_body_is_no_coded_one() -> None:
    with pytest.raises(UndecodableError):
        decode(b"", "gzip", 10)


@pytest.mark.parametrize(
    "header", [b"gzip;q=2", b"gzip;q=-1", b"gzip;q=", b"gzip;q=nan", b"\xff", b",,;,", b"gzip;q=0"]
)
def test_what_names_no_coding_is_identity(header: bytes) -> None:
    assert wanted(header) == "identity"
