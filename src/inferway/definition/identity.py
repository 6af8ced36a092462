"""An identity: who may sign requests, and what its policies allow."""

import msgspec

_ARN_PARTS = 6


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """A caller that signs its requests with an access key.

    `policies` are documents in IAM's JSON; without any the identity may do nothing. `session_token` is what temporary
    credentials have to send besides, "" for lasting ones.
    """

    name: str
    access_key: str
    secret: str
    arn: str
    policies: tuple[str, ...] = ()
    session_token: str = ""

    def __post_init__(self) -> None:
        """Refuse what no request could be signed with, and a name that is no ARN."""
        if not self.access_key or not self.secret:
            raise ValueError(f"identity {self.name!r} needs an access key and a secret")
        if len(self.arn.split(":", _ARN_PARTS - 1)) != _ARN_PARTS or not self.arn.startswith("arn:"):
            raise ValueError(f"the arn of identity {self.name!r} is no ARN: {self.arn!r}")

    def __repr__(self) -> str:
        """Give a form for logs, which never holds the secret."""
        return f"Identity(name={self.name!r}, access_key={self.access_key!r}, arn={self.arn!r})"
