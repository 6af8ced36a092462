"""What Lambda says of an event that is no JSON: the words of the JSON reader behind it, Jackson.

Source: responses of the service that its users published (srcecde/aws-tutorial-code issue 4, of 2021, with the reader's
own form of the source; nateyolles/slack-pokerbot issue 1, for the column).
"""

from itertools import takewhile
from typing import Final

_PREFIX: Final = "Could not parse request body into json: Could not parse payload into json: "
_VALUES: Final = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_LONGEST_TOKEN: Final = 256
_LONGEST_SOURCE: Final = 500
"""Characters of a token, and bytes of an event, that the reader shows (jackson-core, ParserBase and JsonLocation)."""

_OTHER_VALUES: Final = frozenset('{["-0123456789')
_BLANK: Final = " \t\r\n"


def unreadable_event(event: bytes, why: str) -> str:
    """Give the message for an event; `why` is our own reader's, for what goes wrong behind the event's first token."""
    text = event.decode("utf-8", "replace")
    begun = text.lstrip(_BLANK)
    if not begun or begun[0] in _OTHER_VALUES:
        return _PREFIX + why
    token = "".join(takewhile(_belongs_to_token, begun))
    if not token or token[0].isdigit():
        found = f"Unexpected character ('{begun[0]}' (code {ord(begun[0])})): expected a valid value {_VALUES}"
        return _PREFIX + found + _location(event, text, len(text) - len(begun) + 1)
    if token in ("null", "true", "false"):
        return _PREFIX + why
    shown = token if len(token) < _LONGEST_TOKEN else token[:_LONGEST_TOKEN] + "..."
    # The reader has taken the character behind the token too, where there is one.
    read = min(len(token) + 1, len(begun), _LONGEST_TOKEN)
    where = _location(event, text, len(text) - len(begun) + read)
    return f"{_PREFIX}Unrecognized token '{shown}': was expecting {_VALUES}{where}"


def _belongs_to_token(character: str) -> bool:
    return character.isalnum() or character in "_$"


def _location(event: bytes, text: str, at: int) -> str:
    """Say where the reader stands, behind `at` characters; lines and columns count from 1."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    shown = event[:_LONGEST_SOURCE].decode("utf-8", "replace")
    rest = len(event) - _LONGEST_SOURCE
    left_out = f"[truncated {rest} bytes]" if rest > 0 else ""
    return f'\n at [Source: (byte[])"{shown}"{left_out}; line: {line}, column: {column}]'
