"""Tokens as the manuals of MySQL and PostgreSQL have them, and their folding."""

import pytest

from inferway.languages.sqli import tokens
from inferway.languages.sqli.folding import fold
from inferway.languages.sqli.tokens import ANSI, KEPT, MYSQL, read_kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("select a from b where c = 'd'", "EnRnWn=s"),
        ("1 or 1=1", "1&1=1"),
        ("0x1f 1.5e-3 .5 1e1", "1111"),
        ("'it''s' \"a\"\"b\"", "ss"),
        ("'open", "q"),
        ("n'a' x'41'", "ss"),
        ("@a @@version", "vv"),
        ("`a``b` [c]", "bb"),
        ("a/* b */c", "nn"),
        ("a/* b", "nC"),
        ("a -- b\nc", "nCn"),
        ("order  by group/**/by", "BB"),
        ("orderby border by", "nnn"),
        ("master..xp_cmdshell information_schema.tables", "PG"),
        ("5pm 3rd 1or", "1n1n1&"),
        ("<=> <> != <= || &&", "====|&"),
    ],
)
def test_tokens_that_every_database_reads_alike(text: str, kinds: str) -> None:
    assert read_kinds(text, ANSI) == kinds
    assert read_kinds(text, MYSQL) == kinds


@pytest.mark.parametrize(
    ("text", "ansi", "mysql"),
    [
        (r"'a\' or b", "s&n", "q"),
        ("a # b", "n+n", "nC"),
        ("a--b", "nC", "n++n"),
        ("a --", "nc", "nc"),
    ],
)
def test_tokens_that_families_read_otherwise(text: str, ansi: str, mysql: str) -> None:
    assert read_kinds(text, ANSI) == ansi
    assert read_kinds(text, MYSQL) == mysql


def test_mysql_runs_what_stands_in_its_own_comments() -> None:
    assert read_kinds("/*!50000union*/ select", MYSQL) == "UE"


@pytest.mark.parametrize(
    ("kinds", "folded"),
    [
        ("-1", "-1"),
        ("+1", "1"),
        ("1+1*1", "1"),
        ("(1)", "1"),
        ("((((1))))", "1"),
        ("f(s,f(1))", "F"),
        ("&d(1)", "&D"),
        ("&w(1)", "&D"),
        ("nw(1)", "nn(1)"),
        ("1C&1", "1&1"),
        ("(((((((E", "((E"),
        ("=+!1", "=1"),
    ],
)
def test_folding(kinds: str, folded: str) -> None:
    assert fold(kinds) == folded


def test_the_memory_of_tokens_is_bounded() -> None:
    read_kinds(" ".join(f"w{number}" for number in range(2 * KEPT)), ANSI)
    assert len(tokens._KINDS[ANSI]) <= KEPT
