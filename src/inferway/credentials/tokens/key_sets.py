"""The keys that issuers publish: fetched when they are needed, kept, and fetched again where one is unknown.

Sources: OpenID Connect Discovery 1.0, sections 4 and 4.3; RFC 7517, section 5; API Gateway, "Signing keys and
troubleshooting JWT authorizers": keys are kept for up to an hour, and fetched again for a token whose key is unknown.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from inferway.credentials.tokens.compact import LONGEST_KEY_ID, MalformedTokenError, read_object

FRESH: Final = 3600.0
"""Seconds after which a key set is fetched again, while its keys still count."""
STALE: Final = 24 * 3600.0
"""Seconds after which keys count no more, where fetching them again went on failing."""
PAUSE: Final = 10.0
"""Seconds between a key set's arrival and the next time that an unknown key has it fetched."""
LONGEST_PAUSE: Final = 60.0
"""Seconds between two attempts of an issuer that fails; it begins with one and doubles."""
MOST_KEYS: Final = 200
"""Keys of one set."""
LARGEST: Final = 256 * 1024
"""Bytes of a document that an issuer publishes."""

_DISCOVERY: Final = "/.well-known/openid-configuration"

Jwk = Mapping[str, object]
Fetch = Callable[[str], Awaitable[bytes]]
"""Gives what a URL has, at most LARGEST bytes, within seconds; follows no redirection. Raises FetchError."""


class FetchError(Exception):
    """An issuer's keys that could not be had, with the reason."""


class KeySource(msgspec.Struct, frozen=True, kw_only=True):
    """Where an issuer's keys are: at the URL `url`, as JSON text in `keys`, or where its discovery document says."""

    issuer: str
    url: str = ""
    keys: str = ""


class KeySet:
    """The keys of one issuer. `ready` is for what a verifier made of them; it is emptied when they change.

    Raises FetchError for keys given as text that are none.
    """

    __slots__ = ("_attempt", "_clock", "_fetch", "_keys", "_loaded", "_next", "_pause", "problem", "ready", "source")

    def __init__(self, source: KeySource, fetch: Fetch, clock: Callable[[], float]) -> None:
        self.source = source
        self.ready: dict[object, object] = {}
        self.problem = ""
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, Jwk] = {}
        self._loaded: float | None = None
        self._next = float("inf") if source.keys else float("-inf")
        self._pause = 1.0
        self._attempt: asyncio.Task[None] | None = None
        if source.keys:
            self._keys = read_keys(source.keys)

    def find(self, key_id: str) -> Jwk | None:
        """Give a key by its identifier, None where the set at hand has none of that name."""
        return self._keys.get(key_id)

    def keep_fresh(self) -> None:
        """Have the set fetched again where it has grown old; keys that went unconfirmed for a day are dropped."""
        if self._loaded is None:
            return
        age = self._clock() - self._loaded
        if age > FRESH:
            self._begin()
        if age > STALE and self._keys:
            self._keys = {}
            self.ready.clear()

    @property
    def is_known(self) -> bool:
        """Say whether there is a set at hand, which may lack a key."""
        return bool(self._keys)

    async def look_again(self) -> bool:
        """Wait until a fetch that is under way, or begins now, has ended; False at once where it is too early.

        However many wait, one fetch is under way. Cancelling one who waits leaves it to the others.
        """
        attempt = self._begin()
        if attempt is None:
            return False
        await asyncio.shield(attempt)
        return True

    def _begin(self) -> "asyncio.Task[None] | None":
        if self._attempt is None:
            if self._clock() < self._next:
                return None
            self._attempt = asyncio.get_running_loop().create_task(self._refresh())
        return self._attempt

    async def _refresh(self) -> None:
        try:
            self._keys = await read_key_set(self.source, self._fetch)
        except FetchError as error:
            self.problem = str(error)
            self._next = self._clock() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        else:
            self.ready.clear()
            self.problem = ""
            self._loaded = self._clock()
            self._next = self._loaded + PAUSE
            self._pause = 1.0
        finally:
            self._attempt = None


def read_keys(text: str) -> dict[str, Jwk]:
    """Read a key set from its JSON, by the keys' identifiers. Raises FetchError."""
    return _keys(_document(text.encode("utf-8"), "the keys"))


async def read_key_set(source: KeySource, fetch: Fetch) -> dict[str, Jwk]:
    """Fetch and read an issuer's keys, by their identifiers. Raises FetchError."""
    url = source.url or await _discover(source.issuer, fetch)
    return _keys(_document(await fetch(url), url))


async def _discover(issuer: str, fetch: Fetch) -> str:
    url = issuer.rstrip("/") + _DISCOVERY
    document = _document(await fetch(url), url)
    if document.get("issuer") != issuer:
        raise FetchError(f"{url} is of another issuer")
    found = document.get("jwks_uri")
    secure = issuer.startswith("https://")
    if not isinstance(found, str) or not found.startswith(("https://",) if secure else ("https://", "http://")):
        raise FetchError(f"{url} names no key set that could be trusted")
    return found


def _document(data: bytes, where: str) -> dict[str, object]:
    if len(data) > LARGEST:
        raise FetchError(f"{where}: more than {LARGEST} bytes")
    try:
        return read_object(data)
    except MalformedTokenError as error:
        raise FetchError(f"{where}: {error}") from error


def _keys(document: Mapping[str, object]) -> dict[str, Jwk]:
    """Give the keys that have an identifier; of two with the same one the first counts."""
    found = document.get("keys")
    if not isinstance(found, list) or len(found) > MOST_KEYS:
        raise FetchError(f"a key set is a list of up to {MOST_KEYS} keys")
    keys: dict[str, Jwk] = {}
    for key in found:
        name = key.get("kid") if isinstance(key, dict) else None
        if isinstance(name, str) and len(name) <= LONGEST_KEY_ID:
            keys.setdefault(name, key)
    return keys


async def _no_fetch(url: str) -> bytes:
    raise FetchError(f"{url} cannot be fetched here")


class KeySets:
    """The key sets of one process, each there once however many ask for it. Belongs to one event loop."""

    def __init__(self, fetch: Fetch = _no_fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._sets: dict[KeySource, KeySet] = {}

    def of(self, source: KeySource) -> KeySet:
        """Give the set of a source; nothing is fetched before somebody asks for a key."""
        found = self._sets.get(source)
        if found is None:
            found = self._sets[source] = KeySet(source, self._fetch, self._clock)
        return found
