"""The board and its journal: what goes on, what ends, and what is left of it after a crash."""

from pathlib import Path

import pytest

from inferway.definition.canary import RolloutRule
from inferway.rollout.board import Board, Release
from inferway.rollout.journal import Journal
from inferway.rollout.judge import Outcome
from inferway.rollout.tally import Tally

RULE = RolloutRule(errors=5.0, requests=10, bake=60.0)
ONE = Release(name="a:prod", id="1", percent=10, rule=RULE)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


DECIDED = b'{"time":1700000000.0,"name":"a:prod","release":"1","outcome":"promoted","by":"rule","reason":""}'


def board(journal: Journal | None = None) -> tuple[Board, Clock]:
    clock = Clock()
    return Board(journal or Journal(None), clock=clock, now=lambda: 1_700_000_000.0), clock


def count(tally: Tally, requests: int, errors: int = 0) -> None:
    for index in range(requests):
        tally.add(5.0, failed=index < errors)


def test_a_release_without_a_rule_goes_on_for_ever() -> None:
    made, clock = board()
    made.enter([Release(name="a:prod", id="1", percent=10)])
    count(made.entries["a:prod"].canary, 1000, errors=1000)
    clock.seconds += 1e6
    assert made.judge() == []


def test_the_stage_s_own_errors_are_not_the_release_s() -> None:
    made, clock = board()
    made.enter([ONE])
    count(made.entries["a:prod"].stage, 1000, errors=1000)
    count(made.entries["a:prod"].canary, 10)
    clock.seconds += 60
    assert [decision.outcome for decision in made.judge()] == [Outcome.PROMOTED]


def test_one_that_fails_is_rolled_back_and_the_others_go_on() -> None:
    made, _ = board()
    made.enter([ONE, Release(name="b:prod", id="1", percent=10, rule=RULE)])
    count(made.entries["a:prod"].canary, 10, errors=1)
    count(made.entries["b:prod"].canary, 10)
    (decision,) = made.judge()
    assert (decision.name, decision.outcome, decision.by) == ("a:prod", Outcome.ROLLED_BACK, "rule")
    assert (decision.requests, decision.errors, decision.time) == (10, 1, 1_700_000_000.0)
    assert list(made.entries) == ["b:prod"]


def test_a_reload_keeps_what_was_counted_and_a_new_revision_begins_anew() -> None:
    made, clock = board()
    made.enter([ONE])
    count(made.entries["a:prod"].canary, 9)
    clock.seconds += 30
    made.enter([ONE])
    assert (made.entries["a:prod"].canary.requests, made.seconds(made.entries["a:prod"])) == (9, 30.0)
    made.enter([Release(name="a:prod", id="2", percent=10, rule=RULE)])
    assert (made.entries["a:prod"].canary.requests, made.seconds(made.entries["a:prod"])) == (0, 0.0)


def test_an_operator_ends_a_release() -> None:
    made, _ = board()
    made.enter([ONE])
    decision = made.decide("a:prod", Outcome.PROMOTED, "looks good")
    assert (decision.by, decision.reason) == ("operator", "looks good")
    with pytest.raises(KeyError):
        made.decide("a:prod", Outcome.PROMOTED)


def test_what_has_ended_can_begin_anew() -> None:
    made, clock = board()
    made.enter([ONE])
    assert not made.can_decide("a:prod", Outcome.RESTARTED)
    count(made.entries["a:prod"].canary, 10, errors=10)
    made.judge()
    made.enter([ONE])
    assert made.entries == {}
    clock.seconds += 100
    made.decide("a:prod", Outcome.RESTARTED, "a new model")
    assert made.journal.outcome("a:prod", "1") is None
    assert (made.entries["a:prod"].canary.requests, made.seconds(made.entries["a:prod"])) == (0, 0.0)
    made.enter([ONE])
    assert list(made.entries) == ["a:prod"]


def test_what_has_ended_does_not_begin_again(tmp_path: Path) -> None:
    file = tmp_path / "state" / "releases.jsonl"
    made, _ = board(Journal(file))
    made.enter([ONE])
    made.decide("a:prod", Outcome.ROLLED_BACK)
    again, _ = board(Journal(file))
    again.enter([ONE, Release(name="a:dev", id="1", percent=5)])
    assert list(again.entries) == ["a:dev"]
    assert again.journal.outcome("a:prod", "1") is Outcome.ROLLED_BACK
    assert again.journal.outcome("a:prod", "2") is None


def test_a_journal_that_was_cut_off_keeps_the_decisions_before_and_after(tmp_path: Path) -> None:
    file = tmp_path / "releases.jsonl"
    made, _ = board(Journal(file))
    made.enter([ONE])
    made.decide("a:prod", Outcome.PROMOTED)
    file.write_bytes(file.read_bytes() + b'{"time": 17, "name": "b:pr')
    after = Journal(file)
    assert after.outcome("a:prod", "1") is Outcome.PROMOTED
    again, _ = board(after)
    again.enter([Release(name="b:prod", id="1", percent=10)])
    again.decide("b:prod", Outcome.ROLLED_BACK)
    last = Journal(file)
    assert [each.name for each in last.decisions] == ["a:prod", "b:prod"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"x":' + b"[" * 100_000,
        b"\xff\xfe",
        b"\0" * 100,
        b"null",
        DECIDED.replace(b"1700000000.0", b"1e308"),
        DECIDED.replace(b"1700000000.0", b"-1"),
    ],
)
def test_what_is_no_decision_is_passed_over(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "releases.jsonl"
    file.write_bytes(line + b"\n" + DECIDED + b"\n")
    assert [decision.time for decision in Journal(file).decisions] == [1_700_000_000.0]


def test_a_decision_that_cannot_be_kept_holds_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made, _ = board(Journal(tmp_path / "file" / "releases.jsonl"))
    made.enter([ONE])
    assert made.decide("a:prod", Outcome.ROLLED_BACK).outcome is Outcome.ROLLED_BACK
    assert str(tmp_path) in made.journal.problem
    made.enter([ONE])
    assert made.entries == {}


def test_a_disk_that_was_full_keeps_what_is_decided_once_there_is_room(tmp_path: Path) -> None:
    file = tmp_path / "releases.jsonl"
    file.symlink_to("/dev/full")
    made, _ = board(Journal(file))
    made.enter([ONE, Release(name="b:prod", id="1", percent=10)])
    assert made.decide("a:prod", Outcome.ROLLED_BACK).outcome is Outcome.ROLLED_BACK
    assert made.journal.problem == f"{file}: No space left on device"
    file.unlink()
    file.write_bytes(DECIDED[:40])  # what a disk took before it was full
    made.decide("b:prod", Outcome.PROMOTED)
    assert made.journal.problem == ""
    assert [each.name for each in Journal(file).decisions] == ["b:prod"]


def test_two_gateways_with_one_journal_take_nothing_from_each_other(tmp_path: Path) -> None:
    file = tmp_path / "releases.jsonl"
    boards = [board(Journal(file))[0] for _ in range(2)]
    for number in range(40):
        made = boards[number % 2]
        made.enter([Release(name=f"api-{number}:prod", id="1", percent=10)])
        made.decide(f"api-{number}:prod", Outcome.PROMOTED)
    assert [each.name for each in Journal(file).decisions] == [f"api-{number}:prod" for number in range(40)]
