"""What a request tells the conditions of policies: the global condition keys, lower-case.

Source: IAM User Guide, "AWS global condition context keys" (https://docs.aws.amazon.com/IAM/latest/UserGuide/
reference_policies_condition-keys.html).
"""

import time
from typing import Final

from inferway.credentials.conditions import Context
from inferway.credentials.principal import account_of, unique_id, user_name
from inferway.definition.identity import Identity
from inferway.exchange import Request

_HEADERS: Final = (("aws:referer", b"referer"), ("aws:useragent", b"user-agent"))


def condition_keys(request: Request, identity: Identity, region: str) -> Context:
    """Give the global condition keys of a request that an identity has signed; one without a value is not there."""
    now, user = time.time(), user_name(identity)
    values = {
        "aws:currenttime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "aws:epochtime": str(int(now)),
        "aws:principalaccount": account_of(identity),
        "aws:principalarn": identity.arn,
        "aws:principaltype": "User" if user else "AssumedRole",
        "aws:requestedregion": region,
        "aws:securetransport": "true" if request.scheme == "https" else "false",
        "aws:sourceip": request.client,
        "aws:userid": unique_id(identity),
        "aws:username": user,
        "aws:viaawsservice": "false",
    }
    context = {name: (value,) for name, value in values.items() if value}
    for name, header in _HEADERS:
        sent = request.header(header)
        if sent is not None:
            context[name] = (sent.decode("latin-1"),)
    return context
