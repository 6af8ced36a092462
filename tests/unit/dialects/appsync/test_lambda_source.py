"""What AppSync makes of the Lambda service's own answers (API reference, "Invoke": statuses and `x-amzn-errortype`)."""

import pytest

from inferway.dialects.appsync.data_source import Outcome, Sent, SourceError
from inferway.dialects.appsync.lambda_source import LambdaSource
from inferway.exchange import Exchange, Reply, Request

_REQUEST = Request(method="POST", path="/graphql", query="", headers=[], body=b"")


def _outcome(reply: Reply) -> Outcome:
    exchange = Exchange(request=_REQUEST, parameters={}, route="", id="1", started=0.0)
    return LambdaSource().outcome(reply, Sent(document={"operation": "Invoke"}), exchange)


@pytest.mark.parametrize(
    ("status", "name", "body", "error"),
    [
        (
            429,
            b"TooManyRequestsException",
            b'{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
            SourceError(message="Rate Exceeded.", type="Lambda:TooManyRequestsException"),
        ),
        (
            404,
            b"ResourceNotFoundException:http://internal.amazon.com/coral/com.amazonaws.awslambda/",
            b'{"Type":"User","Message":"Function not found: x"}',
            SourceError(message="Function not found: x", type="Lambda:ResourceNotFoundException"),
        ),
        (
            502,
            b"",
            b"<html>bad gateway</html>",
            SourceError(message="The function service answered 502.", type="Lambda:ServiceException"),
        ),
    ],
)
def test_what_the_service_refuses_is_an_error_and_never_data(
    status: int, name: bytes, body: bytes, error: SourceError
) -> None:
    reply = Reply(status=status, headers=[(b"x-amzn-errortype", name)], body=body)
    assert _outcome(reply) == Outcome(error=error)


def test_what_a_function_gives_is_data() -> None:
    assert _outcome(Reply(status=200, headers=[], body=b'{"message":"mine"}')) == Outcome(result={"message": "mine"})
