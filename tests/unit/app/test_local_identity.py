"""The project's own identity, and what leads a function's calls back here."""

import re

import pytest

from inferway.app.local_identity import SERVICES, control_url, local_identity, surroundings
from inferway.credentials.policies import Decision, decide, read_policy
from inferway.credentials.signing import Credentials, sign
from inferway.credentials.verification import Verifier
from inferway.exchange import Request
from inferway.faults import Fault, FaultKind

SECRET = bytes(range(32))


def test_it_looks_like_one_of_iam_and_depends_on_the_secret_alone() -> None:
    """IAM User Guide, "IAM identifiers": a temporary access key begins with ASIA and has 20 characters."""
    one = local_identity(SECRET, "000000000000")
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", one.access_key)
    assert len(one.secret) == 40
    assert one.arn == "arn:aws:iam::000000000000:user/inferway"
    assert local_identity(SECRET, "000000000000") == one
    other = local_identity(bytes(32), "000000000000")
    assert one.access_key != other.access_key
    assert one.secret != other.secret
    assert one.session_token != other.session_token
    assert SECRET.hex()[:8] not in one.secret + one.access_key


def test_it_may_do_everything() -> None:
    policies = tuple(read_policy(text) for text in local_identity(SECRET, "0").policies)
    decision = decide(policies, "sagemaker:CreateTrainingJob", "arn:aws:sagemaker:us-east-1:0:training-job/x", {})
    assert decision is Decision.ALLOW


def test_a_function_s_calls_lead_back() -> None:
    """AWS SDKs and Tools Reference Guide, "Service-specific endpoints": AWS_ENDPOINT_URL_<SERVICE>."""
    identity = local_identity(SECRET, "0")
    given = surroundings(identity, "http://127.0.0.1:9", "eu-west-1")
    assert given["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] == "http://127.0.0.1:9/_inferway/aws/sagemaker-runtime"
    assert given["AWS_ENDPOINT_URL_SAGEMAKER"] == "http://127.0.0.1:9/_inferway/aws/sagemaker"
    assert given["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9/_inferway/aws"
    assert (given["AWS_REGION"], given["AWS_DEFAULT_REGION"]) == ("eu-west-1", "eu-west-1")
    # Lambda guide, "Defined runtime environment variables", names these four
    assert given["AWS_ACCESS_KEY"] == given["AWS_ACCESS_KEY_ID"] == identity.access_key
    assert (given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"]) == (identity.secret, identity.session_token)


@pytest.mark.parametrize(("token", "is_taken"), [(None, True), ("another", False), ("", False)])
def test_a_signature_made_by_hand_needs_the_token(token: str | None, is_taken: bool) -> None:
    """IAM User Guide, "Use temporary credentials with AWS resources": the session token goes with each call."""
    identity = local_identity(SECRET, "0")
    given = surroundings(identity, "http://127.0.0.1:9", "eu-west-1")
    credentials = Credentials(
        access_key=given["AWS_ACCESS_KEY_ID"],
        secret=given["AWS_SECRET_ACCESS_KEY"],
        session_token=given["AWS_SESSION_TOKEN"] if token is None else token,
    )
    request = Request(method="POST", path="/", query="", headers=[(b"host", b"127.0.0.1:9")], body=b"{}", client="")
    headers = sign(request, credentials, region="eu-west-1", service="dynamodb", now=1_700_000_000.0)
    signed = Request(method="POST", path="/", query="", headers=[*request.headers, *headers], body=b"{}", client="")
    found = Verifier((identity,), service="dynamodb", clock=lambda: 1_700_000_000.0).verify(signed)
    assert (found == identity) is is_taken
    assert is_taken or (isinstance(found, Fault) and found.kind is FaultKind.UNKNOWN_CREDENTIALS)


@pytest.mark.parametrize("service", SERVICES)
def test_the_control_plane_s_address(service: str) -> None:
    assert control_url(f"control:{service}", "http://h:1") == f"http://h:1/_inferway/aws/{service}"


@pytest.mark.parametrize("target", ["http://a/control:x", "endpoint:e", "https://control"])
def test_another_target_stays(target: str) -> None:
    assert control_url(target, "http://h:1") == target
