"""The provider `random`: values that are made once and kept; here they come from the node's secret and the name.

https://www.pulumi.com/registry/packages/random/api-docs/. A value stays the same as long as its resource's name and
properties do, `keepers` among them, and nobody who does not know the secret can tell it.
"""

import base64
import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Callable, Mapping
from typing import Final

from inferway.formats.resources import Environment, Provisioned, Resource

PREFIX: Final = "random:index/"
"""What the types' tokens begin with, in programs; Pulumi YAML may leave `index/…:` out."""

_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"
_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
_LONGEST: Final = 1024 * 1024
_FIRST: Final = (
    *("amber", "bold", "brisk", "calm", "clear", "crisp", "deep", "eager", "early", "fair", "fresh", "gentle"),
    *("glad", "golden", "keen", "kind", "lively", "lucid", "mild", "neat", "noble", "plain", "quick", "quiet"),
    *("rapid", "ready", "silver", "smooth", "steady", "sunny", "swift", "warm"),
)
_ANIMALS: Final = (
    *("badger", "bear", "beaver", "bison", "crane", "deer", "dove", "eagle", "falcon", "ferret", "finch", "fox"),
    *("gecko", "heron", "horse", "ibex", "jay", "koala", "lark", "lynx", "marten", "mole", "newt", "otter"),
    *("owl", "panda", "raven", "robin", "seal", "stork", "swan", "wren"),
)
_SECRET_RESULTS: Final = frozenset(("result", "bcryptHash"))
_Values = Mapping[str, object]


class BadRandomError(ValueError):
    """A value cannot be made of its properties."""


def provision_random(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give a resource's value; None for a type of another provider. Raises BadRandomError for bad properties."""
    kind = resource.type.rpartition(":")[2]
    if resource.type.partition(":")[0] != "random" or kind not in _KINDS:
        return None
    seed = json.dumps([kind, resource.name, resource.properties], sort_keys=True, default=str)
    # Seeded by a digest under the node's secret, so that nobody can repeat it.
    chance = random.Random(hmac.digest(environment.secret, seed.encode(), "sha512"))
    return _KINDS[kind](resource.properties, chance)


def _string(given: _Values, chance: random.Random) -> Provisioned:
    length = _count(given, "length")
    special = given.get("overrideSpecial")
    numeric = given.get("numeric", given.get("number"))
    kinds = {
        "minLower": _LOWER if given.get("lower") is not False else "",
        "minUpper": _LOWER.upper() if given.get("upper") is not False else "",
        "minNumeric": _DIGITS if numeric is not False else "",
        "minSpecial": (str(special) if special else _SPECIAL) if given.get("special") is not False else "",
    }
    letters = "".join(kinds.values())
    if length and not letters:
        raise BadRandomError("there are no characters to choose from")
    needed = [chance.choice(some) for key, some in kinds.items() if some for _ in range(_count(given, key, 0))]
    if len(needed) > length:
        raise BadRandomError(f"{len(needed)} characters are asked for in a length of {length}")
    made = needed + [chance.choice(letters) for _ in range(length - len(needed))]
    chance.shuffle(made)
    result = "".join(made)
    return Provisioned(id=result, attributes={"result": result})


def _password(given: _Values, chance: random.Random) -> Provisioned:
    made = _string(given, chance)
    return Provisioned(id="none", attributes=made.attributes, secrets=_SECRET_RESULTS)


def _id(given: _Values, chance: random.Random) -> Provisioned:
    made = chance.randbytes(_count(given, "byteLength"))
    prefix = str(given.get("prefix") or "")
    url = base64.urlsafe_b64encode(made).decode().rstrip("=")
    attributes = {
        "b64Std": prefix + base64.b64encode(made).decode(),
        "b64Url": prefix + url,
        "dec": f"{prefix}{int.from_bytes(made, 'big')}",
        "hex": prefix + made.hex(),
    }
    return Provisioned(id=url, attributes=attributes)


def _pet(given: _Values, chance: random.Random) -> Provisioned:
    length = _count(given, "length", 2)
    separator = given.get("separator")
    words = [chance.choice(_FIRST) for _ in range(max(0, length - 1))] + [chance.choice(_ANIMALS)]
    prefix = given.get("prefix")
    made = (separator if isinstance(separator, str) else "-").join([*([str(prefix)] if prefix else []), *words])
    return Provisioned(id=made)


def _uuid(_: _Values, chance: random.Random) -> Provisioned:
    made = str(uuid.UUID(bytes=chance.randbytes(16), version=4))
    return Provisioned(id=made, attributes={"result": made})


def _integer(given: _Values, chance: random.Random) -> Provisioned:
    low, high = (given.get(key) for key in ("min", "max"))
    if not isinstance(low, int) or not isinstance(high, int) or low > high:
        raise BadRandomError("min is no whole number up to max")
    made = chance.randint(low, high)
    return Provisioned(id=str(made), attributes={"result": made})


def _shuffle(given: _Values, chance: random.Random) -> Provisioned:
    inputs = given.get("inputs")
    values = list(inputs) if isinstance(inputs, list) else []
    wanted = _count(given, "resultCount", len(values))
    results: list[object] = []
    while values and len(results) < wanted:  # beyond their number the inputs come again
        results += chance.sample(values, len(values))
    return Provisioned(id="-", attributes={"results": results[:wanted]})


def _bytes(given: _Values, chance: random.Random) -> Provisioned:
    made = chance.randbytes(_count(given, "length"))
    texts = {"base64": base64.b64encode(made).decode(), "hex": made.hex()}
    digest = hashlib.sha256(made).hexdigest()
    return Provisioned(id=digest[:16], attributes=texts, secrets=frozenset(texts))


def _count(given: _Values, key: str, default: int | None = None) -> int:
    value = given.get(key, default)
    if not isinstance(value, int) or not 0 <= value <= _LONGEST:
        raise BadRandomError(f"{key} is no whole number from 0 to {_LONGEST}")
    return value


_KINDS: Final[Mapping[str, Callable[[_Values, random.Random], Provisioned]]] = {
    "RandomBytes": _bytes,
    "RandomId": _id,
    "RandomInteger": _integer,
    "RandomPassword": _password,
    "RandomPet": _pet,
    "RandomShuffle": _shuffle,
    "RandomString": _string,
    "RandomUuid": _uuid,
}
