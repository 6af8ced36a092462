"""Tokens that come again and again: that their signature held is known of them."""

from typing import Final

MOST: Final = 4096
"""Tokens that are remembered for each issuer."""
_LONGEST: Final = 4096
"""Bytes of a token that is remembered."""

Signed = tuple[str, dict[str, object]]
"""The algorithm of a token and its claims."""


class SignedTokens:
    """The tokens of one issuer that came at least twice.

    What came once leaves a number behind and no more ("doorkeeper": Einziger, Friedman and Manes, "TinyLFU: A Highly
    Efficient Cache Admission Policy", 2017), so that many tokens of one request each do not drive the others out, nor
    wander through the memory.
    """

    __slots__ = ("_kept", "_once", "find")

    def __init__(self) -> None:
        self._once: set[int] = set()
        self._kept: dict[bytes, Signed] = {}
        self.find = self._kept.get

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, token: bytes, signed: Signed) -> None:
        """Take in a token whose signature held."""
        if len(token) > _LONGEST:
            return
        mark = hash(token)
        if mark not in self._once:
            if len(self._once) >= MOST:
                self._once.clear()
            self._once.add(mark)
            return
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[token] = signed

    def clear(self) -> None:
        """Forget all: the keys are others now."""
        self._once.clear()
        self._kept.clear()
