"""How many calls may be sent again: a share of those made (Finagle's RetryBudget), so that retries add no storm."""

from typing import Final

from inferway.definition.balancing import Retries

_SAVED: Final = 10.0
"""Seconds for which what `least` gives is saved up."""
_MOST_SAVED: Final = 100.0


class RetryBudget:
    """Tokens: each call brings a share of one, each second `least`, and each retry takes one."""

    __slots__ = ("_most", "_options", "_share", "_since", "tokens")

    def __init__(self, options: Retries, now: float) -> None:
        self._options = options
        self._share = options.percent / 100
        self._most = _MOST_SAVED * self._share + options.least * _SAVED
        self._since = now
        self.tokens = min(options.least, self._most)

    def called(self) -> None:
        """Take in that a call is made for the first time."""
        self.tokens = min(self._most, self.tokens + self._share)

    def take(self, now: float) -> bool:
        """Take one retry from the budget; False where it is used up."""
        self.tokens = min(self._most, self.tokens + (now - self._since) * self._options.least)
        self._since = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
