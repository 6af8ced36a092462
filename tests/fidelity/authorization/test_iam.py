"""AWS_IAM authorization: signatures, permissions, and the service's words for what is refused.

Requests are signed by botocore, as the service's own clients sign them.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest

from inferway.definition.identity import Identity
from inferway.definition.stage import CacheSettings, RouteSettings, StageSettings, UnauthorizedInvalidation

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

ACCESS_KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ARN = "arn:aws:iam::000000000000:user/ada"
INVOKE = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
UNSIGNED = ("GET", "/items/7")


def identity(*statements: dict[str, Any], **fields: Any) -> Identity:
    policies = (json.dumps({"Version": "2012-10-17", "Statement": list(statements)}),) if statements else ()
    return Identity(
        **{"name": "ada", "access_key": ACCESS_KEY, "secret": SECRET, "arn": ARN, "policies": policies, **fields}
    )


def api(lab: Any, template: str = "", **operation: Any) -> dict[str, Any]:
    """An API with one method that asks for a signature; its response is a template."""
    method = {**lab.rendering(template), "x-amazon-apigateway-auth": {"type": "AWS_IAM"}, **operation}
    document: dict[str, Any] = lab.document({"/items/{id}": {"get": method, "post": method}})
    return document


def signed(
    target: str = "/items/7",
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    **settings: Any,
) -> tuple[Any, ...]:
    asked = AWSRequest(method, f"http://lab.example/lab/prod{target}", headers=dict(headers or {}), data=body)
    given = {"secret": SECRET, "token": None, "service": "execute-api", "region": "us-east-1", **settings}
    credentials = BotoCredentials(ACCESS_KEY, given["secret"], given["token"])
    AUTH.SigV4Auth(credentials, given["service"], given["region"]).add_auth(asked)
    return method, target, dict(asked.headers.items()), body


def test_a_signed_call_of_an_identity_that_may_goes_through(lab: Any) -> None:
    answer = lab.play(api(lab, "welcome"), signed(), identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.text) == (200, "welcome")


def test_a_security_scheme_asks_for_a_signature(lab: Any) -> None:
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}
    method = {**lab.rendering("welcome"), "security": [{"sigv4": []}]}
    document = lab.document({"/items/{id}": {"get": method}}, components={"securitySchemes": {"sigv4": scheme}})
    played = lab.play(document, UNSIGNED, signed(), identities=(identity(INVOKE),))
    assert [answer.status for answer in played.answers] == [403, 200]


def test_a_presigned_query_is_a_signature(lab: Any) -> None:
    asked = AWSRequest("GET", "http://lab.example/lab/prod/items/7?a=1")
    AUTH.SigV4QueryAuth(BotoCredentials(ACCESS_KEY, SECRET), "execute-api", "us-east-1", expires=60).add_auth(asked)
    target = asked.url.removeprefix("http://lab.example/lab/prod")
    assert lab.play(api(lab, "welcome"), ("GET", target), identities=(identity(INVOKE),)).answer.text == "welcome"


def test_an_unsigned_call_misses_an_authentication_token(lab: Any) -> None:
    answer = lab.play(api(lab), UNSIGNED, identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.error) == (403, "MissingAuthenticationTokenException")
    assert answer.text == '{"message":"Missing Authentication Token"}'


def test_a_wrong_signature_is_told_what_should_have_been_signed(lab: Any) -> None:
    answer = lab.play(api(lab), signed("/items/7?b=2&a=1", secret="another"), identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    message = answer.json["message"]
    assert message.startswith(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this "
        "request should have been\n'GET\n/lab/prod/items/7\na=1&b=2\nhost:lab.example\nx-amz-date:"
    )
    empty = hashlib.sha256(b"").hexdigest()
    assert f"\n\nhost;x-amz-date\n{empty}'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n" in message
    assert message.endswith("'\n")


@pytest.mark.parametrize("header", ["Bearer abc.def", "AWS4-HMAC-SHA256 Credential= AKID/x", "a b c"])
def test_a_header_that_is_no_list_of_pairs_is_incomplete(lab: Any, header: str) -> None:
    answer = lab.play(api(lab), (*UNSIGNED, {"Authorization": header}), identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.error) == (403, "IncompleteSignatureException")
    digest = base64.b64encode(hashlib.sha256(header.encode()).digest()).decode()
    assert answer.json["message"] == (
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
        f"Base64): '{digest}'."
    )


def test_a_header_without_its_parts_names_them(lab: Any) -> None:
    answer = lab.play(api(lab), (*UNSIGNED, {"Authorization": "eyJ0"}), identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.error) == (403, "IncompleteSignatureException")
    digest = base64.b64encode(hashlib.sha256(b"eyJ0").digest()).decode()
    assert answer.json["message"] == (
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a "
        f"'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization={digest}"
    )


def test_an_unknown_access_key_or_token_is_invalid(lab: Any) -> None:
    asked = [signed(), signed(token="another")]
    played = lab.play(api(lab), asked[0], identities=(identity(INVOKE, access_key="AKIDOTHER"),))
    again = lab.play(api(lab), asked[1], identities=(identity(INVOKE, session_token="token"),))
    for answer in (played.answer, again.answer):
        assert (answer.status, answer.error) == (403, "UnrecognizedClientException")
        assert answer.text == '{"message":"The security token included in the request is invalid."}'


def test_a_session_token_goes_with_temporary_credentials(lab: Any) -> None:
    temporary = identity(INVOKE, session_token="a+token/==")
    assert lab.play(api(lab, "welcome"), signed(token="a+token/=="), identities=(temporary,)).answer.text == "welcome"


@pytest.mark.parametrize(("late", "said"), [(600, "Signature expired: "), (-600, "Signature not yet current: ")])
def test_a_signature_holds_for_five_minutes(lab: Any, monkeypatch: pytest.MonkeyPatch, late: int, said: str) -> None:
    moment = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(seconds=late)
    monkeypatch.setattr(AUTH, "get_current_datetime", lambda **_: moment)
    answer = lab.play(api(lab), signed(), identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")
    assert answer.json["message"].startswith(f"{said}{moment:%Y%m%dT%H%M%SZ} is ")
    assert answer.json["message"].endswith(f"{'-' if late > 0 else '+'} 5 min.)")


def test_a_signature_is_for_the_region_and_the_service(lab: Any) -> None:
    asked = [signed(region="ap-northeast-1"), signed(service="apigateway")]
    answers = lab.play(api(lab), *asked, identities=(identity(INVOKE),)).answers
    assert [answer.error for answer in answers] == ["InvalidSignatureException"] * 2
    assert [answer.json["message"] for answer in answers] == [
        "Credential should be scoped to a valid region, not 'ap-northeast-1'. ",
        "Credential should be scoped to correct service: 'execute-api'. ",
    ]


@pytest.mark.parametrize(
    ("statements", "ending"),
    [
        ((), "because no identity-based policy allows the execute-api:Invoke action"),
        (({**INVOKE, "Effect": "Deny"}, INVOKE), "with an explicit deny in an identity-based policy"),
    ],
)
def test_an_identity_that_may_not_is_told_so(lab: Any, statements: tuple[dict[str, Any], ...], ending: str) -> None:
    document = api(lab, "$context.apiId")
    api_id = lab.play(document, signed(), identities=(identity(INVOKE),)).answer.text
    answer = lab.play(document, signed(), identities=(identity(*statements),)).answer
    assert (answer.status, answer.error) == (403, "AccessDeniedException")
    resource = f"arn:aws:execute-api:us-east-1:********0000:{api_id}/prod/GET/items/7"
    message = f"User: {ARN} is not authorized to perform: execute-api:Invoke on resource: {resource} {ending}"
    assert answer.text == f'{{"Message":"{message}"}}'


@pytest.mark.parametrize(
    ("resource", "target", "method", "status"),
    [
        ("*", "/items/7", "GET", 200),
        ("arn:aws:execute-api:us-east-1:000000000000:*/prod/GET/items/*", "/items/7", "GET", 200),
        ("arn:aws:execute-api:us-east-1:000000000000:*/prod/GET/items/*", "/items/7", "POST", 403),
        ("arn:aws:execute-api:us-east-1:000000000000:*/test/*", "/items/7", "GET", 403),
        ("arn:aws:execute-api:eu-west-1:*", "/items/7", "GET", 403),
        ("arn:aws:execute-api:*:*:*/prod/GET/items/${aws:username}", "/items/ada", "GET", 200),
        ("arn:aws:execute-api:*:*:*/prod/GET/items/${aws:username}", "/items/eve", "GET", 403),
        ("arn:aws:execute-api:*:*:*/prod/GET/items/seven", "/items/%73even", "GET", 200),
    ],
)
def test_a_policy_names_stage_method_and_path(lab: Any, resource: str, target: str, method: str, status: int) -> None:
    allow = {**INVOKE, "Resource": resource}
    assert lab.play(api(lab), signed(target, method), identities=(identity(allow),)).answer.status == status


def test_a_condition_sees_the_caller(lab: Any) -> None:
    for block, status in (("192.0.2.0/24", 200), ("203.0.113.0/24", 403)):
        allow = {
            **INVOKE,
            "Condition": {"IpAddress": {"aws:SourceIp": block}, "Bool": {"aws:SecureTransport": "false"}},
        }
        assert lab.play(api(lab), signed(), identities=(identity(allow),)).answer.status == status


def test_templates_see_the_signer(lab: Any) -> None:
    names = ("accessKey", "accountId", "userArn", "caller", "user")
    template = " ".join(f"$context.identity.{name}" for name in names)
    user = lab.play(api(lab, template), signed(), identities=(identity(INVOKE),)).answer.text.split(" ")
    assert user[:3] == [ACCESS_KEY, "000000000000", ARN]
    assert user[3] == user[4]
    assert user[3].startswith("AIDA")
    assert len(user[3]) == 21
    role = identity(INVOKE, arn="arn:aws:sts::000000000000:assumed-role/reader/ada")
    session = lab.play(api(lab, template), signed(), identities=(role,)).answer.text.split(" ")
    assert session[1] == "000000000000"
    assert session[3].startswith("AROA")
    assert session[3].endswith(":ada")


def test_a_caller_of_an_open_method_is_nobody(lab: Any) -> None:
    template = "[$!context.identity.userArn|$!context.identity.caller]"
    assert lab.render(template, *signed("/t")[:3]) == "[|]"


def test_the_signature_stays_with_the_gateway(lab: Any) -> None:
    method = {**lab.operation(lab.proxy("/x")), "x-amazon-apigateway-auth": {"type": "AWS_IAM"}}
    document = lab.document({"/items/{id}": {"get": method}})
    asked = signed(headers={"X-Own": "kept"})
    played = lab.play(document, asked, identities=(identity(INVOKE),))
    assert played.answer.status == 200
    assert "authorization" not in played.call.headers
    assert played.call.headers["x-own"] == "kept"
    assert lab.play(
        api(lab, "$input.params().header.get('Authorization')|$input.params('X-Own')"),
        asked,
        identities=(identity(INVOKE),),
    ).answer.text.endswith("|kept")
    shown = lab.play(api(lab, "$input.params('Authorization')"), asked, identities=(identity(INVOKE),)).answer.text
    assert "AWS4" not in shown


def test_the_signature_is_asked_for_before_the_key(lab: Any) -> None:
    schemes = {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
    document = api(lab, "welcome", security=[{"key": []}]) | {"components": {"securitySchemes": schemes}}
    played = lab.play(
        document,
        UNSIGNED,
        signed(),
        signed(headers={"x-api-key": "a-key-of-twenty-characters"}),
        keys={"web": "a-key-of-twenty-characters"},
        identities=(identity(INVOKE),),
    )
    assert [answer.error for answer in played.answers] == [
        "MissingAuthenticationTokenException",
        "ForbiddenException",
        "",
    ]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", "unsigned"),
        ("INVALID_SIGNATURE", "wrong"),
        ("ACCESS_DENIED", "denied"),
    ],
)
def test_the_refusals_can_be_customised(lab: Any, kind: str, asked: str) -> None:
    custom = {kind: {"statusCode": 418, "responseTemplates": {"application/json": "{$context.error.responseType}"}}}
    document = api(lab) | {"x-amazon-apigateway-gateway-responses": custom}
    requests = {"unsigned": UNSIGNED, "wrong": signed(secret="another"), "denied": signed()}
    answer = lab.play(document, requests[asked], identities=(identity(),)).answer
    assert (answer.status, answer.text) == (418, f"{{{kind}}}")


ATTACKS: tuple[dict[str, str], ...] = (
    {"X-Amz-Date": "20150830T123600Z"},
    {"X-Amz-Date": "x" * 5000},
    {"Authorization": "AWS4-HMAC-SHA256 " + "Credential=a/b/c/d/e," * 200},
    {"Authorization": "AWS4-HMAC-SHA256 Credential=" + "/" * 5000 + ", SignedHeaders=host, Signature=x"},
    {"Authorization": ""},
    {"Host": "other.example"},
)


@pytest.mark.parametrize("headers", ATTACKS)
def test_no_header_opens_a_method(lab: Any, headers: dict[str, str]) -> None:
    method, target, sent, body = signed()
    played = lab.play(api(lab), (method, target, {**sent, **headers}, body), identities=(identity(INVOKE),))
    assert played.answer.status == 403


@pytest.mark.parametrize(
    ("action", "status"), [("execute-api:InvalidateCache", 200), ("execute-api:*", 200), ("execute-api:Invoke", 403)]
)
def test_a_caller_whose_policies_allow_it_may_invalidate_the_cache(lab: Any, action: str, status: int) -> None:
    """Documented ("Invalidate an API Gateway cache entry"): execute-api:InvalidateCache on the method's ARN."""
    method = {**lab.operation(lab.http(method="GET")), "x-amazon-apigateway-auth": {"type": "AWS_IAM"}}
    document = lab.document({"/items/{id}": {"get": method}})
    may = {"Effect": "Allow", "Action": action, "Resource": "arn:aws:execute-api:*:*:*/prod/GET/items/*"}
    settings = CacheSettings(unauthorized=UnauthorizedInvalidation.FAIL_WITH_403)
    stage = StageSettings(name="prod", cache=True, routes={"*/*": RouteSettings(cache=settings)})
    fresh = signed(headers={"Cache-Control": "max-age=0"})
    played = lab.play(
        document,
        signed(),
        fresh,
        signed(),
        replies=tuple(lab.reply(200, {}, str(number).encode()) for number in range(3)),
        stage=stage,
        identities=(identity(INVOKE, may),),
    )
    assert [answer.status for answer in played.answers] == [200, status, 200]
    assert played.answer.text == ("1" if status == 200 else "0")


@pytest.mark.parametrize("given", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "0" * 64])
def test_the_body_s_own_digest_is_signed_whatever_a_header_says(lab: Any, given: str) -> None:
    """RECORDED: users whose signer put such a value in place of the digest were refused (aws-sdk-js-v3 308)."""
    asked = signed(method="POST", body=b'{"a": 1}', headers={"X-Amz-Content-SHA256": given})
    played = lab.play(api(lab), asked, signed(method="POST", body=b'{"a": 1}'), identities=(identity(INVOKE),))
    assert [answer.status for answer in played.answers] == [403, 200]
    assert played.answers[0].error == "InvalidSignatureException"
    digest = hashlib.sha256(b'{"a": 1}').hexdigest()
    assert f"x-amz-date\n{digest}'" in played.answers[0].json["message"]


def test_a_signature_is_let_in_again_while_it_holds(lab: Any) -> None:
    """Documented ("Elements of an AWS API request signature"): only its time bounds how long a copy is good."""
    asked = signed()
    played = lab.play(api(lab), asked, asked, identities=(identity(INVOKE),))
    assert [answer.status for answer in played.answers] == [200, 200]


@pytest.mark.parametrize("place", ["header", "query"])
def test_signature_version_4a_is_named_and_refused(lab: Any, place: str) -> None:
    """Assumed: nobody says what the service answers; the words are those for other algorithms that it does not take."""
    algorithm = "AWS4-ECDSA-P256-SHA256"
    scope = f"{ACCESS_KEY}/20261121/execute-api/aws4_request"
    if place == "header":
        parts = f"Credential={scope}, SignedHeaders=host;x-amz-date;x-amz-region-set, Signature={'30' * 35}"
        headers = {
            "Authorization": f"{algorithm} {parts}",
            "X-Amz-Date": "20261121T000000Z",
            "X-Amz-Region-Set": "us-east-1",
        }
        asked: tuple[Any, ...] = (*UNSIGNED, headers)
    else:
        query = f"X-Amz-Algorithm={algorithm}&X-Amz-Credential={scope.replace('/', '%2F')}&X-Amz-Date=20261121T000000Z"
        asked = ("GET", f"/items/7?{query}&X-Amz-SignedHeaders=host&X-Amz-Region-Set=*&X-Amz-Signature={'30' * 35}")
    answer = lab.play(api(lab), asked, identities=(identity(INVOKE),)).answer
    assert (answer.status, answer.error) == (403, "IncompleteSignatureException")
    assert answer.json["message"] == f"Unsupported AWS 'algorithm': '{algorithm}'."


def test_a_header_s_signature_goes_before_a_query_s(lab: Any) -> None:
    """Assumed: whoever sends both is taken by the header, of which the query is a signed part."""
    asked = AWSRequest("GET", "http://lab.example/lab/prod/items/7")
    AUTH.SigV4QueryAuth(BotoCredentials(ACCESS_KEY, SECRET), "execute-api", "us-east-1", expires=60).add_auth(asked)
    target = asked.url.removeprefix("http://lab.example/lab/prod")
    forged = {"Authorization": signed(secret="another")[2]["Authorization"], "X-Amz-Date": signed()[2]["X-Amz-Date"]}
    played = lab.play(api(lab), ("GET", target), ("GET", target, forged), identities=(identity(INVOKE),))
    assert [answer.status for answer in played.answers] == [200, 403]


@pytest.mark.parametrize("change", [{"X-Extra": "a   b "}, {"x-extra": "a b"}])
def test_blanks_of_a_signed_header_are_folded(lab: Any, change: dict[str, str]) -> None:
    """Documented ("Create a signed AWS API request"): trimmed, and sequential spaces to one."""
    method, target, headers, _ = signed(headers={"X-Extra": "a b"})
    sent = {name: value for name, value in headers.items() if name != "X-Extra"} | change
    assert lab.play(api(lab), (method, target, sent), identities=(identity(INVOKE),)).answer.status == 200


@pytest.mark.parametrize(
    ("signed_as", "sent"),
    [
        ("/items/a%20b", "/items/a%20b"),
        ("/items/%C3%A4", "/items/%C3%A4"),
        ("/items/*", "/items/*"),
        ("/items/a%2Fb", "/items/a%2Fb"),
        ("/items/a%252Fb", "/items/a%252Fb"),
    ],
)
def test_a_path_is_signed_as_sent_and_encoded_once_more(lab: Any, signed_as: str, sent: str) -> None:
    """Documented: each path segment is encoded twice, but for S3; a path of another spelling is another."""
    _, _, headers, _ = signed(signed_as)
    played = lab.play(api(lab), ("GET", sent, headers), ("GET", "/items/a", headers), identities=(identity(INVOKE),))
    assert [answer.status for answer in played.answers] == [200, 403]
