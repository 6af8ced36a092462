"""The operations of an exported document.

Sources: exports that the vendor published ("OpenAPI definitions of the sample API as an Amazon S3 proxy", "Publish API
documentation using the API Gateway REST API", "Create an API Gateway proxy resource"): parameters are texts,
a response is described as `200 response`, a request's body is required, Swagger's `produces` is JSON where nothing says
else.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from inferway.definition.steps import Parameter, ParameterIn
from inferway.dialects.apigateway.authorizer_documents import in_camel_case
from inferway.dialects.apigateway.examples import example_of
from inferway.dialects.apigateway.export.documented import Documentation, Thing, fits
from inferway.dialects.apigateway.export.options import ExportOptions, Extension
from inferway.dialects.apigateway.export.schemas import PREFIXES, foreign, not_openapi, rewritten
from inferway.dialects.apigateway.export.security import Security
from inferway.dialects.apigateway.integration_responses import ANY_STATUS
from inferway.dialects.apigateway.integrations import EXTENSION
from inferway.dialects.apigateway.methods import OPERATION_NAME, Method, operation_name
from inferway.dialects.apigateway.models import BUILT_IN
from inferway.dialects.apigateway.parameters import (
    UNDECLARED,
    VALIDATOR,
    VALIDATORS,
    body_parameter,
    read_parameters,
)
from inferway.formats.cursor import Cursor

_JSON: Final = "application/json"
_PLACES: Final = {
    ParameterIn.PATH: ("path", "PATH_PARAMETER"),
    ParameterIn.QUERY: ("query", "QUERY_PARAMETER"),
    ParameterIn.HEADER: ("header", "REQUEST_HEADER"),
}
_LOWER: Final = ("type", "passthroughBehavior")
"""Members of an integration that exports have in lower case."""

_SAID: Final = ("summary", "description", "tags")


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A body of a content type: its schema and an example of it, each where there is one."""

    content_type: str
    schema: Cursor | None = None
    example: Cursor | None = None


class Operations:
    """Writes operations of one document."""

    def __init__(
        self,
        document: Cursor,
        names: Mapping[str, str],
        security: Security,
        documentation: Documentation,
        options: ExportOptions,
    ) -> None:
        self._document = document
        self._names = names
        self._security = security
        self._documentation = documentation
        self._options = options
        self._identifiers: set[str] = set()
        self.referred: dict[str, None] = {}
        self.notes: list[str] = []

    def of(self, method: Method) -> dict[str, Any]:
        """Give the operation of a method."""
        operation, thing = method.operation, Thing(type="METHOD", path=method.path, method=method.method)
        made: dict[str, Any] = {**self._said(operation, _SAID), **self._documentation.of(thing)}
        made |= self._identifier(method)
        bodies = self._bodies(method)
        if self._options.is_swagger:
            consumes = list(dict.fromkeys(media.content_type for media in bodies))
            made |= {"consumes": consumes} if consumes else {}
            made["produces"] = self._produces(operation)
        parameters = [self._parameter(each, method) for each in read_parameters(method.path_item, operation)]
        parameters += self._undeclared(method, {each["name"] for each in parameters if each["in"] == "path"})
        if self._options.is_swagger and bodies:
            parameters.append(self._body_parameter(bodies, method))
        made |= {"parameters": parameters} if parameters else {}
        if not self._options.is_swagger and bodies:
            made["requestBody"] = self._request_body(bodies, method)
        self._note_unknown(method, parameters)
        made["responses"] = self._responses(method)
        made |= self._security.of(operation)
        made |= self._validator(operation)
        if self._options.has(Extension.INTEGRATIONS):
            made[EXTENSION] = integration(operation[EXTENSION])
        return made

    def _said(self, at: Cursor, names: tuple[str, ...]) -> dict[str, Any]:
        """Give what a document says of a thing for people: an import makes documentation parts of it."""
        if not self._options.has(Extension.DOCUMENTATION):
            return {}
        return {name: at[name].value for name in names if at[name].value and fits(name, at[name].value)}

    def _identifier(self, method: Method) -> dict[str, Any]:
        """Give the name of an operation; OpenAPI wants it to be the only one of that name."""
        name = operation_name(method.operation)
        if name and name in self._identifiers:
            return {OPERATION_NAME: name}
        self._identifiers.add(name)
        return {"operationId": name} if name else {}

    def _parameter(self, parameter: Parameter, method: Method) -> dict[str, Any]:
        place, kind = _PLACES[parameter.location]
        given = next(
            (
                item
                for holder in (method.operation, method.path_item)
                for item in holder["parameters"].items()
                if item["name"].value == parameter.name and item["in"].value == place
            ),
            None,
        )
        made: dict[str, Any] = {"name": parameter.name, "in": place, "required": parameter.required}
        made |= self._said(given, ("description",)) if given is not None else {}
        made |= self._documentation.of(Thing(type=kind, path=method.path, method=method.method, name=parameter.name))
        if self._options.is_swagger:
            made["type"] = "string"
            return made | ({"x-example": parameter.example} if parameter.example else {})
        made["schema"] = {"type": "string"}
        return made | ({"example": parameter.example} if parameter.example else {})

    def _undeclared(self, method: Method, declared: set[str]) -> Iterator[dict[str, Any]]:
        """Give the parameters of a path that the API does not declare, which OpenAPI asks for."""
        typed = {"type": "string"} if self._options.is_swagger else {"schema": {"type": "string"}}
        for part in method.path.split("/"):
            name = part[1:-1].rstrip("+")
            if part.startswith("{") and name not in declared:
                declared.add(name)
                yield {"name": name, "in": "path", "required": True, **typed, UNDECLARED: True}

    def _note_unknown(self, method: Method, parameters: list[dict[str, Any]]) -> None:
        """Note what the service takes, but OpenAPI does not: a path parameter that the path has no place for."""
        known = {part[1:-1].rstrip("+") for part in method.path.split("/") if part.startswith("{")}
        for parameter in parameters:
            if parameter["in"] == "path" and parameter["name"] not in known:
                text = f"{method.path} has no {{{parameter['name']}}}, which {method.method} declares"
                self.notes.append(f"{text}; other tools may refuse the document")

    def _bodies(self, method: Method) -> list[Media]:
        operation = method.operation
        parameter = body_parameter(operation, method.path_item)
        if parameter is not None:
            consumes = operation["consumes"] if operation["consumes"].present else self._document["consumes"]
            types = [item.text() for item in consumes.items()] or [_JSON]
            schema = parameter["schema"] if parameter["schema"].present else None
            return [Media(content_type=each, schema=schema, example=example_of(parameter)) for each in types]
        return [
            Media(
                content_type=name,
                schema=media["schema"] if media["schema"].present else None,
                example=example_of(media),
            )
            for name, media in operation["requestBody"]["content"].entries()
        ]

    def _body_parameter(self, bodies: list[Media], method: Method) -> dict[str, Any]:
        """Give Swagger's one body, which is JSON's where content types have schemas of their own."""
        chosen = next((media for media in bodies if media.content_type == _JSON), bodies[0])
        schemas = [media.schema.value if media.schema is not None else None for media in bodies]
        where = f"{method.method} {method.path}"
        if any(schema != schemas[0] for schema in schemas):
            self.notes.append(f"Swagger 2.0 has one body; of {where} only that of {chosen.content_type} is kept")
        if chosen.schema is None:
            self.notes.append(f"Swagger 2.0 asks for a schema of the body of {where}; an empty one stands there")
        schema = self.schema(chosen.schema, where)
        reference = schema.get("$ref")
        name = reference.rpartition("/")[2] if isinstance(reference, str) else "body"
        made = {"in": "body", "name": name, "required": True, **self._of_body(method), "schema": schema}
        return made | ({"x-example": chosen.example.value} if chosen.example is not None else {})

    def _request_body(self, bodies: list[Media], method: Method) -> dict[str, Any]:
        where = f"{method.method} {method.path}"
        content: dict[str, Any] = {}
        for media in bodies:
            made = content.setdefault(media.content_type, {})
            if media.schema is not None:
                made["schema"] = self.schema(media.schema, where)
            if media.example is not None:
                made["example"] = media.example.value
        return {**self._of_body(method), "content": content, "required": True}

    def _of_body(self, method: Method) -> dict[str, Any]:
        said = self._said(method.operation["requestBody"], ("description",))
        parameter = body_parameter(method.operation, method.path_item)
        said |= self._said(parameter, ("description",)) if parameter is not None else {}
        return said | self._documentation.of(Thing(type="REQUEST_BODY", path=method.path, method=method.method))

    def schema(self, schema: Cursor | None, where: str) -> dict[str, Any]:
        """Give a schema as the document writes it; what it refers to is remembered."""
        made = rewritten(schema.value if schema is not None else {}, self._options.type)
        if not isinstance(made, dict):
            return {}
        reference = made.get("$ref")
        if isinstance(reference, str):
            self.referred[reference.removeprefix(PREFIXES[self._options.type])] = None
            return {"$ref": reference}
        strange = sorted(foreign(made, self._options.type))
        if strange:
            self.notes.append(not_openapi(f"a schema of {where}", strange))
        return made

    def _responses(self, method: Method) -> dict[str, Any]:
        made = {}
        for status, response in method.operation["responses"].entries():
            if status == ANY_STATUS or (len(status) == 3 and status.isascii() and status.isdigit()):
                made[status] = self._response(status, response, method)
        # OpenAPI asks for one; the service's own documents have none there.
        return made or {"200": {"description": "200 response", UNDECLARED: True}}

    def _response(self, status: str, response: Cursor, method: Method) -> dict[str, Any]:
        made: dict[str, Any] = {"description": f"{status} response"}
        made |= self._said(response, ("description",))
        made |= self._documentation.of(Thing(type="RESPONSE", path=method.path, method=method.method, status=status))
        headers = {name: self._header(name, header, status, method) for name, header in response["headers"].entries()}
        made |= {"headers": headers} if headers else {}
        content = dict(self._contents(response, method.operation))
        schemas = {name: self.schema(schema, f"{method.method} {method.path}") for name, schema in content.items()}
        if self._options.is_swagger:
            return made | ({"schema": schemas.get(_JSON) or next(iter(schemas.values()))} if schemas else {})
        return made | ({"content": {name: {"schema": schema} for name, schema in schemas.items()}} if schemas else {})

    def _header(self, name: str, header: Cursor, status: str, method: Method) -> dict[str, Any]:
        thing = Thing(type="RESPONSE_HEADER", path=method.path, method=method.method, status=status, name=name)
        said = self._said(header, ("description",)) if isinstance(header.value, Mapping) else {}
        typed = {"type": "string"} if self._options.is_swagger else {"schema": {"type": "string"}}
        return {**said, **self._documentation.of(thing), **typed}

    def _contents(self, response: Cursor, operation: Cursor) -> Iterator[tuple[str, Cursor]]:
        if response["schema"].present:
            produces = operation["produces"] if operation["produces"].present else self._document["produces"]
            for content_type in [item.text() for item in produces.items()] or [_JSON]:
                yield content_type, response["schema"]
        for content_type, media in response["content"].entries():
            if media["schema"].present:
                yield content_type, media["schema"]

    def _produces(self, operation: Cursor) -> list[str]:
        found = (
            content_type
            for _, response in operation["responses"].entries()
            for content_type, _ in self._contents(response, operation)
        )
        return list(dict.fromkeys(found)) or [_JSON]

    def _validator(self, operation: Cursor) -> dict[str, Any]:
        chosen = operation[VALIDATOR] if operation[VALIDATOR].present else self._document[VALIDATOR]
        name = chosen.text()
        if not self._options.has(Extension.VALIDATORS) or not self._document[VALIDATORS][name].present:
            return {}
        return {VALIDATOR: self._names.get(name, name)}


def integration(given: Cursor) -> dict[str, Any]:
    """Give an integration as exports have it: without what is null, its words in lower case, statuses as texts."""
    value = given.value if isinstance(given.value, Mapping) else {}
    made = {name: each for name, each in value.items() if each is not None}
    made.setdefault("passthroughBehavior", "when_no_match")
    for name in _LOWER:
        if isinstance(made.get(name), str):
            made[name] = made[name].lower()
    if "tlsConfig" in made:
        made["tlsConfig"] = in_camel_case(made["tlsConfig"])
    cases = {
        pattern: {**case.value, "statusCode": case["statusCode"].text()}
        for pattern, case in given["responses"].entries()
        if isinstance(case.value, Mapping)
    }
    made |= {"responses": cases} if cases else {}
    return made


def built_in(names: Mapping[str, None]) -> dict[str, Any]:
    """Give the models of these names that every API has."""
    return {name: dict(BUILT_IN[name]) for name in names if name in BUILT_IN}
