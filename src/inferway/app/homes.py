"""Where a project's models and functions are at home."""

import msgspec


class Homes(msgspec.Struct, frozen=True, kw_only=True):
    """The URLs of what is up, by the name that it is bound under."""

    endpoints: dict[str, str] = {}
    functions: dict[str, str] = {}
