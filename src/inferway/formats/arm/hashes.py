"""Names that are made of others: `uniqueString` and `guid`.

Source: Azure Resource Manager, "String functions for ARM templates", guid (a version 5 UUID over the values with
hyphens between). The page leaves the hash of uniqueString open; what it gives is widely known to be a MurmurHash of 64
bits in base 32, and the values that users published of `hello`, `world` and `tyeth` are those that come out here.
"""

import uuid
from typing import Final

_NAMESPACE: Final = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH: Final = 13
_WORD: Final = 0xFFFFFFFF
_FIRST, _SECOND = 0x239B961B, 0xAB0E9789


def guid(*values: str) -> str:
    """Give the UUID that is made of texts."""
    return str(uuid.uuid5(_NAMESPACE, "-".join(values)))


def unique_string(*values: str) -> str:
    """Give the thirteen characters that are made of texts."""
    number = _hash("-".join(values).encode("utf-8", "replace"))
    return "".join(_ALPHABET[(number << 5 * at & 0xFFFFFFFFFFFFFFFF) >> 59] for at in range(_LENGTH))


def _turn(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _WORD


def _left(word: int) -> int:
    return _turn(word * _FIRST & _WORD, 15) * _SECOND & _WORD


def _right(word: int) -> int:
    return _turn(word * _SECOND & _WORD, 17) * _FIRST & _WORD


def _mix(word: int) -> int:
    word = (word ^ word >> 16) * 0x85EBCA6B & _WORD
    word = (word ^ word >> 13) * 0xC2B2AE35 & _WORD
    return word ^ word >> 16


def _hash(data: bytes) -> int:
    left = right = 0
    whole = len(data) - len(data) % 8
    for at in range(0, whole, 8):
        left = (_turn(left ^ _left(int.from_bytes(data[at : at + 4], "little")), 19) + right) & _WORD
        left = (left * 5 + 0x561CCD1B) & _WORD
        right = (_turn(right ^ _right(int.from_bytes(data[at + 4 : at + 8], "little")), 13) + left) & _WORD
        right = (right * 5 + 0x0BCAA747) & _WORD
    left ^= _left(int.from_bytes(data[whole : whole + 4], "little")) ^ len(data)
    right ^= _right(int.from_bytes(data[whole + 4 :], "little")) ^ len(data)
    left = (left + right) & _WORD
    right = (right + left) & _WORD
    left, right = _mix(left), _mix(right)
    left = (left + right) & _WORD
    right = (right + left) & _WORD
    return right << 32 | left
