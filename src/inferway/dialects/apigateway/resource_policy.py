"""Reads an API's resource policy, and says which steps authorize a caller by it.

Sources: API Gateway, "Control access to a REST API with API Gateway resource policies", "How API Gateway resource
policies affect authorization workflow" (https://docs.aws.amazon.com/apigateway/latest/developerguide/
apigateway-authorization-flow.html).
"""

from typing import Final

import msgspec

from inferway.credentials.policies import PolicyError, read_resource_policy
from inferway.credentials.wildcard import compile_wildcard
from inferway.definition.policy_steps import CheckResourcePolicy
from inferway.definition.steps import Refuse, RequirePermission, RequireSignature, Step
from inferway.dialects.apigateway.extensions import PREFIX
from inferway.faults import FaultKind
from inferway.formats.cursor import Cursor

POLICY: Final = f"{PREFIX}policy"
SERVICE: Final = "execute-api"
INVOKE: Final = f"{SERVICE}:Invoke"
INVALIDATE: Final = f"{SERVICE}:InvalidateCache"

NONE, IAM, CUSTOM = "NONE", "AWS_IAM", "CUSTOM"

ENDPOINT: Final = f"{PREFIX}endpoint-configuration"
_PRIVATE: Final = "PRIVATE"

_NOBODY: Final = '{"Version":"2012-10-17","Statement":[]}'
"""The policy that a private API without one has: nobody may call it."""

_ARN_PARTS: Final = 6
_REFUSED: Final = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
"""What the service says of one."""


def method_arn(api_id: str) -> str:
    """Give the ARN of an API's methods, as steps take it, under which policies allow or deny to call them."""
    return f"arn:aws:{SERVICE}:{{region}}:{{account}}:{api_id}/{{stage}}/{{method}}/{{path}}"


def with_policies(kind: str, authentication: tuple[Step, ...], document: Cursor, api_id: str) -> tuple[Step, ...]:
    """Put what asks policies around the steps that find out who calls, by the service's order for a kind of them."""
    policy = _policy_of(document, api_id)
    if policy is None:
        return (Refuse(kind=FaultKind.ACCESS_DENIED, cause="the resource policy cannot be read"),)
    resource = method_arn(api_id)
    if not policy and is_private(document):
        return (CheckResourcePolicy(action=INVOKE, resource=resource, policy=_NOBODY),)
    if kind == IAM:
        permission = RequirePermission(action=INVOKE, resource=resource, policy=policy)
        return (RequireSignature(service=SERVICE), *authentication, permission)
    checks = CheckResourcePolicy(action=INVOKE, resource=resource, policy=policy)
    if kind == CUSTOM:
        permission = RequirePermission(action=INVOKE, resource=resource, policy=policy)
        before = (msgspec.structs.replace(checks, only_denials=True),) if policy else ()
        return (*before, *authentication, permission)
    return (*authentication, checks) if policy else authentication


def is_private(document: Cursor) -> bool:
    """Say whether an API is reached through endpoints of a VPC alone, as a document or a resource writes it."""
    configured = document[ENDPOINT]
    if not isinstance(configured.value, dict):
        return False
    types = configured["types"] if configured["types"].present else configured["Types"]
    given = types.value if isinstance(types.value, list) else [types.value]
    return any(isinstance(kind, str) and kind.upper() == _PRIVATE for kind in given)


def report_private(document: Cursor) -> None:
    """Report a private API that has no policy: the service refuses to deploy it, and what was deployed before."""
    policy = document[POLICY]
    if is_private(document) and (not policy.present or policy.value in (None, "", {})):
        text = "Private REST API doesn't have a resource policy attached to it; every call is refused"
        document[ENDPOINT].warning("private-without-policy", text)


def invalidation(kind: str, document: Cursor, api_id: str) -> RequirePermission | None:
    """Give what lets a caller invalidate the cache (API Gateway, "Invalidate an API Gateway cache entry").

    None for a kind of authorization that leaves no policies behind which could.
    """
    policy = _policy_of(document, api_id) if kind in {IAM, CUSTOM} else None
    if policy is None:
        return None
    return RequirePermission(action=INVALIDATE, resource=method_arn(api_id), policy=policy)


def _policy_of(document: Cursor, api_id: str) -> str | None:
    """Give the policy's document as JSON, "" where there is none, None with a finding where it is no policy."""
    given = document[POLICY]
    if not given.present or given.value in (None, "", {}):
        return ""
    text = given.value if isinstance(given.value, str) else msgspec.json.encode(given.value).decode()
    try:
        policy = read_resource_policy(text)
    except PolicyError as error:
        given.error("bad-policy", f"{_REFUSED} ({error})")
        return None
    for problem in policy.problems:
        said = f"{problem}; its statement allows nothing, and denies whatever the condition"
        given.warning("unknown-condition", said)
    _report_foreign(given, text, api_id)
    return text


def _report_foreign(given: Cursor, text: str, api_id: str) -> None:
    """Report resources of another API, such as the one that a document was exported from: they say nothing of this."""
    stated = msgspec.json.decode(text)["Statement"]
    for statement in stated if isinstance(stated, list) else [stated]:
        named = statement.get("Resource", statement.get("NotResource"))
        for resource in named if isinstance(named, list) else [named]:
            parts = resource.split(":", _ARN_PARTS - 1)
            if len(parts) < _ARN_PARTS or "${" in resource:
                continue
            if not compile_wildcard(parts[-1].partition("/")[0])(api_id):
                said = f"{resource} is of another API than this, {api_id}; write {SERVICE}:/STAGE/METHOD/PATH"
                given.warning("foreign-resource", said)
