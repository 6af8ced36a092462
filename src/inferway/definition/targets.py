"""One class per kind of backend that a step can call."""

from typing import Final

import msgspec

from inferway.faults import Place

INVOKE: Final = "invocations"
INVOKE_ASYNC: Final = "async-invocations"
INVOKE_STREAM: Final = "invocations-response-stream"


class SageMakerEndpoint(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """A SageMaker inference endpoint by name, and the operation of its runtime, by the last part of its path.

    The name may hold `${stageVariables.x}`, settled at deployment, and `{parameter}`, settled per request.
    """

    name: str
    operation: str = INVOKE
    place: Place


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """As which service, in which Region, a call is signed with Signature Version 4."""

    service: str
    region: str


class HttpUrl(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An HTTP backend; the URL may hold `${stageVariables.x}` and `{parameter}`.

    `any_authority` takes its certificate whoever signed it.
    """

    url: str
    place: Place
    signing: Signing | None = None
    any_authority: bool = False


class HttpStream(HttpUrl, frozen=True, kw_only=True, tag=True):
    """An HTTP backend whose reply is passed on while it arrives; `idle` seconds of silence end it."""

    idle: float = 300.0


class HttpService(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An HTTP service by its base URL, below which each call says its own path.

    Every call gets `headers` and `query` added.
    """

    url: str
    place: Place
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()


class Selected(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Whichever service an earlier step selected, `fallback` where none did."""

    fallback: HttpService | None = None


class LambdaFunction(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A function by its ARN or name. A call's body is the event as JSON, the reply's the function's result.

    A function that failed gives a reply with an `error`, its message; the body then is the function's error document.
    """

    name: str
    place: Place


class LambdaStream(LambdaFunction, frozen=True, kw_only=True, tag=True):
    """A function whose result is passed on while it makes it; `idle` seconds of silence end it.

    The result begins with metadata for an HTTP response: the reply's body, its `stream` what comes behind.
    """

    idle: float = 300.0


class Table(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A table of items by name, called with DynamoDB's own protocol (JSON 1.0): the operation stands in `x-amz-target`.

    A reply is the service's: 200 with the result, 400 with the error's `__type` and `message`.
    """

    name: str
    place: Place
    region: str = ""


class Mock(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """No backend: the mapped request itself names the status, as `{"statusCode": 200}`."""


class Unserved(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A target that a definition names and this version does not serve; calling it is a fault with this cause."""

    what: str
    place: Place


Target = (
    SageMakerEndpoint
    | HttpUrl
    | HttpStream
    | HttpService
    | Selected
    | LambdaFunction
    | LambdaStream
    | Table
    | Mock
    | Unserved
)
