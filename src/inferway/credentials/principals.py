"""The principals of a resource's policy: whom a statement is about, and whether a caller is among them.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal" (https://docs.aws.amazon.com/IAM/latest/
UserGuide/reference_policies_elements_principal.html).
"""

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import msgspec

from inferway.definition.identity import Identity

_EVERYONE: Final = "*"
_AWS: Final = "AWS"
_KINDS: Final = frozenset((_AWS, "Service", "Federated", "CanonicalUser"))
_ACCOUNT: Final = re.compile(r"\d{12}", re.ASCII)
_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>iam|sts)::(?P<account>\d{12}):"
    r"(?P<kind>root|user/|role/|assumed-role/|federated-user/)(?P<name>[^*?\s]*)",
    re.ASCII,
)
_OF_SERVICE: Final = {"iam": ("root", "user/", "role/"), "sts": ("assumed-role/", "federated-user/")}


class PrincipalError(ValueError):
    """What a policy names can be no principal; the text says why."""


class Reach(IntEnum):
    """How a statement's principals reach a caller: not at all, by its account alone, or by itself."""

    NONE = 0
    ACCOUNT = 1
    CALLER = 2


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, under all the names that a policy may have for it; nobody that is known has none."""

    account: str = ""
    names: frozenset[str] = frozenset()


ANONYMOUS: Final = Caller()
"""A caller whom no signature identifies."""


class Principals(msgspec.Struct, frozen=True, kw_only=True):
    """The principals of one statement; with `but` it is about all others."""

    everyone: bool
    accounts: frozenset[str]
    names: frozenset[str]
    but: bool = False

    def reach(self, caller: Caller) -> Reach:
        """Say how they reach a caller.

        An account stands for all who belong to it, but as NotPrincipal, where each has to be named besides.
        """
        if self.but:
            return Reach.NONE if self.everyone or not self.names.isdisjoint(caller.names) else Reach.CALLER
        if self.everyone or not self.names.isdisjoint(caller.names):
            return Reach.CALLER
        return Reach.ACCOUNT if caller.account in self.accounts else Reach.NONE


def caller_of(identity: Identity) -> Caller:
    """Give an identity's names: its ARN, and for a role's session the role's."""
    _, partition, _, _, account, rest = identity.arn.split(":", 5)
    kind, _, path = rest.partition("/")
    names = {identity.arn}
    if kind == "role":
        names.add(_role(partition, account, path))
    elif kind == "assumed-role":
        names.add(_role(partition, account, path.partition("/")[0]))
    return Caller(account=account, names=frozenset(names))


def read_principals(given: object, *, but: bool) -> Principals:
    """Read a statement's Principal, or with `but` its NotPrincipal; PrincipalError where it names nobody."""
    if given == _EVERYONE:
        return Principals(everyone=True, accounts=frozenset(), names=frozenset(), but=but)
    if not isinstance(given, Mapping) or not given:
        raise PrincipalError("a Principal is * or an object of kinds and names")
    everyone, accounts, names = False, set[str](), set[str]()
    for kind, listed in given.items():
        if kind not in _KINDS:
            raise PrincipalError(f"a Principal is of the kind {', '.join(sorted(_KINDS))}, not {kind!r}")
        for name in listed if isinstance(listed, list) else [listed]:
            if not isinstance(name, str) or not name:
                raise PrincipalError(f"the principals of {kind} are text or a list of texts")
            if kind != _AWS:
                continue  # services and federations sign nothing here
            if name == _EVERYONE:
                everyone = True
            elif _ACCOUNT.fullmatch(name):
                accounts.add(name)
            else:
                _put(name, accounts, names)
    return Principals(everyone=everyone, accounts=frozenset(accounts), names=frozenset(names), but=but)


def _put(name: str, accounts: set[str], names: set[str]) -> None:
    found = _ARN.fullmatch(name)
    if (
        found is None
        or found["kind"] not in _OF_SERVICE[found["service"]]
        or (found["kind"] == "root") == bool(found["name"])
    ):
        raise PrincipalError(f"{name!r} is no principal: *, an account or the ARN of a user, a role or a session")
    if found["kind"] == "root":
        accounts.add(found["account"])
        names.add(name)
    elif found["kind"] == "role/":
        names.add(_role(found["partition"], found["account"], found["name"]))
    else:
        names.add(name)


def _role(partition: str, account: str, path: str) -> str:
    """Give a role's name without its path, which the ARN of a session does not have."""
    return f"arn:{partition}:iam::{account}:role/{path.rpartition('/')[2]}"
