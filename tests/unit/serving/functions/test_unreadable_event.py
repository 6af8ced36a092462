"""What is said of an event that is no JSON, held to responses that users of Lambda published."""

import pytest

from inferway.serving.functions.unreadable_event import unreadable_event

BEFORE = "Could not parse request body into json: Could not parse payload into json: "
VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


def test_a_long_token_is_cut_and_the_event_too() -> None:
    """Recorded: srcecde/aws-tutorial-code issue 4, an event of 476,084 characters of base64: line 1, column 257."""
    event = b"LS0t" * 119_021
    shown = event[:256].decode()
    assert unreadable_event(event, "") == (
        f"{BEFORE}Unrecognized token '{shown}...': was expecting {VALUES}\n"
        f' at [Source: (byte[])"{event[:500].decode()}"[truncated 475584 bytes]; line: 1, column: 257]'
    )


def test_the_column_stands_behind_what_ends_the_token() -> None:
    """Recorded: nateyolles/slack-pokerbot issue 1, a form that begins with `token=`: line 1, column 7."""
    message = unreadable_event(b"token=abc&team_id=T1", "")
    assert message.startswith(f"{BEFORE}Unrecognized token 'token': was expecting {VALUES}\n at [Source: ")
    assert message.endswith('"token=abc&team_id=T1"; line: 1, column: 7]')


@pytest.mark.parametrize("event", [b'{"a"', b"[1", b"{} {}", b"null x", b" ", b'"\xff"'])
def test_what_goes_wrong_later_is_said_in_our_own_words(event: bytes) -> None:
    assert unreadable_event(event, "why") == BEFORE + "why"


def test_what_begins_no_value_is_named_with_its_code() -> None:
    """The form of "Unexpected character ('}' (code 125))", recorded: aws-quickstart/quickstart-git2s3 issue 11."""
    message = unreadable_event(b"\n<a/>", "")
    assert message.startswith(f"{BEFORE}Unexpected character ('<' (code 60)): expected a valid value {VALUES}\n at ")
    assert message.endswith("; line: 2, column: 2]")
