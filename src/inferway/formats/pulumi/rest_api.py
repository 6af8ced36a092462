"""The component RestAPI of Pulumi's package aws-apigateway: the resources that its provider makes of its arguments.

The package's code runs in a plugin that Pulumi's command line fetches; what it makes is stated in its documentation
(https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/) and in its source
(https://github.com/pulumi/pulumi-aws-apigateway).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import msgspec

from inferway.formats.pulumi.lookups import Existing

REST_API: Final = "aws-apigateway:index:RestAPI"
"""The component's type."""

API: Final = "aws:apigateway/restApi:RestApi"
DEPLOYMENT: Final = "aws:apigateway/deployment:Deployment"
STAGE: Final = "aws:apigateway/stage:Stage"

_FUNCTION: Final = "aws:lambda/function:Function"
_FUNCTION_ARN: Final = "arn:aws:lambda:{}:{}:function:{}"
_STAGE_NAME: Final = "stage"
_ANY: Final = "x-amazon-apigateway-any-method"
_METHODS: Final = frozenset(("get", "put", "post", "delete", "options", "head", "patch"))
_INTEGRATION: Final = "x-amazon-apigateway-integration"
_VALIDATOR: Final = "x-amazon-apigateway-request-validator"
_VALIDATORS: Final = {"ALL": (True, True), "BODY_ONLY": (True, False), "PARAMS_ONLY": (False, True)}
_NOT_FOUND: Final = {"statusCode": 404, "responseTemplates": {"application/json": '{"message": "404 Not found" }'}}
_KEY: Final = {"type": "apiKey", "name": "x-api-key", "in": "header"}
_BINARY: Final = ["*/*"]

_Bag = Mapping[str, object]


class BadComponentError(Exception):
    """The component's provider would refuse its arguments; the text says why."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a component stands: `function` gives a function's ARN by what was given for it, `say` takes a warning."""

    region: str
    function: Callable[[object], str]
    say: Callable[[str], None]


def rest_api(name: str, arguments: _Bag, place: Surroundings) -> dict[str, object]:
    """Give the properties of the component's API; raises BadComponentError."""
    text = arguments.get("swaggerString")
    routes = [route for route in _items(arguments.get("routes")) if isinstance(route, Mapping)]
    if isinstance(text, str) and text:
        document = _written(name, text)
    elif "routes" in arguments:
        document = _Document(name, arguments, place).of(routes)
    else:
        raise BadComponentError(f"{name} needs swaggerString or routes")
    properties = {
        "name": _held(document, "info").get("title", name),
        "body": json.dumps(document),
        "binaryMediaTypes": arguments.get("binaryMediaTypes") or _BINARY,
    }
    taken = ("apiKeySource", "description", "disableExecuteApiEndpoint", "tags")
    return {**properties, **{key: arguments[key] for key in taken if arguments.get(key) is not None}}


def function_arn(made: Iterable[Existing], region: str, account: str) -> Callable[[object], str]:
    """Give what tells a function's ARN by the id or the ARN that was given for it, among what the program declares."""
    given_arns = {each.id: str(each.attributes.get("arn")) for each in made if each.type == _FUNCTION}
    known = {name: arn for name, arn in given_arns.items() if arn.startswith("arn:")}

    def told(given: object) -> str:
        named = str(given or "")
        return (
            named if named.startswith("arn:") else str(known.get(named) or _FUNCTION_ARN.format(region, account, named))
        )

    return told


def stage_name(arguments: _Bag) -> str:
    """Give the name of the component's stage."""
    return str(arguments.get("stageName") or _STAGE_NAME)


def _written(name: str, text: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise BadComponentError(f"the swaggerString of {name} is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadComponentError(f"the swaggerString of {name} is no object")
    return {**document, "info": {"title": name, **_held(document, "info")}}


class _Document:
    """Writes the OpenAPI document of routes."""

    def __init__(self, name: str, arguments: _Bag, place: Surroundings) -> None:
        self._name = name
        self._arguments = arguments
        self._place = place
        self._paths: dict[str, dict[str, object]] = {}
        self._schemes: dict[str, object] = {}

    def of(self, routes: list[_Bag]) -> dict[str, object]:
        """Give the document."""
        for route in routes:
            for path, method, operation in self._operations(route):
                self._paths.setdefault(path, {})[method] = operation
        responses = _held(self._arguments, "gatewayResponses")
        made: dict[str, object] = {
            "swagger": "2.0",
            "info": {"title": self._name, "version": "1.0"},
            "paths": self._paths,
            "x-amazon-apigateway-binary-media-types": _BINARY,
            "x-amazon-apigateway-gateway-responses": {
                "MISSING_AUTHENTICATION_TOKEN": _NOT_FOUND,
                "ACCESS_DENIED": _NOT_FOUND,
                **{key: value for key, value in responses.items() if value is not None},
            },
            "x-amazon-apigateway-api-key-source": self._arguments.get("apiKeySource") or "HEADER",
        }
        validators = {self._arguments.get("requestValidator"), *(route.get("requestValidator") for route in routes)}
        if validators - {None}:
            made["x-amazon-apigateway-request-validators"] = {
                key: {"validateRequestBody": body, "validateRequestParameters": parameters}
                for key, (body, parameters) in _VALIDATORS.items()
            }
        if self._arguments.get("requestValidator"):
            made[_VALIDATOR] = self._arguments["requestValidator"]
        return {**made, "securityDefinitions": self._schemes} if self._schemes else made

    def _operations(self, route: _Bag) -> Iterator[tuple[str, str, dict[str, object]]]:
        path = route.get("path")
        if not isinstance(path, str):
            raise BadComponentError(f"a route of {self._name} needs a path")
        path = path if path.startswith("/") else f"/{path}"
        if route.get("eventHandler") is not None:
            yield path, self._method(route, path), self._called(route)
        elif route.get("target") is not None:
            whole = path if path.endswith("/") else f"{path}/"
            yield path if path == "/" else whole.rstrip("/"), _ANY, self._forwarded(route, "")
            yield f"{whole}{{proxy+}}", _ANY, self._forwarded(route, "{proxy}")
        elif isinstance(route.get("data"), Mapping):
            yield path, self._method(route, path), dict(_held(route, "data"))
        elif route.get("localPath") is not None:
            text = (
                f"the route {path} of {self._name} serves files from a bucket, which is not done here; it is left out"
            )
            self._place.say(text)
        else:
            raise BadComponentError(f"the route {path} of {self._name} needs eventHandler, target, data or localPath")

    def _method(self, route: _Bag, path: str) -> str:
        method = str(route.get("method") or "").lower()
        if method != "any" and method not in _METHODS:
            wanted = f"has the method {route['method']}, which there is not" if method else "needs a method"
            raise BadComponentError(f"the route {path} of {self._name} {wanted}")
        return _ANY if method == "any" else method

    def _called(self, route: _Bag) -> dict[str, object]:
        arn = self._place.function(route["eventHandler"])
        uri = f"arn:aws:apigateway:{self._place.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
        integration = {"uri": uri, "passthroughBehavior": "when_no_match", "httpMethod": "POST", "type": "aws_proxy"}
        return {_INTEGRATION: integration, **self._options(route)}

    def _forwarded(self, route: _Bag, rest: str) -> dict[str, object]:
        target = _held(route, "target")
        uri = str(target.get("uri") or "")
        integration: dict[str, object] = {
            "responses": {"default": {"statusCode": "200"}},
            "uri": f"{uri if uri.endswith('/') else f'{uri}/'}{rest}",
            "type": target.get("type") or "http_proxy",
            "passthroughBehavior": target.get("passthroughBehavior") or "when_no_match",
            "httpMethod": "ANY",
        }
        integration |= {key: target[key] for key in ("connectionType", "connectionId") if target.get(key)}
        options = self._options(route)
        if rest:
            integration["requestParameters"] = {"integration.request.path.proxy": "method.request.path.proxy"}
            own = {"name": "proxy", "in": "path", "required": True, "type": "string"}
            options["parameters"] = [own, *_items(options.get("parameters"))]
        return {_INTEGRATION: integration, **options}

    def _options(self, route: _Bag) -> dict[str, object]:
        made: dict[str, object] = {}
        security = [self._authorized(each) for each in _items(route.get("authorizers")) if isinstance(each, Mapping)]
        if route.get("apiKeyRequired"):
            self._schemes["api_key"] = _KEY
            security.append({"api_key": []})
        if security:
            made["security"] = security
        required = [each for each in _items(route.get("requiredParameters")) if isinstance(each, Mapping)]
        if required:
            made["parameters"] = [
                {"name": each.get("name"), "in": each.get("in"), "required": True, "type": "string"}
                for each in required
            ]
        if route.get("requestValidator"):
            made[_VALIDATOR] = route["requestValidator"]
        if route.get("iamAuthEnabled"):
            made["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
        return made

    def _authorized(self, authorizer: _Bag) -> dict[str, object]:
        name = str(authorizer.get("authorizerName") or f"{self._name}-authorizer-{len(self._schemes)}")
        pools = authorizer.get("providerARNs")
        sources = ", ".join(map(str, _items(authorizer.get("identitySource"))))
        own: dict[str, object] = {"identitySource": sources} if sources else {}
        if pools:
            own |= {"type": "cognito_user_pools", "providerARNs": pools}
        else:
            arn = self._place.function(authorizer.get("handler"))
            uri = f"arn:aws:apigateway:{self._place.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
            own |= {"type": authorizer.get("type"), "authorizerUri": uri}
        taken = ("identityValidationExpression", "authorizerResultTtlInSeconds")
        own |= {key: authorizer[key] for key in taken if authorizer.get(key) is not None}
        self._schemes[name] = {
            "type": "apiKey",
            "name": authorizer.get("parameterName"),
            "in": "header" if pools else authorizer.get("parameterLocation") or "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools" if pools else authorizer.get("authType") or "custom",
            "x-amazon-apigateway-authorizer": own,
        }
        return {name: _items(authorizer.get("methodsToAuthorize")) if pools else []}


def _held(bag: _Bag, key: str) -> dict[str, object]:
    value = bag.get(key)
    return dict(value) if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
