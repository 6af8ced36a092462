"""What a request tells the conditions of policies: the global condition keys, lower-case.

Sources: IAM User Guide, "AWS global condition context keys" (https://docs.aws.amazon.com/IAM/latest/UserGuide/
reference_policies_condition-keys.html); API Gateway, "AWS condition keys that can be used in API Gateway resource
policies" (which of them need a signature).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from inferway.credentials.principal import account_of, unique_id, user_name
from inferway.definition.identity import Identity
from inferway.exchange import Request


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request comes from: a VPC and its endpoint, by their identifiers; "" for the public network."""

    vpc: str = ""
    endpoint: str = ""


PUBLIC: Final = Network()


class RequestKeys(Mapping[str, tuple[str, ...]]):
    """The condition keys of one request, each made when a policy asks for it; one without a value is not there."""

    __slots__ = ("_now", "identity", "network", "region", "request")

    def __init__(self, request: Request, identity: Identity | None, region: str, network: Network) -> None:
        self.request = request
        self.identity = identity
        self.region = region
        self.network = network
        self._now = 0.0

    @property
    def now(self) -> float:
        """The Unix time in seconds, the same for all keys."""
        if not self._now:
            self._now = time.time()
        return self._now

    def __getitem__(self, key: str) -> tuple[str, ...]:
        """Give a key's values; KeyError where the request has none."""
        identity = self.identity
        value = _KEYS[key](self) if key in _KEYS else (_SIGNED[key](identity) if identity is not None else "")
        if not value:
            raise KeyError(key)
        return (value,)

    def __iter__(self) -> Iterator[str]:
        """Give the keys that the request has."""
        return (key for key in (*_KEYS, *_SIGNED) if self.get(key) is not None)

    def __len__(self) -> int:
        """Count them."""
        return sum(1 for _ in self)


def condition_keys(request: Request, identity: Identity | None, region: str, network: Network = PUBLIC) -> RequestKeys:
    """Give the global condition keys of a request; those of a signer are there where an identity has signed it.

    A request through the endpoint of a VPC has `aws:VpcSourceIp` for `aws:SourceIp`.
    """
    return RequestKeys(request, identity, region, network)


def _header(keys: RequestKeys, name: bytes) -> str:
    return (keys.request.header(name) or b"").decode("latin-1")


_KEYS: Final[Mapping[str, Callable[[RequestKeys], str]]] = {
    "aws:currenttime": lambda keys: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(keys.now)),
    "aws:epochtime": lambda keys: str(int(keys.now)),
    "aws:principalisawsservice": lambda _: "false",
    "aws:referer": lambda keys: _header(keys, b"referer"),
    "aws:requestedregion": lambda keys: keys.region,
    "aws:securetransport": lambda keys: "true" if keys.request.scheme == "https" else "false",
    "aws:sourceip": lambda keys: "" if keys.network.endpoint else keys.request.client,
    "aws:sourcevpc": lambda keys: keys.network.vpc,
    "aws:sourcevpce": lambda keys: keys.network.endpoint,
    "aws:useragent": lambda keys: _header(keys, b"user-agent"),
    "aws:viaawsservice": lambda _: "false",
    "aws:vpcsourceip": lambda keys: keys.request.client if keys.network.endpoint else "",
}
"""What every request has."""

_SIGNED: Final[Mapping[str, Callable[[Identity], str]]] = {
    "aws:multifactorauthpresent": lambda identity: "false" if identity.session_token else "",
    "aws:principalaccount": account_of,
    "aws:principalarn": lambda identity: identity.arn,
    "aws:principaltype": lambda identity: "User" if user_name(identity) else "AssumedRole",
    "aws:userid": unique_id,
    "aws:username": user_name,
}
"""What a signed one has besides; a second factor is told of temporary credentials only."""
