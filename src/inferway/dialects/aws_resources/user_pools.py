"""User pools: by which URL the tokens of one name their issuer.

Source: Amazon Cognito, "Verifying JSON web tokens" (https://docs.aws.amazon.com/cognito/latest/developerguide/
amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html): the issuer is `https://cognito-idp.REGION.amazonaws.com/
POOL`, its keys are at `/.well-known/jwks.json` below.
"""

import re
from typing import Final

KEY_PATH: Final = "/.well-known/jwks.json"
"""Where a user pool's keys are, below its issuer's URL."""

_VARIABLE: Final = r"\$\{stageVariables\.[A-Za-z0-9_]+\}"
_POOL: Final = re.compile(r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)_[A-Za-z0-9]{1,55}")
_ARN: Final = re.compile(
    rf"arn:(?P<partition>aws[a-z-]*):cognito-idp:(?P<region>[a-z0-9-]+):[^:]*:userpool/(?P<pool>[\w-]+|{_VARIABLE})"
)
_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}


def issuer_of_arn(arn: str) -> str | None:
    """Give the issuer of a user pool by its ARN, whose pool may be a stage variable; None where that is none."""
    found = _ARN.fullmatch(arn)
    if found is None:
        return None
    suffix = _SUFFIXES.get(found["partition"], "amazonaws.com")
    return f"https://cognito-idp.{found['region']}.{suffix}/{found['pool']}"


def issuer_of(name: str) -> str:
    """Give the issuer that a user pool's ARN or ID means; any other name is an issuer's own."""
    pool = _POOL.fullmatch(name)
    if pool is not None:
        return f"https://cognito-idp.{pool['region']}.amazonaws.com/{name}"
    return issuer_of_arn(name) or name
