"""Writes the document of an API.

Sources: `GetExport`; "Export a REST API from API Gateway"; "OpenAPI extensions for API Gateway", for where each stands;
exports that the vendor and users published, named in docs/parity-export.md.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from inferway.dialects.apigateway.authorization import KEY_SOURCE
from inferway.dialects.apigateway.authorizer_documents import in_camel_case
from inferway.dialects.apigateway.binary_types import EXTENSION as BINARY_TYPES
from inferway.dialects.apigateway.documentation import EXTENSION as DOCUMENTATION
from inferway.dialects.apigateway.documentation import PARTS, described, read_documentation
from inferway.dialects.apigateway.export.documented import Documentation, Thing
from inferway.dialects.apigateway.export.exportable import Exportable
from inferway.dialects.apigateway.export.operations import Operations, built_in
from inferway.dialects.apigateway.export.options import ExportOptions, Extension
from inferway.dialects.apigateway.export.schemas import foreign, not_openapi, rewritten
from inferway.dialects.apigateway.export.security import Security
from inferway.dialects.apigateway.extensions import PREFIX
from inferway.dialects.apigateway.gateway_responses import EXTENSION as GATEWAY_RESPONSES
from inferway.dialects.apigateway.integrations import EXTENSION as INTEGRATION
from inferway.dialects.apigateway.models import DROPPED
from inferway.dialects.apigateway.parameters import VALIDATORS
from inferway.dialects.apigateway.paths import ANY, Paths
from inferway.dialects.apigateway.resource_policy import POLICY

_OPENAPI: Final = "3.0.1"
_ENDPOINT: Final = f"{PREFIX}endpoint-configuration"
_TAG_VALUE: Final = f"{PREFIX}tag-value"
_OF_THE_API: Final = (
    KEY_SOURCE,
    POLICY,
    BINARY_TYPES,
    f"{PREFIX}minimum-compression-size",
    f"{PREFIX}security-policy",
    f"{PREFIX}endpoint-access-mode",
)


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A document, and what is to be known of it: what of the API it does not say, and what others may refuse."""

    document: dict[str, Any]
    notes: tuple[str, ...] = ()


def export(api: Exportable, options: ExportOptions) -> Export:
    """Give the document of an API."""
    return _Writer(api, options).written()


class _Writer:
    """One document in the making."""

    def __init__(self, api: Exportable, options: ExportOptions) -> None:
        self._api = api
        self._at = api.document
        self._options = options
        documented = options.has(Extension.DOCUMENTATION)
        self._documentation = Documentation(read_documentation(self._at) if documented else ())
        self._security = Security(self._at, api.names, self._documentation, options)
        self._operations = Operations(self._at, api.names, self._security, self._documentation, options)
        self._notes: list[str] = []

    def written(self) -> Export:
        """Write it."""
        swagger = self._options.is_swagger
        made: dict[str, Any] = {"swagger": "2.0"} if swagger else {"openapi": _OPENAPI}
        made["info"] = self._info()
        made |= self._address()
        made |= self._tags()
        made["paths"] = self._paths()
        models = self._models()
        schemes = self._security.schemes
        if swagger:
            made |= {"securityDefinitions": schemes} if schemes else {}
            made |= {"definitions": models} if models else {}
        else:
            components = {"schemas": models, "securitySchemes": schemes}
            made["components"] = {name: part for name, part in components.items() if part}
        made |= dict(self._extensions())
        made |= self._documentation.of(Thing(type="API"))
        left_out = tuple(f"no document can carry {what}" for what in self._api.left_out)
        notes = (*left_out, *self._notes, *self._operations.notes, *self._security.notes)
        return Export(document=made, notes=tuple(dict.fromkeys(notes)))

    def _info(self) -> dict[str, Any]:
        info, description = self._at["info"], described(self._at)
        made: dict[str, Any] = {"title": self._api.name}
        made |= {"description": description} if description else {}
        made["version"] = info["version"].text()
        return {**made, **self._documentation.of_info()}

    def _address(self) -> dict[str, Any]:
        stage = f"/{self._options.stage}"
        if self._options.is_swagger:
            made = {"host": self._api.host, "basePath": stage, "schemes": ["https"]}
            return made | self._endpoint()
        url = f"https://{self._api.host}/{{basePath}}"
        return {"servers": [{"url": url, "variables": {"basePath": {"default": stage}}, **self._endpoint()}]}

    def _endpoint(self) -> dict[str, Any]:
        """Give the endpoint's configuration, which stands at the server in OpenAPI 3.0."""
        if not self._options.has(Extension.API_GATEWAY):
            return {}
        given = [self._at[_ENDPOINT], *(server[_ENDPOINT] for server in self._at["servers"].items())]
        made: dict[str, Any] = {}
        for at in given:
            value = in_camel_case(at.value) if at.present else None
            if isinstance(value, Mapping):
                made |= {name: each for name, each in value.items() if each is not None}
        if self._api.is_closed:
            made["disableExecuteApiEndpoint"] = True
        return {_ENDPOINT: made} if made else {}

    def _tags(self) -> dict[str, Any]:
        if not self._options.has(Extension.API_GATEWAY) or not self._api.tags:
            return {}
        return {"tags": [{"name": name, _TAG_VALUE: value} for name, value in self._api.tags.items()]}

    def _paths(self) -> dict[str, Any]:
        made: dict[str, dict[str, Any]] = {}
        for method in Paths(self._at).methods():
            if not method.operation[INTEGRATION].present:
                self._notes.append(f"{method.method} {method.path} has no integration; it is left out")
                continue
            name = ANY if method.method == "ANY" else method.method.lower()
            made.setdefault(method.path, {})[name] = self._operations.of(method)
        for path, item in made.items():
            item |= self._documentation.of(Thing(type="RESOURCE", path=path))
        return made

    def _models(self) -> dict[str, Any]:
        swagger = self._at["definitions"]
        given = dict((swagger if swagger.present else self._at["components"]["schemas"]).entries())
        made = {name: rewritten(schema.value, self._options.type) for name, schema in given.items()}
        for name, schema in made.items():
            strange = sorted(foreign(schema, self._options.type))
            if strange:
                self._notes.append(not_openapi(f"the model {name}", strange))
            dropped = () if self._api.is_imported else sorted(set(DROPPED) & _keywords(schema))
            if dropped:
                self._notes.append(f"an import drops {', '.join(dropped)} of the model {name}")
        absent = {name: None for name in self._operations.referred if name not in made}
        return {**made, **built_in(absent)}

    def _extensions(self) -> Iterator[tuple[str, Any]]:
        if self._options.has(Extension.VALIDATORS) and self._at[VALIDATORS].value:
            found = self._at[VALIDATORS].entries()
            yield VALIDATORS, {self._api.names.get(name, name): validator.value for name, validator in found}
        if self._options.has(Extension.GATEWAY_RESPONSES) and self._at[GATEWAY_RESPONSES].value:
            yield GATEWAY_RESPONSES, self._at[GATEWAY_RESPONSES].value
        if self._options.has(Extension.DOCUMENTATION):
            parts = [item.value for item in self._at[DOCUMENTATION][PARTS].items()]
            version = self._api.versions.get(self._options.stage) or self._at[DOCUMENTATION]["version"].text()
            if parts:
                yield DOCUMENTATION, {**({"version": version} if version else {}), PARTS: parts}
        if self._options.has(Extension.API_GATEWAY):
            for name in _OF_THE_API:
                if self._at[name].present and self._at[name].value not in (None, [], {}, ""):
                    yield name, self._at[name].value


def _keywords(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_keywords, schema)) if schema else set()
    if not isinstance(schema, Mapping):
        return set()
    return {str(key) for key in schema}.union(*map(_keywords, schema.values()))
