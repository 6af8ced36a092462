"""Principals, as "AWS JSON policy elements: Principal" and "NotPrincipal" of the IAM User Guide describe them."""

from typing import Any

import pytest

from inferway.credentials.principals import ANONYMOUS, PrincipalError, Reach, caller_of, read_principals
from inferway.definition.identity import Identity

USER = "arn:aws:iam::123456789012:user/eng/ada"
SESSION = "arn:aws:sts::123456789012:assumed-role/reader/s1"
ROLE = "arn:aws:iam::123456789012:role/team/reader"


def reach(principals: Any, arn: str, *, but: bool = False) -> Reach:
    identity = Identity(name="ada", access_key="AKID", secret="hidden", arn=arn)
    return read_principals(principals, but=but).reach(caller_of(identity))


@pytest.mark.parametrize(
    ("principals", "arn", "expected"),
    [
        ("*", USER, Reach.CALLER),
        ({"AWS": "*"}, USER, Reach.CALLER),
        ({"AWS": USER}, USER, Reach.CALLER),
        ({"AWS": "arn:aws:iam::123456789012:user/ada"}, USER, Reach.NONE),
        ({"AWS": ["123456789012"]}, USER, Reach.ACCOUNT),
        ({"AWS": "arn:aws:iam::123456789012:root"}, USER, Reach.ACCOUNT),
        ({"AWS": "arn:aws:iam::123456789012:root"}, "arn:aws:iam::123456789012:root", Reach.CALLER),
        ({"AWS": "210987654321"}, USER, Reach.NONE),
        ({"AWS": SESSION}, SESSION, Reach.CALLER),
        ({"AWS": ROLE}, SESSION, Reach.CALLER),
        ({"AWS": ROLE}, ROLE, Reach.CALLER),
        ({"AWS": ROLE.replace("reader", "writer")}, SESSION, Reach.NONE),
        ({"AWS": ROLE.replace("arn:aws:", "arn:aws-cn:")}, SESSION, Reach.NONE),
        ({"Service": "apigateway.amazonaws.com", "Federated": "accounts.google.com"}, USER, Reach.NONE),
    ],
)
def test_whom_principals_reach(principals: Any, arn: str, expected: Reach) -> None:
    assert reach(principals, arn) is expected


@pytest.mark.parametrize(
    ("principals", "arn", "expected"),
    [
        ({"AWS": USER}, USER, Reach.NONE),
        ({"AWS": USER}, SESSION, Reach.CALLER),
        ({"AWS": ROLE}, SESSION, Reach.NONE),
        # an account excepts none of its users: "you must also specify" each
        ({"AWS": "123456789012"}, USER, Reach.CALLER),
        ("*", USER, Reach.NONE),
    ],
)
def test_whom_all_others_are(principals: Any, arn: str, expected: Reach) -> None:
    assert reach(principals, arn, but=True) is expected


def test_nobody_is_reached_by_everyone_only() -> None:
    assert read_principals({"AWS": "*"}, but=False).reach(ANONYMOUS) is Reach.CALLER
    assert read_principals({"AWS": "123456789012"}, but=False).reach(ANONYMOUS) is Reach.NONE
    assert read_principals({"AWS": USER}, but=True).reach(ANONYMOUS) is Reach.CALLER


@pytest.mark.parametrize(
    "principals",
    [
        None,
        [],
        {},
        "ada",
        {"aws": "*"},
        {"AWS": 123456789012},
        {"AWS": ""},
        {"AWS": "12345678901"},
        {"AWS": "١٢٣٤٥٦٧٨٩٠١٢"},
        {"AWS": "arn:aws:iam::123456789012:user/"},
        {"AWS": "arn:aws:iam::123456789012:root/x"},
        {"AWS": "arn:aws:iam::123456789012:user/a*"},
        {"AWS": "arn:aws:iam::123456789012:group/eng"},
        {"AWS": "arn:aws:sts::123456789012:user/ada"},
        {"AWS": USER + "\n"},
    ],
)
def test_what_can_be_no_principal(principals: Any) -> None:
    with pytest.raises(PrincipalError):
        read_principals(principals, but=False)
