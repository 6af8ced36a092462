"""Identifiers that templates ask for.

Source: AppSync, "Utility helpers in $util" ("ID generation utils"); ULID (https://github.com/ulid/spec) and KSUID
(https://github.com/segmentio/ksuid).
"""

import time
import uuid
from random import SystemRandom
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KSUID_EPOCH: Final = 1_400_000_000
_RANDOM: Final = SystemRandom()


def auto_id() -> str:
    """Give a random UUID."""
    return str(uuid.UUID(int=_RANDOM.getrandbits(128), version=4))


def auto_ulid() -> str:
    """Give a ULID: 48 bits of milliseconds, 80 random ones, in Crockford's base 32."""
    return _in_base((int(time.time() * 1000) << 80) | _RANDOM.getrandbits(80), _CROCKFORD, 26)


def auto_ksuid() -> str:
    """Give a KSUID: 32 bits of seconds since its own epoch, 128 random ones, in base 62."""
    return _in_base(((int(time.time()) - _KSUID_EPOCH) << 128) | _RANDOM.getrandbits(128), _BASE62, 27)


def _in_base(number: int, digits: str, length: int) -> str:
    made = []
    for _ in range(length):
        number, digit = divmod(number, len(digits))
        made.append(digits[digit])
    return "".join(reversed(made))
