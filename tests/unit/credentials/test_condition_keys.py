"""The global condition keys, as "AWS global condition context keys" of the IAM User Guide describes them."""

import pytest

from inferway.credentials.condition_keys import condition_keys
from inferway.definition.identity import Identity
from inferway.exchange import Request

USER = "arn:aws:iam::123456789012:user/eng/ada"
SESSION = "arn:aws:sts::123456789012:assumed-role/reader/ada"


def identity(arn: str) -> Identity:
    return Identity(name="ada", access_key="AKID", secret="hidden", arn=arn)


def test_a_request_tells_who_signed_it_and_how_it_came() -> None:
    request = Request(
        method="GET",
        path="/",
        client="203.0.113.9",
        scheme="https",
        headers=[(b"referer", b"http://a.example/"), (b"user-agent", b"boto3")],
    )
    keys = condition_keys(request, identity(USER), "eu-west-1")
    told = {name: keys[name] for name in keys if name not in ("aws:currenttime", "aws:epochtime", "aws:userid")}
    assert told == {
        "aws:principalaccount": ("123456789012",),
        "aws:principalarn": (USER,),
        "aws:principalisawsservice": ("false",),
        "aws:principaltype": ("User",),
        "aws:referer": ("http://a.example/",),
        "aws:requestedregion": ("eu-west-1",),
        "aws:securetransport": ("true",),
        "aws:sourceip": ("203.0.113.9",),
        "aws:useragent": ("boto3",),
        "aws:username": ("ada",),
        "aws:viaawsservice": ("false",),
    }
    assert keys["aws:userid"][0].startswith("AIDA")


@pytest.mark.parametrize("key", ["aws:username", "aws:referer", "aws:useragent", "aws:sourceip"])
def test_a_key_without_a_value_is_not_there(key: str) -> None:
    keys = condition_keys(Request(method="GET", path="/"), identity(SESSION), "eu-west-1")
    assert key not in keys
    assert keys["aws:principaltype"] == ("AssumedRole",)
