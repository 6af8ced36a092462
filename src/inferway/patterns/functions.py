"""Lambda functions as targets.

Sources: API Gateway, "Lambda proxy integrations"; AppSync, "Direct Lambda resolvers".
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns.element import Element, logical_id
from inferway.patterns.fragments import PARTITION, REGION, arn, document
from inferway.patterns.mapping import cases, identifier, mapped
from inferway.patterns.origin import NOWHERE, origin
from inferway.patterns.shape import RESULT, Asked, DataSource, Integration
from inferway.patterns.templates import velocity

_FUNCTION: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ARN: Final = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:.+")
_FUNCTION_ERRORS: Final = {500: "(\\n|.)+"}
_MESSAGE: Final = "{\"message\": $input.json('$.errorMessage')}"


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
