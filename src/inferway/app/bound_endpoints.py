"""Endpoints and models, as the bindings file names them."""

from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from inferway.app.toml_reader import TomlReader, Unreadable, convert, nearest
from inferway.backends.protocols.translation import translation
from inferway.definition.endpoints import (
    BoundComponent,
    BoundEndpoint,
    BoundModel,
    BoundShadow,
    BoundVariant,
    Instances,
)
from inferway.transport.address import parse_address

_Part = TypeVar("_Part", bound=Instances)

_PARTS: Final[dict[str, type[Instances]]] = {
    "variants": BoundVariant,
    "shadows": BoundShadow,
    "components": BoundComponent,
    "models": BoundComponent,
}


def read_endpoint(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundEndpoint:
    """Read an endpoint; folders are relative to the file."""
    if not isinstance(value, dict):
        raise Unreadable(f"{'.'.join(path)} must be a table", path)
    given: dict[str, object] = {"name": name, **value}
    for key, kind in _PARTS.items():
        if key in given:
            given[key] = _parts(reader, given[key], kind, (*path, key))
    endpoint = convert(reader, given, BoundEndpoint, path)
    for key in _PARTS:
        if key in given:
            endpoint = msgspec.structs.replace(endpoint, **{key: given[key]})
    if endpoint.canary is not None and endpoint.canary.variant not in endpoint.variants:
        text = f"endpoint {name!r} has no variant {endpoint.canary.variant!r}"
        raise Unreadable(f"{text}{nearest(endpoint.canary.variant, list(endpoint.variants))}", (*path, "canary"))
    if endpoint.protocol:
        try:
            translation(endpoint.protocol, endpoint.model, endpoint.version, endpoint.tensor)
        except ValueError as error:
            raise Unreadable(f"endpoint {name!r}: {error}", path) from error
    return _at_home(reader, _with_folders(reader, endpoint), f"endpoint {name!r}", path)


def _with_folders(reader: TomlReader, endpoint: BoundEndpoint) -> BoundEndpoint:
    """Give an endpoint whose destinations that are no URIs are folders, relative to the file."""

    def whole(place: str) -> str:
        return place if not place or "://" in place else str((reader.file.parent / place).resolve())

    capture, asynchronous = endpoint.capture, endpoint.asynchronous
    if capture is not None:
        capture = msgspec.structs.replace(capture, destination=whole(capture.destination))
    if asynchronous is not None:
        output, failure = whole(asynchronous.output), whole(asynchronous.failure)
        asynchronous = msgspec.structs.replace(asynchronous, output=output, failure=failure)
    return msgspec.structs.replace(endpoint, capture=capture, asynchronous=asynchronous)


def read_model(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundModel:
    """Read where a model lives that a definition declares."""
    model = convert(reader, {"name": name, **value} if isinstance(value, dict) else value, BoundModel, path)
    if not model.has_one_home:
        raise Unreadable(f"model {name!r} needs one of url, urls and serve", path)
    return _at_home(reader, model, f"model {name!r}", path)


def check_url(url: str, what: str, path: tuple[str, ...]) -> None:
    """Refuse a URL that no call could be sent to."""
    if not url.startswith(("http://", "https://")):
        raise Unreadable(f"{what} must start with http:// or https://", path)
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Unreadable(f"{what} holds a character that no URL has: write it percent-encoded", path)
    try:
        parts = urlsplit(url)
        parse_address(f"{parts.scheme}://{parts.netloc}")
    except ValueError as error:
        raise Unreadable(f"{what} cannot be called: {error}", path) from error


def _parts(reader: TomlReader, value: object, kind: type[Instances], path: tuple[str, ...]) -> dict[str, Instances]:
    if not isinstance(value, dict):
        raise Unreadable(f"[{'.'.join(path)}] must be a table", path)
    made: dict[str, Instances] = {}
    for name, given in value.items():
        part = convert(reader, {"name": name, **given} if isinstance(given, dict) else given, kind, (*path, name))
        if part.known_urls and part.serve:
            raise Unreadable(f"[{'.'.join((*path, name))}] has both a place and a folder to serve", (*path, name))
        made[name] = _at_home(reader, part, f"{path[-1].rstrip('s')} {name!r}", (*path, name))
    return made


def _at_home(reader: TomlReader, part: _Part, what: str, path: tuple[str, ...]) -> _Part:
    """Give a part with its folder whole, once its URLs have been looked at."""
    for key, url in (("url", part.url), *(("urls", url) for url in part.urls)):
        if url:
            check_url(url, f"the url of {what}", (*path, key))
    if not part.serve:
        return part
    return msgspec.structs.replace(part, serve=str((reader.file.parent / part.serve).resolve()))
