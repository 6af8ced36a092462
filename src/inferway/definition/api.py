"""What an API is, whichever vendor's definition it was read from."""

import msgspec

from inferway.definition.stage import StageSettings
from inferway.definition.steps import Assignment, BodyTemplate, Parameter, Pipeline
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.faults import Place


class RequestLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The largest request that the API's vendor accepts, in bytes."""

    url: int
    headers: int
    body: int


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A method and a path template with what happens to a request for it.

    `path` is made of literal segments, `{name}` and a last `{name+}`; `method` is an HTTP method or `ANY`.
    `example_body` is a JSON body to show, "" where the definition gives none; `operation` is the route's identifier,
    `title` its name for people.
    """

    method: str
    path: str
    pipeline: Pipeline
    parameters: tuple[Parameter, ...] = ()
    operation: str = ""
    title: str = ""
    authorization: str = "NONE"
    api_key_required: bool = False
    example_body: str = ""
    place: Place


class ErrorResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A customised answer to one of the dialect's kinds of fault; status 0 keeps the vendor's."""

    kind: str
    status: int = 0
    headers: tuple[Assignment, ...] = ()
    templates: tuple[BodyTemplate, ...] = ()
    place: Place


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A named JSON Schema of the API, as JSON text."""

    name: str
    schema: str
    place: Place


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A domain name of an API's own: below its path `base` a stage is served, or with `stage` "" each by its name.

    `base` has no slash at either end; a name that begins with `*.` stands for every name one level below the rest. With
    a `truststore`, the URI of certificates in PEM, its clients have to show a certificate that one of these has signed.
    """

    name: str
    base: str = ""
    stage: str = ""
    truststore: str = ""


class ApiDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """An API as defined; it has no stage of its own. `dialect` names the vendor dialect that read it.

    It is served below `/<slug>/<stage>/`; where its vendor knows no stages, `base` is the path below `/<slug>/`
    instead, possibly ""; and on `hosts`. `id` is what its vendor would know it by, "" where that makes no difference;
    `title` is its name for people where `name` is an identifier. `stages`, `plans` and `keys` are those that the
    definition declares; bindings come on top.
    """

    dialect: str
    name: str
    slug: str
    title: str = ""
    version: str = ""
    description: str = ""
    limits: RequestLimits
    routes: tuple[Route, ...]
    models: tuple[Model, ...] = ()
    error_responses: tuple[ErrorResponse, ...] = ()
    id: str = ""
    base: str | None = None
    hosts: tuple[Host, ...] = ()
    stages: tuple[StageSettings, ...] = ()
    plans: tuple[UsagePlan, ...] = ()
    keys: tuple[ApiKey, ...] = ()
    place: Place
