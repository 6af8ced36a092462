from threading import Timer

import pytest

from inferway.cli.progress import Progress


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    class Held(Timer):
        def start(self) -> None:
            self.daemon = True

    monkeypatch.setattr("inferway.cli.progress.Timer", Held)


def show(made: Progress) -> None:
    timer = made._timer
    assert timer is not None
    timer.function(*timer.args)


def test_what_takes_long_is_a_plain_line_where_there_is_no_terminal(
    held: None, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Progress()
    with made.during("reading [bold]x[/bold]"):
        show(made)
        made.say("a line")
    assert capsys.readouterr() == ("", "reading [bold]x[/bold] …\na line\n")


def test_what_is_over_in_time_is_not_shown(held: None, capsys: pytest.CaptureFixture[str]) -> None:
    made = Progress()
    made.begin("reading")
    timer = made._timer
    made.end()
    assert timer is not None
    timer.function(*timer.args)
    assert capsys.readouterr() == ("", "")


def test_ending_twice_is_harmless(held: None) -> None:
    made = Progress()
    made.begin("reading")
    made.end()
    made.end()


def test_a_long_line_is_not_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    Progress().say("word " * 100)
    assert capsys.readouterr().err == "word " * 100 + "\n"
