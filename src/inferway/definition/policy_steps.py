"""Steps that ask policies in IAM's JSON whether a caller may."""

import msgspec


class CheckResourcePolicy(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a caller, whoever it is, whom the policy of a resource does not allow an action.

    `resource` is written as that of RequirePermission; `policy` is a document in IAM's JSON. With `only_denials` it
    refuses only those whom the policy denies the action, and leaves the others to a step behind.
    """

    action: str
    resource: str
    policy: str
    only_denials: bool = False
