"""One class per kind of backend that a step can call."""

import msgspec

from inferway.faults import Place


class SageMakerEndpoint(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A SageMaker inference endpoint by name.

    The name may hold `${stageVariables.x}`, settled at deployment, and `{parameter}`, settled per request.
    """

    name: str
    place: Place


class HttpUrl(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An HTTP backend; the URL may hold `${stageVariables.x}` and `{parameter}`."""

    url: str
    place: Place


class Mock(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """No backend: the mapped request itself names the status, as `{"statusCode": 200}`."""


class Unserved(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A target that a definition names and this version does not serve; calling it is a fault with this cause."""

    what: str
    place: Place


Target = SageMakerEndpoint | HttpUrl | Mock | Unserved
