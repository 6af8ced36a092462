"""Where addresses are, by local databases in MaxMind's format."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import maxminddb


class DatabaseError(Exception):
    """A database cannot be read; the text says which and why."""


class Spot(NamedTuple):
    """A country (ISO 3166 alpha-2) and a region in it (ISO 3166-2 without the country), "" where it is not known."""

    country: str
    region: str


_NOWHERE = Spot("", "")


class Places:
    """The countries and networks of addresses; none where no database is bound. Raises DatabaseError."""

    def __init__(self, countries: str = "", networks: str = "") -> None:
        self._countries = _opened(countries) if countries else None
        self._networks = _opened(networks or countries) if networks or countries else None
        self.spot = lru_cache(maxsize=8192)(self._spot)
        self.network = lru_cache(maxsize=8192)(self._network)

    @property
    def knows_countries(self) -> bool:
        """Whether there is a database of countries."""
        return self._countries is not None and "ASN" not in self._countries.metadata().database_type.upper()

    @property
    def knows_networks(self) -> bool:
        """Whether there is a database that may hold autonomous systems."""
        return self._networks is not None

    def _spot(self, address: str) -> Spot:
        found = _record(self._countries, address)
        country = found.get("country") or found.get("registered_country")
        if isinstance(country, str):  # the flat records of other makers in the same format
            return Spot(country, "")
        code = country.get("iso_code") if isinstance(country, dict) else found.get("country_code")
        parts = found.get("subdivisions")
        region = parts[0].get("iso_code") if isinstance(parts, list) and parts and isinstance(parts[0], dict) else ""
        return Spot(str(code), str(region or "")) if code else _NOWHERE

    def _network(self, address: str) -> int:
        found = _record(self._networks, address)
        number = found.get("autonomous_system_number") or found.get("asn") or 0
        digits = str(number).upper().removeprefix("AS")
        return int(digits) if digits.isdecimal() else 0


def _record(database: maxminddb.Reader | None, address: str) -> dict[str, object]:
    """Give what a database says of an address; nothing where it has none, or cannot say."""
    if database is None:
        return {}
    try:
        found = database.get(address)
    except (ValueError, TypeError, maxminddb.InvalidDatabaseError):
        return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=8)
def _open_version(path: str, version: tuple[int, int]) -> maxminddb.Reader:  # noqa: ARG001 - a new file is a new entry
    return maxminddb.open_database(path, maxminddb.MODE_MEMORY)


def _opened(path: str) -> maxminddb.Reader:
    try:
        status = Path(path).stat()
        return _open_version(path, (status.st_mtime_ns, status.st_size))
    except (OSError, ValueError, TypeError, maxminddb.InvalidDatabaseError) as error:
        raise DatabaseError(f"{path} cannot be read as a MaxMind database: {error}") from error


def check(path: str) -> str:
    """Say what is wrong with a database, "" where nothing is."""
    try:
        _opened(path)
    except DatabaseError as error:
        return str(error)
    return ""
