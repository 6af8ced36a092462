"""Steps that ask somebody else who a caller is and what they may do."""

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.targets import LambdaFunction


class InvokeAuthorizer(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks a function who the caller is; what it says is kept for `ttl` seconds under the caller's identity.

    `identity` are the parts of the request that tell who calls; without one of them, or where the first does not match
    `pattern` (a Java regular expression over all of it, "" for any), the caller is refused and nobody is asked. `event`
    gives the function's event as JSON, or a fault, `result` what its reply says: `Authorized`, or a fault. `timeout` is
    in seconds. Routes with the same step share what is kept; 0 seconds keep nothing. `resource` is the method's ARN, as
    `RequirePermission` has it; one of more than `longest` bytes is refused, where that is not 0.
    """

    target: LambdaFunction
    event: Expression
    result: Expression
    identity: tuple[Expression, ...] = ()
    pattern: str = ""
    ttl: int = 300
    timeout: float = 29.0
    resource: str = ""
    longest: int = 0
