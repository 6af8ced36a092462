"""What the values are: https://www.pulumi.com/registry/packages/random/api-docs/."""

import base64
import uuid
from collections.abc import Mapping

import pytest

from inferway.faults import Place
from inferway.formats.pulumi.random_resources import BadRandomError, provision_random
from inferway.formats.resources import Environment, OnePlace, Provisioned, Resource


def made(kind: str, /, name: str = "r", secret: bytes = b"s", **properties: object) -> Provisioned:
    return given(kind, properties, name, secret)


def given(kind: str, properties: Mapping[str, object], name: str = "r", secret: bytes = b"s") -> Provisioned:
    token = f"random:index/{kind[:1].lower()}{kind[1:]}:{kind}"
    resource = Resource(type=token, name=name, properties=properties, places=OnePlace(Place(file="f")))
    provisioned = provision_random(resource, Environment(secret=secret))
    assert provisioned is not None
    return provisioned


def text(attributes: Mapping[str, object], name: str = "result") -> str:
    value = attributes[name]
    assert isinstance(value, str)
    return value


def test_a_value_stays_until_something_changes() -> None:
    values = {
        text(made("RandomString", length=16).attributes),
        text(made("RandomString", length=16).attributes),
        text(made("RandomString", length=16, keepers={"a": "1"}).attributes),
        text(made("RandomString", name="other", length=16).attributes),
        text(made("RandomString", secret=b"t", length=16).attributes),
    }
    assert len(values) == 4


def test_a_string_is_made_of_what_it_may_be_made_of() -> None:
    string = text(made("RandomString", length=60, special=False, upper=False, numeric=False).attributes)
    assert len(string) == 60
    assert string.isalpha()
    assert string.islower()
    string = text(made("RandomString", length=9, minSpecial=4, overrideSpecial="_", minNumeric=5).attributes)
    assert sorted(string)[5:] == ["_"] * 4
    assert sum(letter.isdigit() for letter in string) == 5


def test_a_password_is_secret() -> None:
    password = made("RandomPassword", length=20)
    assert password.id == "none"
    assert "result" in password.secrets
    assert len(text(password.attributes)) == 20


def test_an_id_has_four_spellings() -> None:
    held = made("RandomId", byteLength=4, prefix="p-").attributes
    number = bytes.fromhex(text(held, "hex").removeprefix("p-"))
    assert len(number) == 4
    assert held["dec"] == f"p-{int.from_bytes(number, 'big')}"
    assert held["b64Std"] == f"p-{base64.b64encode(number).decode()}"
    assert held["b64Url"] == f"p-{base64.urlsafe_b64encode(number).decode().rstrip('=')}"


def test_pets_uuids_integers_shuffles_and_bytes() -> None:
    assert len(made("RandomPet").id.split("-")) == 2
    assert made("RandomPet", length=3, separator="_", prefix="my").id.startswith("my_")
    assert uuid.UUID(text(made("RandomUuid").attributes)).version == 4
    assert made("RandomInteger", min=3, max=3).attributes["result"] == 3
    shuffled = made("RandomShuffle", inputs=["a", "b", "c"], resultCount=5).attributes["results"]
    assert isinstance(shuffled, list)
    assert sorted(shuffled[:3]) == ["a", "b", "c"]
    assert len(shuffled) == 5
    assert len(base64.b64decode(text(made("RandomBytes", length=7).attributes, "base64"))) == 7


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("RandomString", {"length": -1}),
        ("RandomString", {"length": 10**9}),
        ("RandomString", {"length": 2, "minLower": 3}),
        ("RandomString", {"length": 1, "lower": False, "upper": False, "numeric": False, "special": False}),
        ("RandomInteger", {"min": 2, "max": 1}),
        ("RandomId", {}),
    ],
)
def test_what_cannot_be(kind: str, properties: dict[str, object]) -> None:
    with pytest.raises(BadRandomError):
        given(kind, properties)


def test_other_types_are_not_its() -> None:
    for token in ("aws:iam/role:Role", "random:index/nosuch:NoSuch", "tls:index/privateKey:PrivateKey"):
        resource = Resource(type=token, name="r", properties={}, places=OnePlace(Place(file="f")))
        assert provision_random(resource, Environment()) is None
