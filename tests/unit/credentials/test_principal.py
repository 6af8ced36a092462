"""What an identity's ARN says of it."""

import re
from typing import Any

import pytest

from inferway.credentials.principal import account_of, unique_id, user_name
from inferway.definition.identity import Identity


def made(**fields: Any) -> Identity:
    given = {"name": "ada", "access_key": "AKID", "secret": "hidden", "arn": "arn:aws:iam::123456789012:user/eng/ada"}
    return Identity(**{**given, **fields})


def test_an_identity_has_an_account_and_a_name() -> None:
    assert (account_of(made()), user_name(made())) == ("123456789012", "ada")
    assert user_name(made(arn="arn:aws:sts::1:assumed-role/reader/ada")) == ""


@pytest.mark.parametrize(
    ("arn", "form"),
    [
        ("arn:aws:iam::1:user/ada", "AIDA[A-Z2-7]{17}"),
        ("arn:aws:iam::1:role/reader", "AROA[A-Z2-7]{17}"),
        ("arn:aws:sts::1:assumed-role/reader/ada", "AROA[A-Z2-7]{17}:ada"),
    ],
)
def test_a_unique_id_has_the_form_of_iam_s(arn: str, form: str) -> None:
    assert re.fullmatch(form, unique_id(made(arn=arn)))
    assert unique_id(made(arn=arn)) == unique_id(made(arn=arn, name="eve"))


def test_sessions_of_a_role_share_its_id() -> None:
    ids = [unique_id(made(arn=f"arn:aws:sts::1:assumed-role/reader/{name}")) for name in ("ada", "eve")]
    assert [text.partition(":")[0] for text in ids] == [ids[0].partition(":")[0]] * 2
