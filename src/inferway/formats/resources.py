"""Neutral resources: what every file format is turned into, and what dialects read."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

import msgspec

from inferway.definition.deployment import ACCOUNT, REGION
from inferway.faults import Place

LOCAL_PATH: Final = "LocalPath"
"""The key that a format puts beside a reference to what is stored in a cloud, such as a bucket and a key, where it
knows the file, the folder or the zip archive here that would be stored there."""

ASSET: Final = "pulumi:asset"
"""The one key of a property that is a file: its value is a mapping with `path` or `text` or `uri`."""

ARCHIVE: Final = "pulumi:archive"
"""The one key of a property that is a folder: its value is a mapping with `path` (of a folder or a zip or tar archive),
`uri`, or `assets`, files and folders by their path in it."""


class Coverage(StrEnum):
    """What Inferway makes of a type of resource."""

    SERVED = "served"
    """It answers requests, or decides how they are answered."""
    READ = "read"
    """It is provisioned and may be referred to; what it says has no effect of its own here, and is no loss."""
    IGNORED = "ignored"
    """It is left out, with a Finding."""


class Places(Protocol):
    """Finds where a value stands in its source file."""

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path of keys and indexes; of its nearest parent where it is absent."""
        ...


class OnePlace:
    """Places of a resource of which only the whole has a known position, such as a call in a program."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def find(self, *path: str | int) -> Place:  # noqa: ARG002 - the protocol's form
        """Give the resource's own place."""
        return self._place


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One declared resource: its type as the format writes it, its logical name, and its properties as plain JSON.

    `id` is the physical identifier that it was provisioned with, by which other resources refer to it, and
    `attributes` are its outputs; both are empty where the format knows no references. `type_place` is where its type
    stands, None where that is not known.
    """

    type: str
    name: str
    properties: Mapping[str, object]
    places: Places
    id: str = ""
    attributes: Mapping[str, object] = {}
    type_place: Place | None = None


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A value that a definition exports; `secret` ones are shown only where they are asked for."""

    name: str
    value: object
    secret: bool = False


class ResourceGraph(msgspec.Struct, frozen=True, kw_only=True):
    """All resources of one definition, references between them resolved, and the files that it was read from.

    `exit_status` is that of the program which made them, 0 where none was run or all went well.
    """

    resources: tuple[Resource, ...]
    outputs: tuple[Output, ...] = ()
    files: tuple[Path, ...] = ()
    exit_status: int = 0


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The place where a definition is run, as far as the definition can see it.

    `base_url` is the gateway's own, without a slash at its end. `keys` holds bound values of API keys by the name of
    the key's resource. `parameters` are template parameters or program configuration by name, `stack_references` the
    outputs of other stacks by their name. `python` is the interpreter that runs programs, "" for the running one.
    `secret` is this node's own; keys that nothing binds are derived from it.
    """

    base_url: str = "http://127.0.0.1:8080"
    region: str = REGION
    account: str = ACCOUNT
    keys: Mapping[str, str] = {}
    parameters: Mapping[str, str] = {}
    stack: str = "dev"
    stack_references: Mapping[str, Mapping[str, object]] = {}
    python: str = ""
    secret: bytes = b""

    def key(self, kind: str, name: str, length: int) -> str:
        """Give the bound value of a key, else one that only this node's secret can tell: base 32, lower-case."""
        bound = self.keys.get(name)
        if bound is not None:
            return bound
        digest = hmac.digest(self.secret, f"{kind}\0{name}".encode(), "sha512")
        return base64.b32encode(digest).decode("ascii").lower()[:length]

    @staticmethod
    def identifier(kind: str, name: str, length: int) -> str:
        """Give a stable identifier for a resource: `length` of `a-z2-7`; it keeps no secret."""
        digest = hashlib.sha512(f"{kind}\0{name}".encode()).digest()
        return base64.b32encode(digest).decode("ascii").lower()[:length]


class Provisioned(msgspec.Struct, frozen=True, kw_only=True):
    """What a resource gets when it comes to be: its physical identifier and its outputs, some of them secret."""

    id: str
    attributes: Mapping[str, object] = {}
    secrets: frozenset[str] = frozenset()


Provision = Callable[[Resource, Environment], Provisioned | None]
"""Gives what a resource would be provisioned with, its references resolved; None for a type that nobody knows.

A format asks for it as it walks its resources in order of dependency; attribute names are the format's own (`Arn` for
CloudFormation, `arn` for Pulumi)."""
