"""The keys that issuers publish: fetched when they are needed, kept, and fetched again where one is unknown.

Sources: OpenID Connect Discovery 1.0, sections 4 and 4.3; RFC 7517, section 5; API Gateway, "Signing keys and
troubleshooting JWT authorizers": keys are kept for up to an hour, and fetched again for a token whose key is unknown.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from inferway.credentials.tokens.compact import LONGEST_KEY_ID, MalformedTokenError, Verify, read_object
from inferway.credentials.tokens.signed_tokens import SignedTokens

FRESH: Final = 3600.0
"""Seconds after which a key set is fetched again, while its keys still count."""
STALE: Final = 24 * 3600.0
"""Seconds after which keys count no more, where fetching them again went on failing."""
PAUSE: Final = 5.0
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
    """The keys of one issuer.

    `ready` is for what a verifier made of them, by a key's name or place and an algorithm, `signed` for the tokens
    whose signature it found to hold; both are emptied when keys change.

    Raises FetchError for keys given as text that are none.
    """

    __slots__ = (
        "_attempt",
        "_clock",
        "_fetch",
        "_loaded",
        "_named",
        "_next",
        "_pause",
        "keys",
        "problem",
        "ready",
        "signed",
        "source",
    )

    def __init__(self, source: KeySource, fetch: Fetch, clock: Callable[[], float]) -> None:
        self.source = source
        self.ready: dict[tuple[str | int, str], Verify] = {}
        self.signed = SignedTokens()
        self.problem = ""
        self._fetch = fetch
        self._clock = clock
        self.keys: tuple[Jwk, ...] = ()
        self._named: dict[str, Jwk] = {}
        self._loaded: float | None = None
        self._next = float("inf") if source.keys else float("-inf")
        self._pause = 1.0
        self._attempt: asyncio.Task[None] | None = None
        if source.keys:
            self._take(read_keys(source.keys))

    def find(self, key_id: str) -> Jwk | None:
        """Give a key by its identifier, None where the set at hand has none of that name."""
        return self._named.get(key_id)

    def keep_fresh(self) -> None:
        """Have the set fetched again where it has grown old; keys that went unconfirmed for a day are dropped."""
        if self._loaded is None:
            return
        age = self._clock() - self._loaded
        if age > FRESH:
            self._begin()
        if age > STALE and self.keys:
            self._take(())

    def _take(self, keys: tuple[Jwk, ...]) -> None:
        """Have these keys from now on, but for those that encrypt; of two of one name the first counts."""
        self.keys = tuple(key for key in keys if key.get("use", "sig") == "sig")
        self._named = {str(key["kid"]): key for key in reversed(self.keys) if "kid" in key}
        self.ready.clear()
        self.signed.clear()

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
            now = self._clock()
            if now < self._next:
                return None
            self._next = now + self._pause
            self._attempt = asyncio.get_running_loop().create_task(self._refresh())
        return self._attempt

    async def _refresh(self) -> None:
        try:
            keys = await read_key_set(self.source, self._fetch)
        except FetchError as error:
            self.problem = str(error)
            self._next = self._clock() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        else:
            self._take(keys)
            self.problem = ""
            self._loaded = self._clock()
            self._next = self._loaded + PAUSE
            self._pause = 1.0
        finally:
            self._attempt = None


def read_keys(text: str) -> tuple[Jwk, ...]:
    """Read a key set from its JSON. Raises FetchError."""
    return _keys(_document(text.encode("utf-8"), "the keys"))


async def read_key_set(source: KeySource, fetch: Fetch) -> tuple[Jwk, ...]:
    """Fetch and read an issuer's keys. Raises FetchError."""
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


def _keys(document: Mapping[str, object]) -> tuple[Jwk, ...]:
    """Give the keys of a set, but for those whose identifier is none; a key may have no identifier."""
    found = document.get("keys")
    if not isinstance(found, list) or len(found) > MOST_KEYS:
        raise FetchError(f"a key set is a list of up to {MOST_KEYS} keys")
    return tuple(key for key in found if isinstance(key, dict) and _is_fit(key.get("kid", "")))


def _is_fit(name: object) -> bool:
    return isinstance(name, str) and len(name) <= LONGEST_KEY_ID


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
