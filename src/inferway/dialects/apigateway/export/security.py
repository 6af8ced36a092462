"""Security schemes of an exported document, and what a method asks of them.

Sources: exports that the vendor published ("OpenAPI definitions of the sample API as an Amazon S3 proxy": `sigv4`) and
users did (`api_key`); API Gateway, "x-amazon-apigateway-authtype property", "x-amazon-apigateway-auth object".
"""

from collections.abc import Mapping
from typing import Any, Final

from inferway.dialects.apigateway.authorization import AUTH, Scheme, chosen_schemes
from inferway.dialects.apigateway.authorizer_documents import AUTHTYPE
from inferway.dialects.apigateway.export.documented import Documentation, Thing
from inferway.dialects.apigateway.export.options import ExportOptions, ExportType, Extension
from inferway.dialects.apigateway.lambda_authorizers import AUTHORIZER
from inferway.dialects.apigateway.resource_policy import IAM, NONE
from inferway.formats.cursor import Cursor

_SIGV4: Final = "sigv4"
_SIGNED: Final = {"type": "apiKey", "name": "Authorization", "in": "header", AUTHTYPE: "awsSigv4"}
_FLOWS: Final = {
    "accessCode": "authorizationCode",
    "application": "clientCredentials",
    "implicit": "implicit",
    "password": "password",
}
"""OAuth 2.0 flows of Swagger 2.0 by their names in OpenAPI 3.0."""
_TYPES: Final = {
    ExportType.OAS30: frozenset(("apiKey", "http", "oauth2", "openIdConnect")),
    ExportType.SWAGGER: frozenset(("apiKey", "basic", "oauth2")),
}
_PLACES: Final = ("cookie", "header", "query")
_MEMBERS: Final = frozenset(
    (
        *("authorizationUrl", "bearerFormat", "flow", "flows", "in", "name", "openIdConnectUrl"),
        *("refreshUrl", "scheme", "scopes", "tokenUrl", "type"),
    )
)
_FLOW_MEMBERS: Final = ("authorizationUrl", "tokenUrl", "refreshUrl")


class Security:
    """Collects the schemes that methods ask for."""

    def __init__(
        self, document: Cursor, names: Mapping[str, str], documentation: Documentation, options: ExportOptions
    ) -> None:
        swagger = document["securityDefinitions"]
        self._document = document
        self._source = swagger if swagger.present else document["components"]["securitySchemes"]
        self._names = {given: name for given, name in names.items() if name.isascii() and _is_key(name)}
        self._documentation = documentation
        self._options = options
        self.schemes: dict[str, dict[str, Any]] = {}
        self.notes: list[str] = []

    def of(self, operation: Cursor) -> dict[str, object]:
        """Give the members of an operation that say who may call it."""
        chosen, key = chosen_schemes(self._document, operation)
        required: list[dict[str, list[str]]] = []
        made: dict[str, object] = {}
        if chosen.at is not None:
            required.append({self._named(chosen): list(chosen.scopes)})
        elif chosen.kind == IAM:
            self.schemes.setdefault(_SIGV4, dict(_SIGNED))
            required.append({_SIGV4: []})
        elif chosen.kind != NONE and self._options.has(Extension.API_GATEWAY):
            made[AUTH] = {"type": chosen.kind}
        if key is not None:
            required.append({self._named(key): []})
        return {**({"security": required} if required else {}), **made}

    def _named(self, scheme: Scheme) -> str:
        name = self._names.get(scheme.name, scheme.name)
        if scheme.at is not None and name not in self.schemes:
            self.schemes[name] = self._scheme(scheme.at, name)
        return name

    def _scheme(self, at: Cursor, name: str) -> dict[str, Any]:
        given = at.value if isinstance(at.value, Mapping) else {}
        written = {key: value for key, value in given.items() if key in _MEMBERS and value is not None}
        made = _as_swagger(written) if self._options.is_swagger else _as_openapi(written)
        kind = made.get("type")
        if kind == "apiKey":
            made = {**made, "name": at["name"].text() or "Unused"}
        if kind not in _TYPES[self._options.type] or (kind == "apiKey" and made.get("in") not in _PLACES):
            if AUTHORIZER not in given and AUTHTYPE not in given:
                which = "Swagger 2.0" if self._options.is_swagger else "OpenAPI 3.0"
                self.notes.append(f"{which} has no security scheme of the type {kind}; {name} becomes a header")
            made = {"type": "apiKey", "name": "Authorization", "in": "header"}
        made = {**made, **self._described(given, name)}
        if AUTHTYPE in given:
            made[AUTHTYPE] = given[AUTHTYPE]
        if AUTHORIZER in given and self._options.has(Extension.AUTHORIZERS):
            made[AUTHORIZER] = given[AUTHORIZER]
        return made

    def _described(self, given: Mapping[str, Any], name: str) -> dict[str, object]:
        own: dict[str, object] = {}
        if self._options.has(Extension.DOCUMENTATION) and isinstance(given.get("description"), str):
            own["description"] = given["description"]
        return {**own, **self._documentation.of(Thing(type="AUTHORIZER", name=name))}


def _is_key(name: str) -> bool:
    """Say whether a name can stand among the components of a document."""
    return bool(name) and all(character.isalnum() or character in "._-" for character in name)


def _as_openapi(scheme: dict[str, Any]) -> dict[str, Any]:
    if scheme.get("type") == "basic":
        return {**scheme, "type": "http", "scheme": "basic"}
    flow = scheme.get("flow")
    if scheme.get("type") != "oauth2" or not isinstance(flow, str):
        return scheme
    members = {key: scheme[key] for key in _FLOW_MEMBERS if key in scheme}
    rest = {key: value for key, value in scheme.items() if key not in {*_FLOW_MEMBERS, "flow", "scopes"}}
    return {**rest, "flows": {_FLOWS.get(flow, flow): {**members, "scopes": scheme.get("scopes", {})}}}


def _as_swagger(scheme: dict[str, Any]) -> dict[str, Any]:
    if scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "basic":
        return {key: value for key, value in scheme.items() if key not in {"scheme", "bearerFormat"}} | {
            "type": "basic"
        }
    flows = scheme.get("flows")
    if scheme.get("type") != "oauth2" or not isinstance(flows, Mapping):
        return scheme
    flow = next(iter(flows), "implicit")
    members = flows.get(flow, {})
    named = next((old for old, new in _FLOWS.items() if new == flow), str(flow))
    rest = {key: value for key, value in scheme.items() if key != "flows"}
    own = {key: members[key] for key in _FLOW_MEMBERS[:2] if key in members}
    return {**rest, "flow": named, **own, "scopes": members.get("scopes", {})}
