"""What documentation parts say of each thing in an exported document.

Source: API Gateway, "Representation of API documentation in API Gateway" (which part applies to a thing that has none
of its own) and "Publish API documentation using the API Gateway REST API" (what of a part OpenAPI knows stands beside
the thing too: for example not the description of a resource).
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from inferway.dialects.apigateway.documentation import DocumentationPart
from inferway.dialects.apigateway.extensions import PREFIX

_OWN_ONLY: Final = frozenset(("API", "AUTHORIZER", "MODEL", "RESOURCE"))
"""Types of which each thing has its own part or none."""

_PROPAGATED: Final[Mapping[str, frozenset[str]]] = {
    "API": frozenset(("externalDocs",)),
    "AUTHORIZER": frozenset(("description",)),
    "METHOD": frozenset(("description", "externalDocs", "summary", "tags")),
    "PATH_PARAMETER": frozenset(("description",)),
    "QUERY_PARAMETER": frozenset(("description",)),
    "REQUEST_BODY": frozenset(("description",)),
    "REQUEST_HEADER": frozenset(("description",)),
    "RESOURCE": frozenset(),
    "RESPONSE": frozenset(("description",)),
    "RESPONSE_HEADER": frozenset(("description",)),
}
_INFO: Final = frozenset(("contact", "license", "termsOfService"))
_EXAMPLE: Final = "x-example"
"""A member that a reader takes for an example of a parameter or a body."""


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a part can be about; a status of a response, and a name, where it has them."""

    type: str
    path: str = "/"
    method: str = "*"
    status: str = "*"
    name: str = ""


class Documentation:
    """The parts of an API, or none where they are not asked for."""

    def __init__(self, parts: Iterable[DocumentationPart]) -> None:
        self._parts: dict[str, list[DocumentationPart]] = {}
        for part in parts:
            self._parts.setdefault(part.type, []).append(part)

    def of(self, thing: Thing) -> dict[str, object]:
        """Give what stands beside a thing: members that OpenAPI has there, and extensions but for the service's."""
        part = self._applying(thing)
        if part is None:
            return {}
        known = _PROPAGATED.get(thing.type, frozenset())
        return {
            name: value
            for name, value in part.properties.items()
            if fits(name, value) and (name in known or (_is_extension(name) and not _is_example(name, thing)))
        }

    def of_info(self) -> dict[str, object]:
        """Give what stands in `info` but for the description."""
        part = self._applying(Thing(type="API"))
        info = part.properties.get("info") if part is not None else None
        if not isinstance(info, Mapping):
            return {}
        return {
            name: value for name, value in info.items() if fits(name, value) and (name in _INFO or _is_extension(name))
        }

    def _applying(self, thing: Thing) -> DocumentationPart | None:
        """Give the part of a thing; else the closest one above it in path, of its method and status before any."""
        if thing.type in _OWN_ONLY:
            applying = (part for part in self._parts.get(thing.type, ()) if _place(part) == (thing.path, thing.name))
            return next(applying, None)
        return max(
            (part for part in self._parts.get(thing.type, ()) if _covers(part, thing)), key=_closeness, default=None
        )


def _place(part: DocumentationPart) -> tuple[str, str]:
    return part.path, part.name


def _covers(part: DocumentationPart, thing: Thing) -> bool:
    above = part.path.rstrip("/")
    return (
        (thing.path.rstrip("/") == above or thing.path.startswith(f"{above}/"))
        and part.method in {"*", thing.method}
        and part.status in {"*", thing.status}
        and (part.name == thing.name or thing.type == "REQUEST_BODY")
    )


def _closeness(part: DocumentationPart) -> tuple[int, bool, bool]:
    return len(part.path.rstrip("/")), part.status != "*", part.method != "*"


def _is_extension(name: str) -> bool:
    return name.startswith("x-") and not name.startswith((PREFIX, "x-inferway-"))


def _is_example(name: str, thing: Thing) -> bool:
    return name == _EXAMPLE and thing.type != "METHOD"


_TEXTS: Final = frozenset(("description", "summary", "termsOfService"))
_OBJECTS: Final = {"contact": "", "externalDocs": "url", "license": "name"}
"""Members that are mappings, with what each must have."""


def fits(name: str, value: object) -> bool:
    """Say whether a member that is for people is of the kind that OpenAPI asks for."""
    if name in _TEXTS:
        return isinstance(value, str)
    if name in _OBJECTS:
        needed = _OBJECTS[name]
        return isinstance(value, Mapping) and (not needed or isinstance(value.get(needed), str))
    if name == "tags":
        return isinstance(value, list) and all(isinstance(tag, str) for tag in value) and len({*value}) == len(value)
    return True
