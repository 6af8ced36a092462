"""How AppSync's GraphQL goes over the wire.

Sources: AppSync's own account of its behaviour over HTTP (https://github.com/graphql/graphql-over-http/issues/81), and
recorded responses; see `docs/parity-appsync.md`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

from inferway.dialects.appsync import wording
from inferway.dialects.appsync.faults import ACCESS_REFUSED, REASON
from inferway.dialects.appsync.json_values import plain
from inferway.dialects.appsync.scalars import PRELUDE, SCALARS
from inferway.dialects.appsync.util import unauthorized
from inferway.dialects.graphql import FieldError, GraphqlRequest
from inferway.exchange import Request, Response
from inferway.faults import Fault, FaultKind
from inferway.languages.graphql import Answer, FieldCall, Limits, Location, Problem, Scalar

CONTENT_TYPE: Final = (b"Content-Type", b"application/json;charset=UTF-8")
_DEEPEST: Final = 75
_MOST_RESOLVERS: Final = 10_000
"""Source: AppSync, "Configuring GraphQL run complexity, query depth, and introspection"."""

INTERNAL: Final = "InternalFailure"


def _malformed(reason: str) -> Fault:
    return Fault(kind=FaultKind.MALFORMED_REQUEST, message=reason, details=((REASON, "body"),))


EMPTY: Final = _malformed("Request body is empty.")
UNPARSED: Final = _malformed("Unable to parse GraphQL query.")
NOT_JSON: Final = _malformed("Request body was not valid JSON.")


class AppSyncManners:
    """The vendor's wire mode: 200 with errors, but 400 for a request without a query."""

    prelude: ClassVar[str] = PRELUDE
    scalars: ClassVar[Mapping[str, Scalar]] = SCALARS

    def limits(self, depth: int, pipelines: int) -> Limits:
        """Give the limits of a request."""
        return Limits(depth=min(depth, _DEEPEST), pipelines=min(pipelines or _MOST_RESOLVERS, _MOST_RESOLVERS))

    def read(self, request: Request) -> GraphqlRequest | Fault:
        """Read the query from a POST's JSON body, or from a GET's query string, where variables are JSON too."""
        if request.method == "GET":
            arguments = {name: values[-1] for name, values in request.arguments().items()}
            document: Any = dict(arguments)
            if arguments.get("variables"):
                document["variables"] = _json(arguments["variables"].encode("utf-8", "replace"))
        else:
            if not request.body.strip():
                return EMPTY
            document = _json(request.body)
        if document is _BROKEN:
            return UNPARSED
        return _asked(document)

    def refuse(self, problems: tuple[Problem, ...]) -> Response | Fault:
        """Give 400 for what is no GraphQL at all, else 200 with errors and no data."""
        if any(problem.kind == "Syntax" for problem in problems):
            return msgspec.structs.replace(UNPARSED, cause=problems[0].message)
        errors = [
            {
                "path": None,
                "locations": _locations(wording.places(problem)),
                "message": wording.refused(problem),
            }
            for problem in problems
            if not _inside_introspection(problem)
        ]
        return _response({"data": None, "errors": errors})

    def answer(self, answer: Answer) -> Response:
        """Give 200 with the data, and the errors where there are any."""
        body: dict[str, object] = {"data": answer.data}
        if answer.problems:
            body["errors"] = [_error(problem) for problem in answer.problems]
        return _response(body)

    def field_error(self, failure: Fault | Exception, call: FieldCall) -> FieldError:
        """Give the error of a field whose pipeline failed outside of its templates' own errors."""
        if isinstance(failure, Fault):
            if failure.kind is FaultKind.ACCESS_DENIED and failure.cause == ACCESS_REFUSED:
                return FieldError(f"Not Authorized to access {call.name} on type {call.parent}", "Unauthorized")
            if failure.kind is FaultKind.UNAUTHORIZED:
                return unauthorized(call)
            return FieldError(failure.message or "An internal error occurred.", INTERNAL)
        return FieldError("An internal error occurred.", INTERNAL)


_BROKEN: Final = object()


def _inside_introspection(problem: Problem) -> bool:
    """Say whether a problem is one of the fields below one that is not there, which go unmentioned."""
    return problem.kind == "NoSchemaIntrospectionCustom" and not problem.detail.get("name", "").startswith("__")


def _json(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _BROKEN


def _asked(document: Any) -> GraphqlRequest | Fault:
    """Give the request in a document; anything but an object with a query cannot be parsed, as recorded."""
    if not isinstance(document, dict) or not isinstance(document.get("query"), str) or not document["query"].strip():
        return UNPARSED
    operation, variables = document.get("operationName"), document.get("variables")
    if isinstance(variables, str):
        variables = _json(variables.encode("utf-8", "replace")) if variables.strip() else {}
    if variables is None:
        variables = {}
    if not isinstance(variables, dict) or not (operation is None or isinstance(operation, str)):
        return UNPARSED
    return GraphqlRequest(query=document["query"], operation=operation or "", variables=variables)


def _locations(places: tuple[Location, ...]) -> list[dict[str, object]] | None:
    return [{"line": place.line, "column": place.column, "sourceName": None} for place in places] or None


def _error(problem: Problem) -> dict[str, object]:
    """Give an error as the service writes it: a field's own with type, data and info; one of its value without."""
    path = list(problem.path) if problem.path is not None else None
    if problem.kind != "Resolver":
        return {"path": path, "locations": None, "message": wording.completed(problem)}
    cause = problem.cause if isinstance(problem.cause, FieldError) else FieldError(problem.message, INTERNAL)
    return {
        "path": path,
        "data": plain(cause.data),
        "errorType": cause.kind or None,
        "errorInfo": plain(cause.info),
        "locations": _locations(problem.locations[:1]),
        "message": cause.message,
    }


def _response(body: dict[str, object]) -> Response:
    return Response(status=200, headers=[CONTENT_TYPE], body=msgspec.json.encode(body))
