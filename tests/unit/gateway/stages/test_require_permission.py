"""RequirePermission behind an authorizer, and CheckResourcePolicy before it.

The table is table A of API Gateway, "How API Gateway resource policies affect authorization workflow".
"""

import json
from typing import Any

import pytest

from inferway.caller import Authorized
from inferway.definition.policy_steps import CheckResourcePolicy
from inferway.definition.steps import RequirePermission
from inferway.dialects.apigateway.faults import message_of
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind

Bench = Any

ACTION = "execute-api:Invoke"
RESOURCE = "arn:aws:execute-api:{region}:{account}:abc/{stage}/{method}/{path}"
WORDS = "User is not authorized to access this resource"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, *, resource: str = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": ACTION, "Resource": resource, **elements}


OWN = {"allow": (statement("Allow"),), "neither": (), "deny": (statement("Allow"), statement("Deny"))}
SAYS = {name: document(*(made | {"Principal": "*"} for made in given)) for name, given in OWN.items()}


def called(bench: Bench, policies: tuple[str, ...] | None) -> Exchange:
    exchange: Exchange = bench.exchange()
    exchange.authorizer = Authorized(principal="ada", policies=policies)
    return exchange


@pytest.mark.parametrize(
    ("own", "says", "refused"),
    [
        ("allow", "allow", None),
        ("allow", "neither", None),
        ("neither", "allow", None),
        ("neither", "neither", f"{WORDS} because no identity-based policy allows the execute-api:Invoke action"),
        ("deny", "allow", f"{WORDS} with an explicit deny in an identity-based policy"),
        ("deny", "neither", f"{WORDS} with an explicit deny in an identity-based policy"),
    ],
)
def test_what_an_authorizer_returned_counts_with_the_resource_s_policy(
    bench: Bench, own: str, says: str, refused: str | None
) -> None:
    step = RequirePermission(action=ACTION, resource=RESOURCE, policy=SAYS[says])
    outcome = bench.run(step, called(bench, (document(*OWN[own]),)))
    if refused is None:
        assert outcome is None
        return
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.AUTHORIZER_DENIED
    assert message_of(outcome) == refused


@pytest.mark.parametrize("own", ["allow", "neither", "deny"])
def test_a_resource_s_denial_is_told_of_as_its_own(bench: Bench, own: str) -> None:
    step = RequirePermission(action=ACTION, resource=RESOURCE, policy=SAYS["deny"])
    outcome = bench.run(step, called(bench, (document(*OWN[own]),)))
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.PERMISSION_DENIED
    assert str(message_of(outcome)).endswith(" with an explicit deny in a resource-based policy")


@pytest.mark.parametrize(("policies", "passes"), [(None, True), ((), False)])
def test_without_policies_being_authorized_is_enough(bench: Bench, policies: Any, passes: bool) -> None:
    outcome = bench.run(RequirePermission(action=ACTION, resource=RESOURCE), called(bench, policies))
    assert (outcome is None) is passes


@pytest.mark.parametrize(
    ("resource", "passes"),
    [
        ("arn:aws:execute-api:us-east-1:000000000000:abc/ml/POST/x", True),
        ("arn:aws:execute-api:*:*:abc/*/POST/*", True),
        ("arn:aws:execute-api:us-east-1:000000000000:abc/ml/GET/x", False),
        ("arn:aws:execute-api:us-east-1:000000000000:other/ml/POST/x", False),
    ],
)
def test_the_policy_is_asked_about_the_method_s_arn(bench: Bench, resource: str, passes: bool) -> None:
    policies = (document(statement("Allow", resource=resource)),)
    outcome = bench.run(RequirePermission(action=ACTION, resource=RESOURCE), called(bench, policies))
    assert (outcome is None) is passes


@pytest.mark.parametrize("address", ["192.0.2.1", "192.0.2.2"])
def test_the_policy_s_conditions_see_the_request(bench: Bench, address: str) -> None:
    only = statement("Allow", Condition={"IpAddress": {"aws:SourceIp": address}})
    outcome = bench.run(RequirePermission(action=ACTION, resource=RESOURCE), called(bench, (document(only),)))
    assert (outcome is None) is (address == "192.0.2.1")


@pytest.mark.parametrize("text", ["{}", "[]", '{"Statement":[{"Effect":"Maybe"}]}'])
def test_what_is_no_policy_is_the_authorizer_s_fault(bench: Bench, text: str) -> None:
    outcome = bench.run(RequirePermission(action=ACTION, resource=RESOURCE), called(bench, (text,)))
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.AUTHORIZER_MISCONFIGURED


def test_nobody_may_anything(bench: Bench) -> None:
    step = RequirePermission(action=ACTION, resource=RESOURCE, policy=SAYS["allow"])
    outcome = bench.run(step, bench.exchange())
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("says", "only_denials", "passes"),
    [
        ("allow", False, True),
        ("neither", False, False),
        ("deny", False, False),
        ("allow", True, True),
        ("neither", True, True),
        ("deny", True, False),
    ],
)
def test_a_policy_is_asked_before_an_authorizer_for_denials_only(
    bench: Bench, says: str, only_denials: bool, passes: bool
) -> None:
    step = CheckResourcePolicy(action=ACTION, resource=RESOURCE, policy=SAYS[says], only_denials=only_denials)
    outcome = bench.run(step, bench.exchange())
    assert (outcome is None) is passes
    assert outcome is None or outcome.kind is FaultKind.PERMISSION_DENIED
