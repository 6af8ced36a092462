"""An identity: who may sign requests, and what its policies allow."""

import base64
import hashlib

import msgspec

_ARN_PARTS = 6
_UNIQUE_LENGTH = 17


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

    @property
    def account(self) -> str:
        """The number of the account that the identity belongs to."""
        return self.arn.split(":")[4]

    @property
    def user_name(self) -> str:
        """The name of a user, without its path; "" for anything else, such as the session of a role."""
        kind, _, path = self.arn.split(":", _ARN_PARTS - 1)[-1].partition("/")
        return path.rpartition("/")[2] if kind == "user" else ""

    @property
    def unique_id(self) -> str:
        """An identifier in the form of IAM's own, the same for the same ARN: `AIDA…`, or `AROA…:SESSION` of a role.

        Source: IAM User Guide, "IAM identifiers" (unique identifiers).
        """
        kind, _, path = self.arn.split(":", _ARN_PARTS - 1)[-1].partition("/")
        if kind == "assumed-role":
            role, _, session = path.partition("/")
            return (
                f"AROA{_unique(self.arn.removesuffix(f'/{session}'))}:{session}" if session else f"AROA{_unique(role)}"
            )
        return f"{'AROA' if kind == 'role' else 'AIDA'}{_unique(self.arn)}"


def _unique(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode("ascii")[:_UNIQUE_LENGTH]
