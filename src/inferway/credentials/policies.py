"""IAM's policies, of identities and of resources: what they say, and whether they let an action pass.

Sources: IAM User Guide, "IAM JSON policy element reference" and "Policy evaluation logic" (https://docs.aws.amazon.com/
IAM/latest/UserGuide/reference_policies.html).
"""

from enum import StrEnum
from typing import Final

import msgspec

from inferway.credentials.conditions import Context
from inferway.credentials.principals import Caller, Reach
from inferway.credentials.statements import PolicyError as PolicyError
from inferway.credentials.statements import Statement, acts, applies, read_statement

_VERSIONS: Final = ("2012-10-17", "2008-10-17")


class Decision(StrEnum):
    """What the policies of an identity say together: nothing, yes, or a no that no yes outweighs."""

    IMPLICIT_DENY = "implicit deny"
    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy ready to be asked; `problems` are what of it is not understood, in words."""

    statements: tuple[Statement, ...]
    problems: tuple[str, ...] = ()


def read_policy(text: str) -> Policy:
    """Read an identity's policy document; PolicyError with the reason where IAM would not take it.

    A condition operator that is not known here is a problem: its statement, when it allows, never applies, and when
    it denies, applies whatever the condition.
    """
    return _read(_decoded(text), of_resource=False)


def read_resource_policy(text: str, base: str = "") -> Policy:
    """Read a resource's policy document, as above; each of its statements names principals.

    Resources that begin with `SERVICE:/` are short for those of `base`, the ARN of the API that has the policy (API
    Gateway, "API Gateway resource policy examples").
    """
    document = _decoded(text)
    return _read(_expanded(document, base) if base else document, of_resource=True)


def _decoded(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PolicyError(f"a policy is not JSON: {error}") from None


def _read(document: object, *, of_resource: bool) -> Policy:
    if not isinstance(document, dict) or "Statement" not in document:
        raise PolicyError("a policy is an object with a Statement")
    unknown = sorted(set(document) - {"Version", "Id", "Statement"})
    if unknown:
        raise PolicyError(f"a policy has no element {unknown[0]!r}")
    version = document.get("Version", _VERSIONS[1])
    if version not in _VERSIONS:
        raise PolicyError(f"a policy's Version is {' or '.join(_VERSIONS)}, not {version!r}")
    stated = document["Statement"]
    problems: list[str] = []
    statements = tuple(
        read_statement(statement, version == _VERSIONS[0], problems, of_resource=of_resource)
        for statement in (stated if isinstance(stated, list) else [stated])
    )
    return Policy(statements=statements, problems=tuple(problems))


def narrowed(policies: tuple[Policy, ...], action: str) -> tuple[Policy, ...]:
    """Give the policies with what they say of one action only."""
    return tuple(
        Policy(
            statements=tuple(
                msgspec.structs.replace(statement, actions=(), but_actions=True)
                for statement in policy.statements
                if acts(statement, action)
            )
        )
        for policy in policies
    )


def decide(policies: tuple[Policy, ...], action: str, resource: str, context: Context) -> Decision:
    """Decide whether an action on a resource may pass: an explicit deny wins, then an allow, else it is denied."""
    decision = Decision.IMPLICIT_DENY
    for policy in policies:
        for statement in policy.statements:
            if applies(statement, action, resource, context):
                if not statement.allow:
                    return Decision.EXPLICIT_DENY
                decision = Decision.ALLOW
    return decision


def decide_for(caller: Caller, policy: Policy, action: str, resource: str, context: Context) -> tuple[Decision, Reach]:
    """Decide as above by a resource's policy, and say how far its allow reaches: the caller, or only its account.

    What is granted to an account, the account's own policies have to grant to the caller (IAM User Guide, "AWS account
    principals").
    """
    decision, reached = Decision.IMPLICIT_DENY, Reach.NONE
    for statement in policy.statements:
        reach = statement.principals.reach(caller) if statement.principals is not None else Reach.NONE
        if reach and applies(statement, action, resource, context):
            if not statement.allow:
                return Decision.EXPLICIT_DENY, reach
            decision, reached = Decision.ALLOW, max(reached, reach)
    return decision, reached


def _expanded(document: object, base: str) -> object:
    """Write out the short resources of a policy; what is of another shape stays, to be refused as such."""
    if not isinstance(document, dict):
        return document
    stated = document.get("Statement")
    short = f"{base.split(':', 3)[2]}:/"

    def full(resource: object) -> object:
        return (
            base + resource[len(short) - 1 :] if isinstance(resource, str) and resource.startswith(short) else resource
        )

    def written(statement: object) -> object:
        if not isinstance(statement, dict):
            return statement
        return statement | {
            name: [full(one) for one in given] if isinstance(given := statement[name], list) else full(given)
            for name in ("Resource", "NotResource")
            if name in statement
        }

    return document | {"Statement": [written(one) for one in stated] if isinstance(stated, list) else written(stated)}
