"""Identities."""

import re
from typing import Any

import pytest

from inferway.definition.identity import Identity


def made(**fields: Any) -> Identity:
    given = {"name": "ada", "access_key": "AKID", "secret": "hidden", "arn": "arn:aws:iam::123456789012:user/eng/ada"}
    return Identity(**{**given, **fields})


def test_an_identity_has_an_account_and_a_name() -> None:
    assert (made().account, made().user_name) == ("123456789012", "ada")
    assert made(arn="arn:aws:sts::1:assumed-role/reader/ada").user_name == ""


@pytest.mark.parametrize(
    ("arn", "form"),
    [
        ("arn:aws:iam::1:user/ada", "AIDA[A-Z2-7]{17}"),
        ("arn:aws:iam::1:role/reader", "AROA[A-Z2-7]{17}"),
        ("arn:aws:sts::1:assumed-role/reader/ada", "AROA[A-Z2-7]{17}:ada"),
    ],
)
def test_a_unique_id_has_the_form_of_iam_s(arn: str, form: str) -> None:
    assert re.fullmatch(form, made(arn=arn).unique_id)
    assert made(arn=arn).unique_id == made(arn=arn, name="eve").unique_id


def test_sessions_of_a_role_share_its_id() -> None:
    ids = [made(arn=f"arn:aws:sts::1:assumed-role/reader/{name}").unique_id for name in ("ada", "eve")]
    assert [text.partition(":")[0] for text in ids] == [ids[0].partition(":")[0]] * 2


def test_the_secret_is_never_shown() -> None:
    assert "hidden" not in repr(made())
    assert "hidden" not in f"{[made()]}"


@pytest.mark.parametrize("fields", [{"access_key": ""}, {"secret": ""}, {"arn": "ada"}, {"arn": "urn:a:b:c:d:e"}])
def test_what_could_sign_nothing_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="identity 'ada'"):
        made(**fields)
