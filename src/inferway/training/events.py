"""What a training container tells whoever started it, one line of its standard output each."""

from typing import Final

import msgspec

_EVENT: Final = "E "
_TEXT: Final = "L "


class Phase(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The container enters a secondary status: Downloading, Training or Uploading; `at` is in seconds (epoch)."""

    status: str
    at: float


class Measured(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A metric's value, the last of possibly many; `at` is in seconds (epoch)."""

    name: str
    value: float
    at: float


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The last event. `failure` is "" for a script that exited with 0; `model` says whether an artifact was written."""

    exit_code: int
    failure: str = ""
    model: bool = False


Event = Phase | Measured | Ended
_decoder: Final = msgspec.json.Decoder(Event)


def event_line(event: Event) -> str:
    """Give the line that carries an event."""
    return _EVENT + msgspec.json.encode(event).decode()


def text_line(text: str) -> str:
    """Give the line that carries a line of the script's."""
    return _TEXT + text


def parse_line(line: str) -> Event | str:
    """Give the event that a line carries, or the script's own line; one of neither kind is taken as it is."""
    if line.startswith(_EVENT):
        try:
            event: Event = _decoder.decode(line[len(_EVENT) :])
        except msgspec.DecodeError:
            return line
        return event
    return line.removeprefix(_TEXT)
