"""One class per pipeline step: the order of steps is data, emitted by a reader and compiled by a deployment."""

from enum import StrEnum
from typing import Union

import msgspec

from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.expression import Expression
from inferway.definition.guard_steps import (
    AllowOrigins,
    CheckHeader,
    FilterAddress,
    LimitByFixedWindow,
    LimitBySlidingWindow,
    RequireCertificate,
    ValidateContent,
)
from inferway.definition.message_steps import (
    BeginResponse,
    DecodeBody,
    EncodeBody,
    Mark,
    PassRequest,
    ReplaceText,
    RewritePath,
    SelectBackend,
    SetBody,
    SetHeader,
    SetMethod,
    SetQuery,
    SetStatus,
    WriteLog,
)
from inferway.definition.policy_steps import CheckResourcePolicy
from inferway.definition.targets import Target
from inferway.definition.token_steps import RequireToken
from inferway.definition.web_acl import ApplyWebAcl
from inferway.faults import FaultKind, Place


class ApiKeySource(StrEnum):
    """Where a client's API key is read from."""

    HEADER = "header"
    AUTHORIZER = "authorizer"


class RequireApiKey(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a caller without a valid API key of this deployment.

    The key stands in the header, or in the `query` parameter of that name where the header is missing. Keys that no
    plan covers count only with `planless`; with `optional` a caller may come without a key, but not with a bad one.
    """

    source: ApiKeySource = ApiKeySource.HEADER
    header: str = "x-api-key"
    query: str = ""
    planless: bool = False
    optional: bool = False


class RequireSignature(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a request that no identity of this deployment signed for the service (AWS Signature Version 4).

    The scope of a signature names `service`, and `region` where that is not empty; else any region does.
    """

    service: str
    region: str = ""


class RequirePermission(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a caller whose policies do not allow an action on a resource.

    The policies are those of the identity that signed, else those that an authorizer returned. `resource` is an ARN in
    which `{region}`, `{account}` and `{stage}` are the deployment's, `{method}` and `{path}` the request's; the path is
    decoded and has no slash at its start. Nothing else in it is replaced. `policy` is the document that the resource
    itself has, which decides together with the caller's; "" where it has none.
    """

    action: str
    resource: str
    policy: str = ""


class LimitByUsagePlan(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Applies the throttle, per plan or per route, and the quota of the caller's usage plan in this deployment."""


class LimitByStage(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Applies the stage's throttle of this route, then the account's."""


class ParameterIn(StrEnum):
    """Where a request parameter stands."""

    PATH = "path"
    QUERY = "querystring"
    HEADER = "header"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A declared request parameter; `example` is a value to show, "" where the definition gives none."""

    location: ParameterIn
    name: str
    required: bool = False
    example: str = ""


class ValidateParameters(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a request in which a required parameter is missing or blank."""

    required: tuple[Parameter, ...]


class BodySchema(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON Schema (draft 4, as JSON text, self-contained) for bodies of one content type."""

    content_type: str
    schema: str
    model: str
    place: Place


class ValidateBody(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a request whose body does not hold to the schema of its content type."""

    schemas: tuple[BodySchema, ...]


class Passthrough(StrEnum):
    """What happens to a body for whose content type there is no template."""

    WHEN_NO_MATCH = "when_no_match"
    WHEN_NO_TEMPLATES = "when_no_templates"
    NEVER = "never"


class ContentHandling(StrEnum):
    """Into what a body is turned on its way through an integration."""

    AS_IT_IS = ""
    TO_BINARY = "convert_to_binary"
    TO_TEXT = "convert_to_text"


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Which bodies are bytes, by their media types, and into what an integration turns the others, or these."""

    binary_types: tuple[str, ...] = ()
    handling: ContentHandling = ContentHandling.AS_IT_IS


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A named value made by an expression."""

    name: str
    value: Expression


class BodyTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """The template that makes a body, for one content type."""

    content_type: str
    template: Expression


class LookUpCache(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Answers from the stage's cache when it holds the answer to the same key parameters.

    Whether it is on, how long, and whether anybody may invalidate are stage settings; without them it compiles away.
    Where not anybody may, `invalidation` is what permits a caller to; None where nothing does. What is kept is not
    encoded; an answer is, from `encode_from` bytes on, where that is not None.
    """

    namespace: str
    key_parameters: tuple[Parameter, ...] = ()
    encode_from: int | None = None
    invalidation: RequirePermission | None = None


class StoreInCache(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Keeps the response that the matching LookUpCache missed."""


class MapRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Makes the call to the model from the request: method, parameters, body.

    With `forward` the client's headers, query and body go on as they came and only assignments are added; `body` makes
    the body of every request, whatever its content type. With a `payload` a body is text or bytes by its content type,
    and converted; without one it passes as it is.
    """

    method: str
    forward: bool = False
    body: Expression | None = None
    path: tuple[Assignment, ...] = ()
    query: tuple[Assignment, ...] = ()
    headers: tuple[Assignment, ...] = ()
    templates: tuple[BodyTemplate, ...] = ()
    passthrough: Passthrough = Passthrough.WHEN_NO_MATCH
    payload: Payload | None = None


class Invoke(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sends the call to its target and waits for the reply; `timeout` in seconds.

    A reply of the status `failing` or above is a fault of the kind `failure`, where `failing` is not 0.
    """

    target: Target
    timeout: float = 29.0
    failing: int = 0
    failure: FaultKind = FaultKind.BACKEND_BROKE_PROTOCOL


class ResponseCase(msgspec.Struct, frozen=True, kw_only=True):
    """How a reply whose status or error text matches `pattern` becomes the response; no pattern: the default case.

    `invalid` says why no reply of this case becomes one: each is a fault. "" where nothing is wrong with it.
    """

    status: int
    pattern: str | None = None
    headers: tuple[Assignment, ...] = ()
    templates: tuple[BodyTemplate, ...] = ()
    payload: Payload | None = None
    invalid: str = ""
    place: Place


class MapResponse(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Makes the response from the reply: the first matching case, else the default one.

    With `forward` the reply goes back as it came; `given` gives the whole response, or a fault, from it. With
    `by_error` patterns are held against the text of a function's error alone, "" where it did not fail. `payload` holds
    with `forward`, a case has its own; without one a body passes as it is.
    """

    cases: tuple[ResponseCase, ...] = ()
    forward: bool = False
    by_error: bool = False
    given: Expression | None = None
    payload: Payload | None = None


class Refuse(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Always faults. It stands where a definition asks for something that is not served, so that it fails closed."""

    kind: FaultKind
    cause: str


class SetVariable(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Evaluates an expression and keeps the value under a name for later steps."""

    name: str
    value: Expression


class ReturnResponse(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Ends the pipeline with a response made here.

    `given` gives a response to begin with, whose headers stay but for those named here; `status` then is the one to
    take where `code`, which gives it per request, is missing, 0 for the given one's.
    """

    status: int = 200
    headers: tuple[Assignment, ...] = ()
    body: Expression | None = None
    code: Expression | None = None
    given: Expression | None = None


class EvaluateTemplate(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Evaluates a template into the frame of the running field: `call` (what goes to the data source) or `result`.

    A template that returns early ends the pipeline that holds the step with the value returned.
    """

    template: Expression
    into: str


class When(msgspec.Struct, frozen=True, kw_only=True):
    """A branch: its steps run when the condition is true."""

    condition: Expression
    steps: tuple["Step", ...]


class Choose(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Runs the steps of the first branch whose condition is true, else `otherwise`."""

    when: tuple[When, ...]
    otherwise: tuple["Step", ...] = ()


class Retry(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Runs its steps once, then up to `count` times more while the condition is true.

    `interval` and `delta` are seconds: the wait before retry n (from 1) is `interval + (n - 1) * delta`, or with
    `exponential` `interval + (2 ** (n - 1) - 1) * delta` with a fifth of `delta` more or less by chance, at most
    `max_interval` where that is above 0. With `first_fast` the first retry does not wait.
    """

    condition: Expression
    count: int
    interval: float
    delta: float = 0.0
    max_interval: float = 0.0
    exponential: bool = False
    first_fast: bool = False
    steps: tuple["Step", ...]


class RunPipeline(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Runs a named function's own pipeline; its result becomes the previous result of what follows."""

    name: str
    pipeline: "Pipeline"


class GraphqlField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a schema whose value its own pipeline makes, in a frame with the field's arguments and source."""

    type_name: str
    field_name: str
    pipeline: "Pipeline"
    place: Place


class ExecuteGraphql(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Answers a GraphQL request over a schema; a field without a pipeline reads its source's property of that name.

    `schema` is SDL, and `place` where it starts. `depth` is how many levels a query may nest, `pipelines` how many may
    run for one request, 0 for the dialect's largest; `timeout` in seconds covers a whole request.
    """

    schema: str
    fields: tuple[GraphqlField, ...] = ()
    introspection: bool = True
    depth: int = 0
    pipelines: int = 0
    timeout: float = 30.0
    place: Place


Step = Union[  # noqa: UP007 - msgspec resolves the forward references in a typing.Union only
    RequireApiKey,
    RequireSignature,
    RequirePermission,
    InvokeAuthorizer,
    CheckResourcePolicy,
    RequireToken,
    LimitByUsagePlan,
    LimitByStage,
    ValidateParameters,
    DecodeBody,
    EncodeBody,
    ValidateBody,
    LookUpCache,
    StoreInCache,
    MapRequest,
    Invoke,
    MapResponse,
    Refuse,
    SetVariable,
    PassRequest,
    BeginResponse,
    SetHeader,
    SetQuery,
    SetBody,
    ReplaceText,
    SetMethod,
    SetStatus,
    RewritePath,
    SelectBackend,
    LimitBySlidingWindow,
    LimitByFixedWindow,
    CheckHeader,
    FilterAddress,
    ValidateContent,
    AllowOrigins,
    RequireCertificate,
    WriteLog,
    Mark,
    ReturnResponse,
    EvaluateTemplate,
    Choose,
    Retry,
    RunPipeline,
    ExecuteGraphql,
    ApplyWebAcl,
]


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    """The four sections of a route, a field or a function, each an ordered tuple of steps."""

    request: tuple[Step, ...] = ()
    invoke: tuple[Step, ...] = ()
    response: tuple[Step, ...] = ()
    error: tuple[Step, ...] = ()
