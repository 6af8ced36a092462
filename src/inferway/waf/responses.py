"""What a client gets whose request does not go on.

Sources: AWS WAF Developer Guide, "Sending custom responses for Block actions", "CAPTCHA and Challenge in AWS WAF": a
client without a token gets 405 or 202, with the header `x-amzn-waf-action`. No token can be had here.
"""

from typing import Final

from inferway.definition.web_acl import CustomResponse, Verdict
from inferway.exchange import Headers, Response, header_name, header_value
from inferway.waf.engine import Decision

STATUS: Final = {Verdict.BLOCK: 403, Verdict.CAPTCHA: 405, Verdict.CHALLENGE: 202, Verdict.MONETIZE: 402}
"""The status of each verdict that ends a request."""

_TESTS: Final = {Verdict.CAPTCHA: b"captcha", Verdict.CHALLENGE: b"challenge", Verdict.MONETIZE: b"monetize"}

_FRAMING: Final = frozenset(
    (b"content-length", b"transfer-encoding", b"connection", b"keep-alive", b"upgrade", b"date")
)
"""What the edge says itself: a second length would let a client take a response for two (RFC 9112, 11.1)."""


def status_of(decision: Decision) -> int:
    """Give the status that a refused client gets; 200 for a request that goes on."""
    response = decision.action.response
    return response.status if response is not None else STATUS.get(decision.action.verdict, 200)


def response_of(decision: Decision) -> Response | None:
    """Give the response to a request that does not go on; None where it is the vendor's own for blocked requests."""
    test = _TESTS.get(decision.action.verdict)
    if test is not None:
        headers: Headers = [(b"x-amzn-waf-action", test), (b"Cache-Control", b"no-store")]
        return Response(status=status_of(decision), headers=headers)
    return None if decision.action.response is None else _custom(decision.action.response)


def _custom(response: CustomResponse) -> Response:
    pairs = [(header_name(name), header_value(value)) for name, value in response.headers]
    headers = [pair for pair in pairs if pair[0].lower() not in _FRAMING]
    if response.content_type:
        headers.insert(0, (b"Content-Type", response.content_type.encode("latin-1")))
    return Response(status=response.status, headers=headers, body=response.body.encode("utf-8"))
