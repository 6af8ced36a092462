"""The resources of a REST API, from its settings and routes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import md5
from typing import Final

from inferway.faults import Place
from inferway.patterns.element import Element, logical_id
from inferway.patterns.fragments import TRUST
from inferway.patterns.rest_stage import Settings, plan_of, stage_of
from inferway.patterns.routes import Route
from inferway.patterns.shape import Case, Integration

_HEADERS: Final = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"
_ORIGIN: Final = "Access-Control-Allow-Origin"
_DRAFT: Final = "http://json-schema.org/draft-04/schema#"


class RestTemplate:
    """Makes the resources of one API."""

    def __init__(self, settings: Settings, routes: tuple[Route, ...]) -> None:
        self._settings = settings
        self._routes = routes
        self._backends = {(route.method, route.path): route.target.integration(route.asked) for route in routes}
        self._paths = dict.fromkeys(path for route in routes for path in _above(route.parts))

    def elements(self) -> tuple[Element, ...]:
        """Give all resources, each before those that name it; what targets declare comes first, each once."""
        declared = {one.id: one for backend in self._backends.values() for one in backend.elements}
        role = self._role()
        methods = [self._method(route, role) for route in self._routes]
        preflights = [self._preflight(path) for path in self._answering() if self._settings.origin]
        held = [self._api(), *self._resources(), *self._validators(), *self._models(), *methods, *preflights]
        deployment = self._deployment(held, [*methods, *preflights])
        stage = stage_of(self._settings, self._routes, self._reference, deployment)
        return (
            *(one for one in declared.values() if one.type != "AWS::Lambda::Permission"),
            *([role] if role else []),
            *held,
            *self._failures(),
            deployment,
            stage,
            *plan_of(self._settings, self._reference, stage),
            *(one for one in declared.values() if one.type == "AWS::Lambda::Permission"),
        )

    def _id(self, *path: str) -> str:
        return logical_id(self._settings.name, *path)

    def _made(self, kind: str, path: Iterable[str], place: Place, **properties: object) -> Element:
        return Element(
            id=self._id(*path, kind),
            type=f"AWS::ApiGateway::{kind}",
            properties=properties,
            place=place,
        )

    @property
    def _reference(self) -> object:
        return {"Ref": self._id("RestApi")}

    def _api(self) -> Element:
        described = {"Description": self._settings.description} if self._settings.description else {}
        return self._made("RestApi", (), self._settings.place, Name=self._settings.name, **described)

    def _resource_reference(self, parts: tuple[str, ...]) -> object:
        return (
            {"Ref": self._id(*parts, "Resource")} if parts else {"Fn::GetAtt": [self._id("RestApi"), "RootResourceId"]}
        )

    def _resources(self) -> Iterator[Element]:
        for parts in self._paths:
            place = next(route.place for route in self._routes if route.parts[: len(parts)] == parts)
            yield self._made(
                "Resource",
                parts,
                place,
                RestApiId=self._reference,
                ParentId=self._resource_reference(parts[:-1]),
                PathPart=parts[-1],
            )

    def _schema(self, route: Route) -> Mapping[str, object]:
        own, needed = route.options.body, self._backends[route.method, route.path].schema
        # What a target makes of a body is no JSON where the body is not of the form that the target needs.
        return {"allOf": [own, needed]} if own and needed else own or needed

    def _models(self) -> Iterator[Element]:
        for route in self._routes:
            schema = self._schema(route)
            if schema:
                name = "".join(letter for letter in self._id(*route.parts, route.method, "Body") if letter.isalnum())
                yield self._made(
                    "Model",
                    (*route.parts, route.method),
                    route.place,
                    RestApiId=self._reference,
                    Name=name,
                    ContentType="application/json",
                    Schema={"$schema": _DRAFT, **schema},
                )

    def _checks(self, route: Route) -> tuple[bool, bool]:
        """Say whether a route's body is validated, and its parameters."""
        required = any((*route.options.query.values(), *route.options.headers.values()))
        return bool(self._schema(route)), required

    def _validators(self) -> Iterator[Element]:
        for body, parameters in dict.fromkeys(self._checks(route) for route in self._routes):
            if body or parameters:
                yield self._made(
                    "RequestValidator",
                    _validator(body, parameters),
                    self._settings.place,
                    RestApiId=self._reference,
                    Name="-".join(_validator(body, parameters)).lower(),
                    ValidateRequestBody=body,
                    ValidateRequestParameters=parameters,
                )

    def _method(self, route: Route, role: Element | None) -> Element:
        options, backend = route.options, self._backends[route.method, route.path]
        body, parameters = self._checks(route)
        settings: dict[str, object] = {
            "RestApiId": self._reference,
            "ResourceId": self._resource_reference(route.parts),
            "HttpMethod": route.method,
            "AuthorizationType": options.authorization or self._settings.authorization,
            "ApiKeyRequired": bool(self._settings.keys) if options.api_key is None else options.api_key,
            "Integration": self._integration(route, backend, role),
        }
        if body:
            settings["RequestModels"] = {"application/json": {"Ref": self._id(*route.parts, route.method, "Model")}}
        if body or parameters:
            settings["RequestValidatorId"] = {"Ref": self._id(*_validator(body, parameters), "RequestValidator")}
        declared = _declared(route)
        if declared:
            settings["RequestParameters"] = declared
        if backend.cases:
            statuses = dict.fromkeys(case.status for case in backend.cases)
            settings["MethodResponses"] = [self._answer(status, backend.cases) for status in statuses]
        return self._made("Method", (*route.parts, route.method), route.place, **settings)

    def _integration(self, route: Route, backend: Integration, role: Element | None) -> dict[str, object]:
        made = dict(backend.properties)
        if backend.needs_role and role is not None:
            made["Credentials"] = role.attribute("Arn")
        if backend.cases:
            made["IntegrationResponses"] = [self._case(case) for case in backend.cases]
        if route.options.cache:
            keys = [f"method.request.path.{name}" for name in route.parameters]
            keys += [f"method.request.querystring.{name}" for name in route.options.query]
            keys += [f"method.request.header.{name}" for name in route.options.headers]
            made |= {"CacheKeyParameters": keys} if keys else {}
        return made

    def _case(self, case: Case) -> dict[str, object]:
        headers = {name: f"'{value}'" for name, value in {**case.headers, **self._origin()}.items()}
        return {
            "StatusCode": str(case.status),
            **({"SelectionPattern": case.pattern} if case.pattern else {}),
            **({"ResponseTemplates": {case.content: case.template}} if case.template else {}),
            **({"ResponseParameters": _response_headers(headers)} if headers else {}),
        }

    def _answer(self, status: int, cases: tuple[Case, ...]) -> dict[str, object]:
        names = {name: True for case in cases if case.status == status for name in (*case.headers, *self._origin())}
        return {"StatusCode": str(status), **({"ResponseParameters": _response_headers(names)} if names else {})}

    def _origin(self) -> dict[str, str]:
        return {_ORIGIN: self._settings.origin} if self._settings.origin else {}

    def _answering(self) -> Iterator[tuple[str, ...]]:
        """Give the paths that have routes, but for those with an OPTIONS route of their own."""
        own = {route.parts for route in self._routes if route.method == "OPTIONS"}
        yield from (path for path in dict.fromkeys(route.parts for route in self._routes) if path not in own)

    def _preflight(self, parts: tuple[str, ...]) -> Element:
        """Answer the question of a page at another origin whether it may ask (https://fetch.spec.whatwg.org/)."""
        routes = [route for route in self._routes if route.parts == parts]
        methods = dict.fromkeys(route.method for route in routes)
        every = "GET,POST,PUT,PATCH,DELETE,HEAD"
        allowed = "OPTIONS," + (every if "ANY" in methods else ",".join(methods))
        own = {name for route in routes for name in route.options.headers}
        headers = ",".join((_HEADERS, *sorted(own)))
        told = {"Access-Control-Allow-Methods": allowed, "Access-Control-Allow-Headers": headers}
        case = Case(status=204, headers=told)
        return self._made(
            "Method",
            (*parts, "OPTIONS"),
            routes[0].place,
            RestApiId=self._reference,
            ResourceId=self._resource_reference(parts),
            HttpMethod="OPTIONS",
            AuthorizationType="NONE",
            ApiKeyRequired=False,
            **({"RequestParameters": _path_parameters(routes[0])} if routes[0].parameters else {}),
            Integration={
                "Type": "MOCK",
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [self._case(case)],
            },
            MethodResponses=[self._answer(204, (case,))],
        )

    def _failures(self) -> Iterator[Element]:
        """Let pages read the answers that the gateway gives by itself."""
        for kind in ("DEFAULT_4XX", "DEFAULT_5XX") if self._settings.origin else ():
            yield self._made(
                "GatewayResponse",
                (kind,),
                self._settings.place,
                RestApiId=self._reference,
                ResponseType=kind,
                ResponseParameters={f"gatewayresponse.header.{_ORIGIN}": f"'{self._settings.origin}'"},
            )

    def _role(self) -> Element | None:
        """Give the role that may do what the routes need, and nothing else."""
        allowed: dict[str, tuple[str, object]] = {}
        for backend in self._backends.values():
            for action, resource in backend.allowed if backend.needs_role else ():
                allowed[json.dumps([action, resource])] = (action, resource)
        if not allowed:
            return None
        statements = [
            {"Action": action, "Effect": "Allow", "Resource": resource} for action, resource in allowed.values()
        ]
        policy = {"PolicyName": "backends", "PolicyDocument": {"Statement": statements, "Version": "2012-10-17"}}
        return Element(
            id=self._id("Role"),
            type="AWS::IAM::Role",
            properties={"AssumeRolePolicyDocument": TRUST, "Policies": [policy]},
            place=self._settings.place,
        )

    def _deployment(self, holds: list[Element], methods: list[Element]) -> Element:
        """Make the deployment; its identifier changes with what it holds, so that a change is deployed."""
        content = json.dumps([element.declaration() for element in holds], sort_keys=True)
        digest = md5(content.encode(), usedforsecurity=False).hexdigest()
        return Element(
            id=self._id("Deployment") + digest,
            type="AWS::ApiGateway::Deployment",
            properties={"RestApiId": self._reference},
            depends_on=tuple(method.id for method in methods),
            place=self._settings.place,
        )


def _above(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from (parts[: length + 1] for length in range(len(parts)))


def _validator(body: bool, parameters: bool) -> tuple[str, ...]:
    return (*(["Body"] if body else []), *(["Parameters"] if parameters else []))


def _path_parameters(route: Route) -> dict[str, bool]:
    return {f"method.request.path.{name}": True for name in route.parameters}


def _declared(route: Route) -> dict[str, bool]:
    made = _path_parameters(route)
    made |= {f"method.request.querystring.{name}": required for name, required in route.options.query.items()}
    return made | {f"method.request.header.{name}": required for name, required in route.options.headers.items()}


def _response_headers(values: Mapping[str, object]) -> dict[str, object]:
    return {f"method.response.header.{name}": value for name, value in values.items()}
