"""Resource policies, alone and beside IAM: "How API Gateway resource policies affect authorization workflow".

The words of refusals are those that the service gives since late 2025 (public reports; IAM User Guide, "Troubleshoot
access denied error messages").
"""

import json
import time
from importlib import import_module
from typing import Any

import pytest
from joserfc import jwk, jwt

from inferway.definition.identity import Identity
from inferway.definition.issuer import Issuer
from inferway.definition.stage import StageSettings

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

ACCESS_KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HERE, ELSEWHERE = "000000000000", "111122223333"
CLIENT = "192.0.2.7"
INVOKE = "execute-api:Invoke"
ASKED = ("GET", "/items/7")


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    own = {"Effect": effect, "Action": INVOKE, "Resource": "execute-api:/*"}
    return {**own, **({} if "NotPrincipal" in elements else {"Principal": "*"}), **elements}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def document(lab: Any, given: Any, *, iam: bool = False) -> Any:
    method = lab.rendering("welcome $context.apiId")
    if iam:
        method["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    return lab.document({"/items/{id}": {"get": method, "post": method}}, **{"x-amazon-apigateway-policy": given})


def identity(*statements: dict[str, Any], account: str = HERE, arn: str = "") -> Identity:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return Identity(
        name="ada",
        access_key=ACCESS_KEY,
        secret=SECRET,
        arn=arn or f"arn:aws:iam::{account}:user/ada",
        policies=(text,) if statements else (),
    )


def signed() -> tuple[Any, ...]:
    asked = AWSRequest("GET", "http://lab.example/lab/prod/items/7")
    AUTH.SigV4Auth(BotoCredentials(ACCESS_KEY, SECRET), "execute-api", "us-east-1").add_auth(asked)
    return "GET", "/items/7", dict(asked.headers.items())


SAYS: dict[str, tuple[dict[str, Any], ...]] = {
    "allow": (statement(),),
    "neither": (statement(Resource="execute-api:/other/*"),),
    "deny": (statement(), statement("Deny")),
}
"""What a resource's policy says of the call."""

OWN: dict[str, tuple[dict[str, Any], ...]] = {
    "allow": ({"Effect": "Allow", "Action": INVOKE, "Resource": "*"},),
    "neither": (),
    "deny": ({"Effect": "Deny", "Action": INVOKE, "Resource": "*"},),
}
"""What the caller's own says."""

ALLOWED = ""
IMPLICIT, EXPLICIT = (
    "because no {}-based policy allows the execute-api:Invoke action",
    "with an explicit deny in {} policy",
)


@pytest.mark.parametrize(
    ("says", "ending"),
    [
        ("allow", ALLOWED),
        ("neither", "because no resource-based policy allows the execute-api:Invoke action"),
        ("deny", "with an explicit deny in a resource-based policy"),
    ],
)
def test_a_policy_alone_needs_an_allow(lab: Any, says: str, ending: str) -> None:
    answer = lab.play(document(lab, policy(*SAYS[says])), ASKED).answer
    if ending == ALLOWED:
        assert (answer.status, answer.text[:7]) == (200, "welcome")
        return
    assert (answer.status, answer.error) == (403, "AccessDeniedException")
    api_id = lab.play(document(lab, policy(statement())), ASKED).answer.text.removeprefix("welcome ")
    resource = f"arn:aws:execute-api:us-east-1:********0000:{api_id}/prod/GET/items/7"
    said = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {resource} {ending}"
    assert answer.text == f'{{"Message":"{said}"}}'


def test_an_api_without_a_policy_is_open(lab: Any) -> None:
    nothings: tuple[Any, ...] = ({}, "", None)
    for nothing in nothings:
        assert lab.play(document(lab, nothing), ASKED).answer.status == 200


OF_IDENTITY, OF_RESOURCE = "an identity-based", "a resource-based"
SAME_ACCOUNT = [
    ("allow", "allow", ALLOWED),
    ("allow", "neither", ALLOWED),
    ("allow", "deny", EXPLICIT.format(OF_RESOURCE)),
    ("neither", "allow", ALLOWED),
    ("neither", "neither", IMPLICIT.format("identity")),
    ("neither", "deny", EXPLICIT.format(OF_RESOURCE)),
    ("deny", "allow", EXPLICIT.format(OF_IDENTITY)),
    ("deny", "neither", EXPLICIT.format(OF_IDENTITY)),
    ("deny", "deny", EXPLICIT.format(OF_IDENTITY)),
]
"""Table A, row by row."""

CROSS_ACCOUNT = [
    ("allow", "allow", ALLOWED),
    ("allow", "neither", IMPLICIT.format("resource")),
    ("allow", "deny", EXPLICIT.format(OF_RESOURCE)),
    ("neither", "allow", IMPLICIT.format("identity")),
    ("neither", "neither", IMPLICIT.format("identity")),
    ("neither", "deny", EXPLICIT.format(OF_RESOURCE)),
    ("deny", "allow", EXPLICIT.format(OF_IDENTITY)),
    ("deny", "neither", EXPLICIT.format(OF_IDENTITY)),
    ("deny", "deny", EXPLICIT.format(OF_IDENTITY)),
]
"""Table B, row by row."""


@pytest.mark.parametrize(("own", "says", "ending"), SAME_ACCOUNT)
def test_a_caller_of_the_same_account_needs_one_allow(lab: Any, own: str, says: str, ending: str) -> None:
    check(lab, policy(*SAYS[says]), identity(*OWN[own]), ending)


@pytest.mark.parametrize(("own", "says", "ending"), CROSS_ACCOUNT)
def test_a_caller_of_another_account_needs_both(lab: Any, own: str, says: str, ending: str) -> None:
    check(lab, policy(*SAYS[says]), identity(*OWN[own], account=ELSEWHERE), ending)


def test_a_caller_of_another_account_needs_a_resource_policy(lab: Any) -> None:
    check(lab, {}, identity(*OWN["allow"], account=ELSEWHERE), IMPLICIT.format("resource"))


def check(lab: Any, given: Any, who: Identity, ending: str) -> None:
    answer = lab.play(document(lab, given, iam=True), signed(), identities=(who,)).answer
    if ending == ALLOWED:
        assert (answer.status, answer.text[:7]) == (200, "welcome")
        return
    assert (answer.status, answer.error) == (403, "AccessDeniedException")
    message = answer.json["Message"]
    assert message.startswith(f"User: {who.arn} is not authorized to perform: execute-api:Invoke on resource: arn:aws:")
    assert message.endswith(f"/prod/GET/items/7 {ending}")


@pytest.mark.parametrize("iam", [False, True])
def test_a_principal_that_is_named_closes_methods_that_ask_for_no_signature(lab: Any, iam: bool) -> None:
    given = policy(statement(Principal={"AWS": f"arn:aws:iam::{HERE}:user/ada"}))
    asked = signed() if iam else ASKED
    answer = lab.play(document(lab, given, iam=iam), asked, identities=(identity(),)).answer
    assert answer.status == (200 if iam else 403)


@pytest.mark.parametrize(
    ("elements", "arn", "status"),
    [
        ({"Principal": "*"}, "", 200),
        ({"Principal": {"AWS": "*"}}, "", 200),
        ({"Principal": {"AWS": [f"arn:aws:iam::{HERE}:user/eve", f"arn:aws:iam::{HERE}:user/ada"]}}, "", 200),
        ({"Principal": {"AWS": f"arn:aws:iam::{HERE}:user/eve"}}, "", 403),
        # what is granted to an account, its own policies have to grant to the caller
        ({"Principal": {"AWS": HERE}}, "", 403),
        ({"Principal": {"AWS": f"arn:aws:iam::{HERE}:root"}}, "", 403),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, "", 403),
        ({"Principal": {"AWS": f"arn:aws:iam::{HERE}:role/team/reader"}}, "sts::{}:assumed-role/reader/s1", 200),
        ({"Principal": {"AWS": f"arn:aws:sts::{HERE}:assumed-role/reader/s1"}}, "sts::{}:assumed-role/reader/s1", 200),
        ({"Principal": {"AWS": f"arn:aws:sts::{HERE}:assumed-role/reader/s2"}}, "sts::{}:assumed-role/reader/s1", 403),
        ({"NotPrincipal": {"AWS": f"arn:aws:iam::{HERE}:user/eve"}}, "", 200),
        ({"NotPrincipal": {"AWS": f"arn:aws:iam::{HERE}:user/ada"}}, "", 403),
    ],
)
def test_principals_are_accounts_users_roles_and_sessions(
    lab: Any, elements: dict[str, Any], arn: str, status: int
) -> None:
    who = identity(arn=f"arn:aws:{arn.format(HERE)}" if arn else "")
    played = lab.play(document(lab, policy(statement(**elements)), iam=True), signed(), identities=(who,))
    assert played.answer.status == status


@pytest.mark.parametrize("name", [ELSEWHERE, f"arn:aws:iam::{ELSEWHERE}:root"])
def test_an_account_may_be_granted_what_its_own_policies_grant_on(lab: Any, name: str) -> None:
    given = policy(statement(Principal={"AWS": name}))
    check(lab, given, identity(*OWN["allow"], account=ELSEWHERE), ALLOWED)
    check(lab, given, identity(account=ELSEWHERE), IMPLICIT.format("identity"))


@pytest.mark.parametrize(
    ("resource", "statuses"),
    [
        ("execute-api:/*", [200, 200]),
        ("execute-api:/prod/*", [200, 200]),
        ("execute-api:/prod/GET/items/7", [200, 403]),
        ("execute-api:/*/POST/*", [403, 200]),
        ("execute-api:/test/*", [403, 403]),
        ("arn:aws:execute-api:us-east-1:000000000000:*/prod/GET/*", [200, 403]),
        ("arn:aws:execute-api:eu-west-1:000000000000:*/prod/GET/*", [403, 403]),
        ("*", [200, 200]),
    ],
)
def test_short_resources_are_written_out(lab: Any, resource: str, statuses: list[int]) -> None:
    given = policy(statement(Resource=[resource]))
    played = lab.play(document(lab, given), ASKED, ("POST", "/items/7"))
    assert [answer.status for answer in played.answers] == statuses


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"IpAddress": {"aws:SourceIp": ["198.51.100.0/24", f"{CLIENT}/32"]}}, 200),
        ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, 403),
        ({"NotIpAddress": {"aws:SourceIp": CLIENT}}, 403),
        ({"StringLike": {"aws:UserAgent": "curl/*"}}, 200),
        ({"StringLike": {"aws:Referer": "*"}}, 403),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, 200),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, 403),
        ({"Bool": {"aws:SecureTransport": "false"}}, 200),
        # these exist for private APIs only, and these for signed calls
        ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, 403),
        ({"StringEquals": {"aws:SourceVpc": "vpc-2f09a348"}}, 403),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, 200),
        ({"Null": {"aws:PrincipalArn": "true"}}, 200),
        ({"StringEqualsIfExists": {"aws:username": "ada"}}, 200),
    ],
)
def test_conditions_see_the_request(lab: Any, condition: dict[str, Any], status: int) -> None:
    given = policy(statement(Condition=condition))
    assert lab.play(document(lab, given), (*ASKED, {"User-Agent": "curl/8.5"})).answer.status == status


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, 200),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, 403),
        ({"StringEquals": {"aws:SourceVpc": "vpc-2f09a348"}}, 200),
        ({"StringEquals": {"aws:SourceVpc": "vpc-other"}}, 403),
        ({"IpAddress": {"aws:VpcSourceIp": CLIENT}}, 200),
        ({"IpAddress": {"aws:SourceIp": CLIENT}}, 403),
    ],
)
def test_a_stage_may_be_called_through_an_endpoint(lab: Any, condition: dict[str, Any], status: int) -> None:
    stage = StageSettings(name="prod", vpc="vpc-2f09a348", vpc_endpoint="vpce-1a2b3c4d")
    given = policy(statement(Condition=condition))
    assert lab.play(document(lab, given), ASKED, stage=stage).answer.status == status


def test_the_policy_goes_before_keys_and_validation(lab: Any) -> None:
    made = document(lab, policy(statement("Deny")))
    method = made["paths"]["/items/{id}"]["get"]
    method["security"] = [{"key": []}]
    scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    made["components"] = {"securitySchemes": {"key": scheme}}
    assert lab.play(made, ASKED).answer.error == "AccessDeniedException"


def test_a_method_that_is_not_there_is_not_told_of_the_policy(lab: Any) -> None:
    played = lab.play(document(lab, policy(statement("Deny"))), ("GET", "/nothing"))
    assert played.answer.error == "MissingAuthenticationTokenException"


def test_the_refusal_can_be_customised(lab: Any) -> None:
    made = document(lab, policy(statement("Deny")))
    template = {"application/json": '{"kind":"$context.error.responseType","said":$context.error.messageString}'}
    made["x-amazon-apigateway-gateway-responses"] = {
        "ACCESS_DENIED": {"statusCode": 404, "responseTemplates": template}
    }
    answer = lab.play(made, ASKED).answer
    assert (answer.status, answer.json["kind"]) == (404, "ACCESS_DENIED")
    assert answer.json["said"].endswith(" with an explicit deny in a resource-based policy")


LAMBDA = [
    ("allow", "allow", ALLOWED),
    ("allow", "neither", ALLOWED),
    ("neither", "allow", ALLOWED),
    ("neither", "neither", IMPLICIT.format("identity")),
    ("deny", "allow", EXPLICIT.format(OF_IDENTITY)),
    ("deny", "neither", EXPLICIT.format(OF_IDENTITY)),
    *((own, "deny", EXPLICIT.format(OF_RESOURCE)) for own in ("allow", "neither", "deny")),
]
"""Table A for an authorizer; where the resource's policy denies, the authorizer is not called."""


@pytest.mark.parametrize(("own", "says", "ending"), LAMBDA)
def test_an_authorizer_s_policy_counts_with_the_resource_s(
    lab: Any, guard: Any, own: str, says: str, ending: str
) -> None:
    stated = OWN[own] or ({"Effect": "Allow", "Action": INVOKE, "Resource": "arn:aws:execute-api:*:*:*/other/*"},)
    made = guard.api(top={"x-amazon-apigateway-policy": policy(*POLICY_OF_T[says])})
    played = lab.play(made, ("GET", "/t", {"Authorization": "token"}), replies=(guard.result(*stated),))
    answer = played.answer
    assert bool(played.calls) == (says != "deny")
    if ending == ALLOWED:
        assert (answer.status, answer.text) == (200, "in")
        return
    assert (answer.status, answer.error) == (403, "AccessDeniedException")
    start = "User: anonymous is not" if says == "deny" else "User is not authorized to access this resource"
    assert answer.json["Message"].startswith(start)
    assert answer.json["Message"].endswith(f" {ending}")


POLICY_OF_T = {**SAYS, "neither": (statement(Resource="execute-api:/*/*/other"),)}


@pytest.mark.parametrize(
    ("says", "ending"),
    [
        ("allow", ALLOWED),
        ("neither", IMPLICIT.format("resource")),
        ("deny", EXPLICIT.format(OF_RESOURCE)),
    ],
)
def test_a_user_pool_s_caller_needs_an_allow_besides(lab: Any, says: str, ending: str) -> None:
    """The table of Cognito: the token first, then the policy by itself, of which an allow is required."""
    issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"
    key = jwk.RSAKey.generate_key(2048, {"kid": "pool", "use": "sig"})
    claims = {"iss": issuer, "sub": "ada", "aud": "app", "token_use": "id", "exp": int(time.time()) + 60}
    token = jwt.encode({"alg": "RS256", "kid": "pool"}, claims, key, algorithms=["RS256"])
    own = {
        "type": "cognito_user_pools",
        "providerARNs": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_pool"],
    }
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authorizer": own}
    made = document(lab, policy(*SAYS[says]))
    made["paths"]["/items/{id}"]["get"]["security"] = [{"pool": []}]
    made["components"] = {"securitySchemes": {"pool": scheme}}
    trusted = Issuer(name=issuer, keys=json.dumps({"keys": [key.as_dict(private=False)]}))
    played = lab.play(made, (*ASKED, {"Authorization": token}), ASKED, issuers=(trusted,))
    let_in, without = played.answers
    assert (without.status, without.error) == (401, "UnauthorizedException")
    assert let_in.status == (200 if ending == ALLOWED else 403)
    assert ending == ALLOWED or let_in.json["Message"].endswith(f" {ending}")


@pytest.mark.parametrize("method", ["get", "Get", "TRACE", "CONNECT", "QUERY", "PROPFIND", "GETX"])
def test_no_other_method_evades_what_a_policy_says_of_one(lab: Any, method: str) -> None:
    """Documented: ANY is DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT; anything else is no method of the API."""
    given = policy(statement(), statement("Deny", Resource="execute-api:/*/GET/*"))
    proxied = lab.operation(lab.proxy("/behind"))
    paths = {"/{proxy+}": {"x-amazon-apigateway-any-method": proxied}}
    asked = [("GET", "/a"), ("POST", "/a"), (method, "/a")]
    played = lab.play(lab.document(paths, **{"x-amazon-apigateway-policy": given}), *asked)
    assert [answer.status for answer in played.answers] == [403, 200, 403]
    assert played.answer.text == '{"message":"Missing Authentication Token"}'
    assert [call.method for call in played.calls] == ["POST"]


@pytest.mark.parametrize("name", ["types", "Types"])
def test_a_private_api_without_a_policy_lets_nobody_in(lab: Any, name: str) -> None:
    """Recorded: "Private REST API doesn't have a resource policy attached to it" (terraform-provider-aws issue 14290).

    The service refuses to deploy such an API; the caller's answer is that of a policy that allows nobody.
    """
    made = document(lab, {})
    made["x-amazon-apigateway-endpoint-configuration"] = {name: ["PRIVATE"]}
    played = lab.play(made, ASKED)
    assert (played.answer.status, played.answer.error) == (403, "AccessDeniedException")
    assert played.answer.json["Message"].startswith("User: anonymous is not authorized to perform: execute-api:Invoke")
    assert any("Private REST API doesn't have a resource policy" in text for text in played.findings)
    made["x-amazon-apigateway-policy"] = policy(statement())
    assert lab.play(made, ASKED).answer.status == 200
    made["x-amazon-apigateway-policy"] = {}
    made["x-amazon-apigateway-endpoint-configuration"] = {name: ["REGIONAL"]}
    assert lab.play(made, ASKED).answer.status == 200
