from datetime import UTC, datetime

import pytest

from inferway.dialects.appsync.java_time import format_time, iso_milliseconds, moment_of, parse_time, zone

MOMENT = datetime(2018, 2, 6, 19, 1, 35, 750_000, tzinfo=UTC)
PERTH = zone("Australia/Perth")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2018-02-06T19:01:35.750Z"),
        ("yy/M/d h:mm a", "18/2/6 7:01 PM"),
        ("EEE, dd MMM yyyy HH:mm:ss Z", "Tue, 06 Feb 2018 19:01:35 +0000"),
        ("EEEE MMMM", "Tuesday February"),
        ("D k K", "37 19 7"),
        ("'it''s' yyyy", "it's 2018"),
        ("''HH''", "'19'"),
        ("SSSSSSSSS n", "750000000 750000000"),
        ("ZZZZ ZZZZZ X x", "GMT Z Z +00"),
    ],
)
def test_a_moment_by_a_pattern(pattern: str, text: str) -> None:
    assert format_time(MOMENT, pattern) == text


def test_a_moment_elsewhere() -> None:
    assert (
        format_time(MOMENT.astimezone(PERTH), "yyyy-MM-dd HH:mm XXX Z VV")
        == "2018-02-07 03:01 +08:00 +0800 Australia/Perth"
    )


@pytest.mark.parametrize("pattern", ["QQ", "'open", "b", "y" * 201])
def test_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        format_time(MOMENT, pattern)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("2018-02-06 19:01:35.750Z", "yyyy-MM-dd HH:mm:ss.SSSX", MOMENT),
        ("06 Feb 2018 07:01:35 PM +0000", "dd MMM yyyy hh:mm:ss a Z", MOMENT.replace(microsecond=0)),
        ("2018-02-07 03:01 Australia/Perth", "yyyy-MM-dd HH:mm VV", MOMENT.replace(second=0, microsecond=0)),
    ],
)
def test_a_text_by_a_pattern(text: str, pattern: str, expected: datetime) -> None:
    assert parse_time(text, pattern, None) == expected


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("2018-02-06", "yyyy-MM-dd"), ("2018-02-30 Z", "yyyy-MM-dd X"), ("x", "yyyy X"), ("2018 Nowhere/Town", "yyyy VV")],
)
def test_a_text_that_does_not_fit(text: str, pattern: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_time(text, pattern, None)


@pytest.mark.parametrize("name", ["UTC", "Z", "+08:00", "GMT+8", "-0330", "Australia/Perth"])
def test_zones(name: str) -> None:
    assert zone(name).utcoffset(MOMENT) is not None


@pytest.mark.parametrize("name", ["Nowhere/Town", "../etc/passwd", "", "/etc/passwd"])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="Unknown time-zone ID"):
        zone(name)


def test_iso_texts_need_an_offset() -> None:
    assert iso_milliseconds("2018-02-06T19:01:35.750Z") == 1_517_943_695_750
    assert iso_milliseconds("1969-12-31T23:59:59.999Z") == -1
    with pytest.raises(ValueError, match="no offset"):
        iso_milliseconds("2018-02-06T19:01:35")


def test_moments_beyond_the_calendar() -> None:
    with pytest.raises(ValueError, match="is no moment"):
        moment_of(10**18)
