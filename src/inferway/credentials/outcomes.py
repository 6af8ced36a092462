"""What the policies of a caller and of a resource decide together.

Source: API Gateway, "How API Gateway resource policies affect authorization workflow", tables A and B (https://
docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html).
"""

from typing import Final

from inferway.credentials.policies import Decision

_ALLOW, _SILENT, _DENY = Decision.ALLOW, Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY

SAME_ACCOUNT: Final = {
    (_ALLOW, _ALLOW): _ALLOW,
    (_ALLOW, _SILENT): _ALLOW,
    (_ALLOW, _DENY): _DENY,
    (_SILENT, _ALLOW): _ALLOW,
    (_SILENT, _SILENT): _SILENT,
    (_SILENT, _DENY): _DENY,
    (_DENY, _ALLOW): _DENY,
    (_DENY, _SILENT): _DENY,
    (_DENY, _DENY): _DENY,
}
"""Table A: by what the caller's policies, or its authorizer's, say, and what the resource's says."""

CROSS_ACCOUNT: Final = SAME_ACCOUNT | {(_ALLOW, _SILENT): _SILENT, (_SILENT, _ALLOW): _SILENT}
"""Table B: a caller of another account is allowed only what both allow."""
