"""The identity with which parts of one project call each other, and what they are told to do so."""

import base64
import hmac
from collections.abc import Mapping
from typing import Final

from inferway.definition.identity import Identity

_ALL: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'

SERVICES: Final = ("sagemaker", "sagemaker-runtime", "dynamodb", "lambda")
"""The services of the control plane, as they stand in its paths."""

CONTROL: Final = "/_inferway/aws/"


def local_identity(secret: bytes, account: str) -> Identity:
    """Give the project's own identity, made of the node's secret; it may do everything here.

    Its credentials are temporary ones in form, with a session token, as those of an execution role are (IAM User Guide,
    "IAM identifiers"); they last as long as the secret.
    """
    key = base64.b32encode(hmac.digest(secret, b"access key", "sha256")).decode("ascii")[:16]
    return Identity(
        name="inferway",
        access_key=f"ASIA{key}",
        secret=base64.b64encode(hmac.digest(secret, b"secret key", "sha256")).decode("ascii")[:40],
        session_token=base64.b64encode(hmac.digest(secret, b"session token", "sha512")).decode("ascii"),
        arn=f"arn:aws:iam::{account}:user/inferway",
        policies=(_ALL,),
    )


def surroundings(identity: Identity, base_url: str, region: str) -> Mapping[str, str]:
    """Give the environment in which a function's own calls to the cloud lead back here.

    The variables of its credentials are the four that the Lambda guide reserves ("Defined runtime environment
    variables"); that AWS_ACCESS_KEY is AWS_ACCESS_KEY_ID is assumed.
    """
    control = f"{base_url}{CONTROL}"
    return {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY": identity.access_key,
        "AWS_ACCESS_KEY_ID": identity.access_key,
        "AWS_SECRET_ACCESS_KEY": identity.secret,
        "AWS_SESSION_TOKEN": identity.session_token,
        "AWS_ENDPOINT_URL": control.rstrip("/"),
        **{f"AWS_ENDPOINT_URL_{name.upper().replace('-', '_')}": f"{control}{name}" for name in SERVICES},
    }


def control_url(target: str, base_url: str) -> str:
    """Give the URL that `control:SERVICE` stands for; any other target as it is."""
    kind, _, service = target.partition(":")
    return f"{base_url}{CONTROL}{service}" if kind == "control" else target
