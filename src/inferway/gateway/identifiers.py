"""Request identifiers."""

from random import getrandbits


def request_id() -> str:
    """Give a random identifier in the form of a version 4 UUID. It names a request in logs and guards nothing."""
    digits = f"{getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
