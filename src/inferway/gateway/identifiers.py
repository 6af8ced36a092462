"""Request identifiers."""

from itertools import count
from random import SystemRandom
from typing import Final

_random: Final = SystemRandom()
_PREFIX: Final = f"{_random.getrandbits(32):08x}-{_random.getrandbits(16):04x}-4{_random.getrandbits(12):03x}-a"
_next: Final = count(_random.getrandbits(40)).__next__


def request_id() -> str:
    """Give an identifier in the form of a version 4 UUID: a random part per process, then a count from a random start.

    It names a request in logs and guards nothing.
    """
    number = f"{_next():015x}"
    return f"{_PREFIX}{number[:3]}-{number[3:]}"
