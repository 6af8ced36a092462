"""Policies: what is one, and what several decide."""

import json
from typing import Any

import pytest

from inferway.credentials.managed_policies import MANAGED_POLICIES, PREFIX
from inferway.credentials.policies import Decision, PolicyError, decide, read_policy

ACTION = "execute-api:Invoke"
RESOURCE = "arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/users/ada"
MINE = "arn:aws:execute-api:*:*:*/prod/GET/users/${aws:username}"
ALLOW, IMPLICIT, EXPLICIT = Decision.ALLOW, Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    own: dict[str, Any] = {"Effect": effect}
    own |= {} if "NotAction" in elements else {"Action": ACTION}
    own |= {} if "NotResource" in elements else {"Resource": "*"}
    return {**own, **elements}


def asked(*statements: dict[str, Any], version: str = "2012-10-17", **context: str) -> Decision:
    policy = read_policy(json.dumps({"Version": version, "Statement": list(statements)}))
    given = {f"aws:{name}": (value,) for name, value in context.items()}
    return decide((policy,), ACTION, RESOURCE, given)


def test_without_a_policy_all_is_denied() -> None:
    assert decide((), ACTION, RESOURCE, {}) is IMPLICIT


def test_a_deny_outweighs_every_allow_in_any_order() -> None:
    assert asked(statement()) is ALLOW
    assert asked(statement("Deny"), statement()) is EXPLICIT
    assert asked(statement(), statement("Deny")) is EXPLICIT
    assert asked(statement("Deny")) is EXPLICIT


def test_policies_count_together() -> None:
    allow, deny = (read_policy(json.dumps({"Statement": statement(effect)})) for effect in ("Allow", "Deny"))
    assert decide((allow, allow), ACTION, RESOURCE, {}) is ALLOW
    assert decide((allow, deny), ACTION, RESOURCE, {}) is EXPLICIT


@pytest.mark.parametrize(
    ("elements", "decision"),
    [
        ({"Action": "*"}, ALLOW),
        ({"Action": "execute-api:*"}, ALLOW),
        ({"Action": "EXECUTE-API:invoke"}, ALLOW),
        ({"Action": ["s3:*", "execute-api:Inv?ke"]}, ALLOW),
        ({"Action": "execute-api:Manage*"}, IMPLICIT),
        ({"NotAction": "s3:*"}, ALLOW),
        ({"NotAction": "execute-api:*"}, IMPLICIT),
        ({"Resource": RESOURCE}, ALLOW),
        ({"Resource": "arn:aws:execute-api:*:*:*/prod/GET/users/*"}, ALLOW),
        ({"Resource": RESOURCE.replace("GET", "get")}, IMPLICIT),
        ({"Resource": "arn:aws:execute-api:*:*:*/test/*"}, IMPLICIT),
        ({"NotResource": "arn:aws:execute-api:*:*:*/test/*"}, ALLOW),
        ({"NotResource": "*"}, IMPLICIT),
    ],
)
def test_actions_and_resources(elements: dict[str, Any], decision: Decision) -> None:
    assert asked(statement(**elements)) is decision


def test_all_conditions_must_hold() -> None:
    condition = {"StringEquals": {"aws:username": ["ada", "eve"]}, "Bool": {"AWS:SecureTransport": True}}
    allow = statement(Condition=condition)
    assert asked(allow, username="ada", securetransport="true") is ALLOW
    assert asked(allow, username="ada", securetransport="false") is IMPLICIT
    assert asked(allow, username="bob", securetransport="true") is IMPLICIT
    assert asked(allow) is IMPLICIT


def test_an_operator_that_is_not_known_fails_closed() -> None:
    condition = {"StringAlmost": {"aws:username": "ada"}}
    policy = read_policy(json.dumps({"Statement": statement(Condition=condition)}))
    assert policy.problems == ("the condition operator 'StringAlmost' is not known",)
    assert asked(statement(Condition=condition), username="ada") is IMPLICIT
    assert asked(statement(), statement("Deny", Condition=condition), username="bob") is EXPLICIT
    never = {**condition, "StringEquals": {"aws:username": "bob"}}
    assert asked(statement(), statement("Deny", Condition=never), username="ada") is EXPLICIT


class TestVariables:
    """IAM User Guide, "IAM policy elements: Variables and tags"."""

    def test_a_variable_is_the_caller_s(self) -> None:
        assert asked(statement(Resource=MINE), username="ada") is ALLOW
        assert asked(statement(Resource=MINE), username="eve") is IMPLICIT

    def test_a_value_s_wildcards_match_themselves_only(self) -> None:
        assert asked(statement(Resource=MINE), username="*") is IMPLICIT
        assert asked(statement(Resource=MINE), username="ad?") is IMPLICIT
        condition = {"StringLike": {"aws:userid": "${aws:username}"}}
        assert asked(statement(Condition=condition), userid="ada", username="a*") is IMPLICIT
        assert asked(statement(Condition=condition), userid="a*", username="a*") is ALLOW

    def test_a_variable_without_a_value_matches_nothing(self) -> None:
        assert asked(statement(Resource=MINE)) is IMPLICIT
        assert asked(statement(), statement("Deny", Resource=MINE)) is ALLOW

    def test_a_default_stands_in(self) -> None:
        mine = MINE.replace("username", "PrincipalTag/team, 'ada'")
        assert asked(statement(Resource=mine)) is ALLOW
        assert asked(statement(Resource=mine), **{"principaltag/team": "eve"}) is IMPLICIT

    def test_special_characters(self) -> None:
        assert asked(statement(Resource="arn:*users/${*}da")) is IMPLICIT
        condition = {"StringEquals": {"aws:username": "${$}{x}${*}${?}"}}
        assert asked(statement(Condition=condition), username="${x}*?") is ALLOW

    def test_the_older_version_has_none(self) -> None:
        assert asked(statement(Resource=MINE), version="2008-10-17", username="ada") is IMPLICIT


def test_a_resource_with_a_variable_without_a_value_is_none_among_others() -> None:
    """ "Policy variables with no value": it will not match any resource, as NotResource either."""
    assert asked(statement(), statement("Deny", Resource=[MINE, RESOURCE])) is EXPLICIT
    assert asked(statement(), statement("Deny", NotResource=MINE)) is EXPLICIT
    assert asked(statement(), statement("Deny", NotResource=[MINE, RESOURCE])) is ALLOW


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringNotLike", "ArnNotLike"])
def test_inverted_operators_match_a_variable_without_a_value(operator: str) -> None:
    """As above: its example denies access where `aws:principaltag/Team` is not set."""
    deny = statement("Deny", Condition={operator: {"aws:userid": "${aws:PrincipalTag/Team}"}})
    assert asked(statement(), deny, userid="a:b:c:d:e:f") is EXPLICIT
    assert asked(statement(), deny, userid="a:b:c:d:e:f", **{"principaltag/team": "a:b:c:d:e:f"}) is ALLOW
    among = {operator: {"aws:userid": ["${aws:PrincipalTag/Team}", "a:b:c:d:e:f"]}}
    assert asked(statement(), statement("Deny", Condition=among), userid="a:b:c:d:e:f") is ALLOW


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike"])
def test_other_operators_do_not(operator: str) -> None:
    allow = statement(Condition={operator: {"aws:userid": "${aws:PrincipalTag/Team}"}})
    assert asked(allow, userid="ada") is IMPLICIT
    among = {operator: {"aws:userid": ["${aws:PrincipalTag/Team}", "ada"]}}
    assert asked(statement(Condition=among), userid="ada") is ALLOW


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '"' + "[" * 100_000,
        "[" * 100_000,
        {"Statement": [1]},
        {"Statement": statement(), "Extra": 1},
        {"Version": "2020-01-01", "Statement": statement()},
        {"Statement": {"Effect": "Allow", "Action": "*"}},
        {"Statement": {"Effect": "Allow", "Resource": "*"}},
        {"Statement": statement(NotAction="*") | {"Action": "*"}},
        {"Statement": statement("allow")},
        {"Statement": statement(Principal="*")},
        {"Statement": statement(Action=[])},
        {"Statement": statement(Action=1)},
        {"Statement": statement(Action="Invoke")},
        {"Statement": statement(Condition=[])},
        {"Statement": statement(Condition={"StringEquals": "a"})},
        {"Statement": statement(Condition={"StringEquals": {"a": [{}]}})},
    ],
)
def test_what_iam_would_not_take(document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(PolicyError):
        read_policy(text)


def test_managed_policies_are_policies() -> None:
    for name, text in MANAGED_POLICIES.items():
        assert name.startswith(PREFIX)
        assert not read_policy(text).problems
    invoke = read_policy(MANAGED_POLICIES[f"{PREFIX}AmazonAPIGatewayInvokeFullAccess"])
    assert decide((invoke,), ACTION, RESOURCE, {}) is ALLOW
    assert decide((invoke,), "appsync:GraphQL", "arn:aws:appsync:us-east-1:1:apis/x", {}) is IMPLICIT
