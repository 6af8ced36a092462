"""Targets: model endpoints, functions, HTTP addresses, and answers that need no backend.

Sources: API Gateway, "PutIntegration"; AppSync, "Resolver mapping template reference" for Lambda, HTTP and None.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from inferway.faults import Place
from inferway.patterns.element import Element, logical_id
from inferway.patterns.fragments import PARTITION, REGION, arn, document
from inferway.patterns.origin import NOWHERE, origin
from inferway.patterns.shape import RESULT, Asked, Case, DataSource, Errors, Integration
from inferway.patterns.templates import Template, literal, quoted, velocity

_ENDPOINT: Final = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_FUNCTION: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ARN: Final = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:.+")
_PLACEHOLDER: Final = re.compile(r"\{([a-zA-Z0-9._-]+)\+?\}")
ERRORS: Final = {400: r"4\d{2}", 500: r"5\d{2}"}
"""A backend's own errors, as a caller is told them."""

_FUNCTION_ERRORS: Final = {500: "(\\n|.)+"}
_MESSAGE: Final = "{\"message\": $input.json('$.errorMessage')}"
_NO_RESPONSE: Final = """#if($ctx.error)
$util.error($ctx.error.message, $ctx.error.type)
#end
#if($ctx.result.statusCode >= 200 && $ctx.result.statusCode < 300)
$ctx.result.body
#else
$util.error($ctx.result.body, "$ctx.result.statusCode")
#end"""
_BODYLESS: Final = frozenset(("GET", "DELETE"))
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A model endpoint, by its name; the bindings say where it lives here."""

    name: str
    content_type: str

    def integration(self, asked: Asked) -> Integration:
        """Send the request's body, or what its template makes, and pass the answer on."""
        invocations = f":runtime.sagemaker:path/endpoints/{self.name}/invocations"
        return Integration(
            properties={
                "Type": "AWS",
                "IntegrationHttpMethod": "POST",
                "Uri": {"Fn::Join": ["", ["arn:", PARTITION, ":apigateway:", REGION, invocations]]},
                "RequestParameters": {"integration.request.header.Content-Type": f"'{self.content_type}'"},
                **mapped(asked),
            },
            cases=cases(asked, ERRORS),
            allowed=(("sagemaker:InvokeEndpoint", arn("sagemaker", f":endpoint/{self.name}")),),
            needs_role=True,
        )

    def source(self, asked: Asked) -> DataSource:
        """Send the field's arguments, or what its template makes, over the service's own HTTP interface."""
        call = {
            "version": "2018-05-29",
            "method": "POST",
            "resourcePath": f"/endpoints/{self.name}/invocations",
            "params": {"headers": {"Content-Type": self.content_type}},
        }
        given = "$util.toJson($ctx.args)" if asked.request == "" else velocity(asked.request)
        host = {"Fn::Join": ["", ["https://runtime.sagemaker.", REGION, ".", {"Ref": "AWS::URLSuffix"}]]}
        signing = {"SigningRegion": REGION, "SigningServiceName": "sagemaker"}
        authorization = {"AuthorizationType": "AWS_IAM", "AwsIamConfig": signing}
        return DataSource(
            name=identifier("Endpoint", self.name),
            type="HTTP",
            settings={"HttpConfig": {"Endpoint": host, "AuthorizationConfig": authorization}},
            request=http_document(call, given),
            response=_NO_RESPONSE if asked.response == "" else velocity(asked.response),
            allowed=(("sagemaker:InvokeEndpoint", arn("sagemaker", f":endpoint/{self.name}")),),
        )


def endpoint(name: str, *, content_type: str = "application/json") -> Endpoint:
    """Give a SageMaker endpoint as a target: a model behind `POST /invocations`, which the bindings place.

    Raises ValueError for what cannot be the name of one (SageMaker API reference, `CreateEndpoint`).
    """
    if _ENDPOINT.fullmatch(name) is None:
        raise ValueError(f"{name!r} cannot be the name of an endpoint: it has letters, digits and single hyphens")
    return Endpoint(name=name, content_type=content_type)


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """A Lambda function; `path` is the folder or archive of its code where it is declared here, "" elsewhere."""

    name: str
    path: str = ""
    handler: str = ""
    runtime: str = ""
    timeout: int = 3
    memory: int = 128
    environment: Mapping[str, str] = {}
    place: Place = NOWHERE

    def integration(self, asked: Asked) -> Integration:
        """Hand the whole request over, or what the route's template makes as the function's event."""
        path = ":lambda:path/2015-03-31/functions/"
        uri = {"Fn::Join": ["", ["arn:", PARTITION, ":apigateway:", REGION, path, self._arn(), "/invocations"]]}
        properties: dict[str, object] = {"IntegrationHttpMethod": "POST", "Uri": uri}
        elements = (*self._elements(), self._permission())
        if asked.request == "" and asked.response == "" and not asked.errors:
            return Integration(properties={**properties, "Type": "AWS_PROXY"}, elements=elements)
        made = cases(asked, _FUNCTION_ERRORS, failed=_MESSAGE)
        return Integration(properties={**properties, "Type": "AWS", **mapped(asked)}, cases=made, elements=elements)

    def source(self, asked: Asked) -> DataSource:
        """Hand the field's context over, or what its template makes as the payload."""
        request, response = asked.request, asked.response
        if not isinstance(request, str):
            made = f'{{"version": "2018-05-29", "operation": "Invoke", "payload": {velocity(request)}}}'
        else:
            made = request
        return DataSource(
            name=identifier("Function", self.name),
            type="AWS_LAMBDA",
            settings={"LambdaConfig": {"LambdaFunctionArn": self._arn()}},
            request=made,
            response=velocity(response) if response != "" else RESULT if made else "",
            elements=self._elements(),
            allowed=(("lambda:InvokeFunction", self._arn()),),
        )

    def _arn(self) -> object:
        if self.path:
            return {"Fn::GetAtt": [self._id(), "Arn"]}
        return self.name if _ARN.fullmatch(self.name) else arn("lambda", f":function:{self.name}")

    def _id(self) -> str:
        return logical_id("Function", self.name, "Resource")

    def _permission(self) -> Element:
        principal = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
        name: object = {"Ref": self._id()} if self.path else self.name
        return Element(
            id=logical_id("Function", self.name, "Permission"),
            type="AWS::Lambda::Permission",
            properties={**principal, "FunctionName": name},
            place=self.place,
        )

    def _elements(self) -> tuple[Element, ...]:
        if not self.path:
            return ()
        principal = {"Service": "lambda.amazonaws.com"}
        trust = document({"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principal})
        basic = ["arn:", PARTITION, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
        role = Element(
            id=logical_id("Function", self.name, "Role"),
            type="AWS::IAM::Role",
            properties={"AssumeRolePolicyDocument": trust, "ManagedPolicyArns": [{"Fn::Join": ["", basic]}]},
            place=self.place,
        )
        settings: dict[str, object] = {"Environment": {"Variables": dict(self.environment)}} if self.environment else {}
        function = Element(
            id=self._id(),
            type="AWS::Lambda::Function",
            properties={
                "FunctionName": self.name,
                "Code": self.path,
                "Handler": self.handler,
                "Runtime": self.runtime,
                "Timeout": self.timeout,
                "MemorySize": self.memory,
                "Role": role.attribute("Arn"),
                **settings,
            },
            place=self.place,
        )
        return role, function


def function(
    name: str = "",
    *,
    path: str | Path = "",
    handler: str = "index.handler",
    runtime: str = "python3.12",
    timeout: int = 3,
    memory: int = 128,
    environment: Mapping[str, str] | None = None,
) -> Function:
    """Give a Lambda function as a target: one that the bindings place, by its name or ARN, or one declared here.

    `path` is the folder or zip archive of its code, relative to the program's file; `handler` is `module.function`;
    `timeout` in seconds, `memory` in MB. A declared one without a name is named as its folder. Raises ValueError for
    what no function can be made of (Lambda API reference, `CreateFunction`).
    """
    made = origin()
    whole = str((Path(made.file).parent / path).absolute()) if path else ""
    named = name or Path(whole).stem
    if not _FUNCTION.fullmatch(named) and not (_ARN.fullmatch(named) and not path):
        raise ValueError(f"{named!r} cannot be the name of a function: letters, digits, - and _, or an ARN")
    if path and not handler.rpartition(".")[0]:
        raise ValueError(f"{handler!r} is no handler: one is a module and a function in it, as in index.handler")
    if not 1 <= timeout <= 900:
        raise ValueError(f"a function's timeout is 1 to 900 seconds, not {timeout}")
    return Function(
        name=named,
        path=whole,
        handler=handler,
        runtime=runtime,
        timeout=timeout,
        memory=memory,
        environment=environment or {},
        place=made,
    )


class Http(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP address; `method` is "" for the route's own."""

    url: str
    method: str = ""

    def integration(self, asked: Asked) -> Integration:
        """Pass the request on as it came, or mapped where the route has templates."""
        missing = [name for name in _PLACEHOLDER.findall(self.url) if name not in asked.parameters]
        if missing:
            text = f"the address has {{{missing[0]}}}, which is no parameter of the path {asked.path}"
            raise ValueError(text)
        proxy = asked.request == "" and asked.response == "" and not asked.errors
        parameters = {f"integration.request.path.{name}": f"method.request.path.{name}" for name in asked.parameters}
        for name in asked.query if not proxy else ():
            parameters[f"integration.request.querystring.{name}"] = f"method.request.querystring.{name}"
        for name in asked.headers if not proxy else ():
            parameters[f"integration.request.header.{name}"] = f"method.request.header.{name}"
        properties: dict[str, object] = {
            "Type": "HTTP_PROXY" if proxy else "HTTP",
            "IntegrationHttpMethod": self.method or asked.method,
            "Uri": self.url,
            **({"RequestParameters": parameters} if parameters else {}),
        }
        if proxy:
            return Integration(properties=properties)
        return Integration(properties={**properties, **mapped(asked)}, cases=cases(asked, ERRORS))

    def source(self, asked: Asked) -> DataSource:
        """Call the address with the field's arguments in its path, and as its body where the method has one."""
        parts = urlsplit(self.url)
        method = self.method or ("POST" if asked.request != "" else "GET")
        path = _PLACEHOLDER.sub(
            r"$util.urlEncode($util.defaultIfNull($ctx.args.\1, $ctx.source.\1))", parts.path or "/"
        )
        call: dict[str, object] = {"version": "2018-05-29", "method": method, "resourcePath": "PATH"}
        given = ""
        if method not in _BODYLESS:
            call["params"] = {"headers": {"Content-Type": "application/json"}}
            given = "$util.toJson($ctx.args)" if asked.request == "" else velocity(asked.request)
        query = f"?{parts.query}" if parts.query else ""
        host = f"{parts.scheme}://{parts.netloc}"
        return DataSource(
            name=identifier("Http", host),
            type="HTTP",
            settings={"HttpConfig": {"Endpoint": host}},
            request=http_document(call, given).replace('"PATH"', f'"{path}{query}"'),
            response=_NO_RESPONSE if asked.response == "" else velocity(asked.response),
        )


def http(url: str, *, method: str = "") -> Http:
    """Give an HTTP address as a target; `{name}` in it is a parameter of the route's path, or of the field.

    The request is passed on as it came, unless the route has a request, a response or errors of its own. `method` is
    the one that the address is called with, the route's own for "". Raises ValueError for no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{url!r} is no address: one starts with http:// or https:// and names a host")
    if method and method not in _METHODS:
        raise ValueError(f"{method!r} is no method; there are {', '.join(_METHODS)}")
    return Http(url=url, method=method)


class Mock(msgspec.Struct, frozen=True, kw_only=True):
    """An answer without a backend."""

    status: int
    body: Template
    headers: Mapping[str, str] = {}

    def integration(self, asked: Asked) -> Integration:
        """Answer with the body, whatever was asked."""
        if asked.request != "" or asked.response != "" or asked.errors:
            raise ValueError("mock() has its answer itself: a route to it takes no request, response or errors")
        text = isinstance(self.body, str)
        case = Case(
            status=self.status,
            template=literal(str(self.body)) if text else velocity(self.body),
            content="text/plain" if text else "application/json",
            headers=self.headers,
        )
        request = {"application/json": json.dumps({"statusCode": self.status})}
        properties = {"Type": "MOCK", "PassthroughBehavior": "WHEN_NO_TEMPLATES", "RequestTemplates": request}
        return Integration(properties=properties, cases=(case,))

    def source(self, asked: Asked) -> DataSource:
        """Answer with the body, or with what the field's template makes."""
        given = quoted(self.body) if isinstance(self.body, str) else velocity(self.body)
        payload = given if asked.request == "" else velocity(asked.request)
        return DataSource(
            name="None",
            type="NONE",
            request=f'{{"version": "2018-05-29", "payload": {payload}}}',
            response=RESULT if asked.response == "" else velocity(asked.response),
        )


def mock(status: int = 200, body: Template = "", *, headers: Mapping[str, str] | None = None) -> Mock:
    """Give an answer without a backend as a target: JSON for a Python value, which may hold expressions, else text.

    Raises ValueError for a status that is none.
    """
    if not 100 <= status <= 599:
        raise ValueError(f"{status} is no status: one is 100 to 599")
    velocity(body)
    return Mock(status=status, body=body, headers=headers or {})


def mapped(asked: Asked) -> dict[str, object]:
    """Give the properties of an integration whose request has a template, or none."""
    if asked.request == "":
        return {"PassthroughBehavior": "WHEN_NO_MATCH"}
    return {"PassthroughBehavior": "NEVER", "RequestTemplates": {"application/json": velocity(asked.request)}}


def cases(asked: Asked, errors: Errors, success: str = "", failed: str = "") -> tuple[Case, ...]:
    """Give the answers of a mapped integration: the errors that are told apart, and all else as 200.

    `success` and `failed` are the templates where the route has none.
    """
    made = [Case(status=200, template=success if asked.response == "" else velocity(asked.response))]
    for status, told in (asked.errors or errors).items():
        pattern, template = (told, failed) if isinstance(told, str) else (told[0], velocity(told[1]))
        made.append(Case(status=status, pattern=pattern, template=template))
    return tuple(made)


def http_document(call: Mapping[str, object], body: str) -> str:
    """Give the request document of an HTTP data source, with Velocity as its body, "" for none."""
    text = json.dumps(call)
    if not body:
        return text
    if '"params": {' not in text:
        return f'{text[:-1]}, "params": {{"body": {body}}}}}'
    return text.replace('"params": {', f'"params": {{"body": {body}, ', 1)


def identifier(*path: str) -> str:
    """Give a name for a data source: letters, digits and underscores (AppSync, `CreateDataSource`)."""
    return logical_id(*path)[:64]
