"""What Parse and TryParse share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.values import argument_null


def need_text(text: str | None) -> str:
    """A text that is not null. Raises ThrownError."""
    if text is None:
        raise argument_null("s")
    return text


def tried(parse: Callable[..., Any], zero: Callable[[], Any]) -> Callable[..., tuple[bool, Any]]:
    """`TryParse` made of what `Parse` does and of a value for what does not parse."""

    def attempt(*arguments: Any) -> tuple[bool, Any]:
        try:
            return True, parse(*arguments)
        except ThrownError:
            return False, zero()

    return attempt
