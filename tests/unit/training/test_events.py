"""The lines between a training container and the gateway."""

import pytest

from inferway.training.events import Ended, Event, Measured, Phase, event_line, parse_line, text_line


@pytest.mark.parametrize(
    "event",
    [
        Phase(status="Training", at=1.5),
        Measured(name="rmse", value=-0.25, at=2.0),
        Ended(exit_code=1, failure="a\nb", model=True),
    ],
)
def test_an_event_survives_its_line(event: Event) -> None:
    line = event_line(event)
    assert "\n" not in line
    assert parse_line(line) == event


def test_a_script_s_line_is_never_taken_for_an_event() -> None:
    forged = event_line(Ended(exit_code=0))
    assert parse_line(text_line(forged)) == forged


@pytest.mark.parametrize("line", ["E {", 'E {"type":"Other"}', "E ", "Traceback (most recent call last):", ""])
def test_a_line_of_neither_kind_is_taken_as_it_is(line: str) -> None:
    assert parse_line(line) == line
