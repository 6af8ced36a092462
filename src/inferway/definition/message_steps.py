"""Steps that change the call to the backend or the response to the client, one thing each."""

from enum import StrEnum

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.targets import HttpService


class Message(StrEnum):
    """Which message a step works on; CURRENT is the response once there is one, the call before."""

    CALL = "call"
    RESPONSE = "response"
    CURRENT = "current"


class Exists(StrEnum):
    """What happens where the header or parameter that is to be set is there already."""

    OVERRIDE = "override"
    SKIP = "skip"
    APPEND = "append"


class PassRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Makes the call as the request came, for later steps to change: method, path below the API, query, headers, body.

    Headers of one connection, `Host` and `Content-Length` are not passed on. `parameters` names those of the route that
    stand in the query, each with the query's own name for it.
    """

    parameters: dict[str, str] = {}


class BeginResponse(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Makes an empty response of this status where no backend was called, so that later steps have one to change."""

    status: int = 200


class DecodeBody(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Undoes the Content-Encoding of a request of `least` bytes or more; refuses what cannot be undone.

    With `keeps_header` the request goes on saying in which coding it came.
    """

    least: int
    keeps_header: bool = False


class EncodeBody(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Gives a response of `least` bytes or more the content coding that the client asks for."""

    least: int


class SetHeader(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sets a header of a message; an empty value list removes it.

    With `joined` several values stand in one line with commas between them, else in a line each.
    """

    name: str
    values: tuple[Expression, ...]
    message: Message = Message.CURRENT
    exists: Exists = Exists.OVERRIDE
    joined: bool = False


class SetQuery(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sets a parameter of the call's query; an empty value list removes it."""

    name: str
    values: tuple[Expression, ...]
    exists: Exists = Exists.OVERRIDE


class SetBody(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sets the body of a message; a value that is not bytes goes out as text in UTF-8."""

    value: Expression
    message: Message = Message.CURRENT


class ReplaceText(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Replaces each occurrence of a text in the body of a message, taken as UTF-8."""

    old: Expression
    new: Expression
    message: Message = Message.CURRENT


class SetMethod(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sets the call's method."""

    method: Expression


class SetStatus(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sets the response's status; a value that is no status ends the pipeline with a fault."""

    status: Expression


class RewritePath(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Sets the call's path and query from a template `/path/{name}?name={name}`, filled with the route's parameters.

    The query that came stays with `keep_query`, but for the parameters that are `matched`, that is, named in the
    route's own template.
    """

    template: Expression
    keep_query: bool = True
    matched: tuple[str, ...] = ()


class SelectBackend(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Settles where a later Invoke of a Selected target sends the call.

    `name` gives a key of `services`, or, where there are none, a base URL. Without it the only service is meant.
    """

    services: dict[str, HttpService] = {}
    name: Expression | None = None


class WriteLog(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Writes a line to the gateway's log; `severity` is `debug`, `info` or `error`."""

    source: str
    text: Expression
    severity: str = "debug"


class Mark(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Says where in its definition the step stands that runs next, for what a fault and a trace tell of it.

    `name` is the definition's own word for the step, `path` where it stands among others (`choose[1]/when[2]`), `id`
    the one that its author gave it.
    """

    name: str
    scope: str = ""
    section: str = ""
    path: str = ""
    id: str = ""
