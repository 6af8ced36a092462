"""A resource of a template, and the identifiers by which templates name resources."""

import re
from collections.abc import Mapping
from hashlib import md5
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns.origin import NOWHERE

_HIDDEN: Final = frozenset(("Resource", "Default"))
_NO_WORD: Final = re.compile(r"[^A-Za-z0-9]")
_LONGEST_WORDS: Final = 240


def logical_id(*path: str) -> str:
    """Give the identifier that the CDK gives a construct at a path of names: its words, then eight digits of a hash.

    Source: AWS CDK Developer Guide, "Identifiers and the AWS CDK" (unique IDs and logical IDs).
    """
    hashed = "/".join(name for name in path if name != "Default")
    words: list[str] = []
    for name in path:
        word = _NO_WORD.sub("", name)
        if name not in _HIDDEN and not (words and words[-1] == word):
            words.append(word)
    digest = md5(hashed.encode(), usedforsecurity=False).hexdigest()[:8].upper()
    return "".join(words)[:_LONGEST_WORDS] + digest


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of a template: its logical identifier, its type and its properties.

    `place` is where in a program it was asked for, nowhere for the place of the pattern.
    """

    id: str
    type: str
    properties: Mapping[str, object] = {}
    attributes: Mapping[str, object] = {}
    depends_on: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def reference(self) -> dict[str, object]:
        """What stands in a template for the resource's physical identifier."""
        return {"Ref": self.id}

    def attribute(self, name: str) -> dict[str, object]:
        """Give what stands in a template for one of the resource's attributes."""
        return {"Fn::GetAtt": [self.id, name]}

    def declaration(self) -> dict[str, object]:
        """Give the resource as it stands below its identifier; `attributes` are those beside its properties."""
        made: dict[str, object] = {"Type": self.type}
        if self.properties:
            made["Properties"] = dict(self.properties)
        if self.depends_on:
            made["DependsOn"] = list(self.depends_on)
        return {**made, **self.attributes}
