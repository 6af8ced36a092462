"""An issuer of tokens: where one that definitions name lives here."""

import msgspec


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """An issuer of JSON Web Tokens.

    `name` is the URL by which definitions know it, `issuer` what its tokens here say (`iss`), "" for the same. Its keys
    are at the URL `key_set`, or stand in `keys` as JSON, or are where its own discovery document says. `audiences`,
    where there are any, are the only ones whose tokens count, whatever the definition says. `leeway` is how many
    seconds its clock may be off.
    """

    name: str
    issuer: str = ""
    key_set: str = ""
    keys: str = ""
    audiences: tuple[str, ...] = ()
    leeway: float = 1.0

    def __post_init__(self) -> None:
        """Refuse two places for keys, and a leeway that is no small amount of time."""
        if self.key_set and self.keys:
            raise ValueError(f"issuer {self.name!r} has two key sets")
        if not 0 <= self.leeway <= 600:
            raise ValueError(f"the leeway of issuer {self.name!r} is 0 to 600 seconds")
