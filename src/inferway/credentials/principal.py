"""What an identity's ARN says of it: its account, its name, and an identifier in IAM's form.

Source: IAM User Guide, "IAM identifiers" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
"""

import base64
import hashlib
from typing import Final

from inferway.definition.identity import Identity

_UNIQUE_LENGTH: Final = 17


def account_of(identity: Identity) -> str:
    """Give the number of the account that an identity belongs to."""
    return identity.arn.split(":", 5)[4]


def user_name(identity: Identity) -> str:
    """Give the name of a user, without its path; "" for anything else, such as the session of a role."""
    kind, _, path = identity.arn.split(":", 5)[5].partition("/")
    return path.rpartition("/")[2] if kind == "user" else ""


def unique_id(identity: Identity) -> str:
    """Give an identifier in the form of IAM's own, the same for the same ARN: `AIDA…`, or `AROA…:SESSION` of a role."""
    arn = identity.arn
    kind, _, path = arn.split(":", 5)[5].partition("/")
    if kind == "assumed-role":
        role, _, session = path.partition("/")
        return f"AROA{_unique(arn.removesuffix(f'/{session}'))}:{session}" if session else f"AROA{_unique(role)}"
    return f"{'AROA' if kind == 'role' else 'AIDA'}{_unique(arn)}"


def _unique(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode("ascii")[:_UNIQUE_LENGTH]
