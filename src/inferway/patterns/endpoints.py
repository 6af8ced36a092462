"""Model endpoints as targets.

Sources: API Gateway, "PutIntegration"; AppSync, "Resolver mapping template reference for HTTP".
"""

import re
from typing import Final

import msgspec

from inferway.patterns.fragments import PARTITION, REGION, arn
from inferway.patterns.mapping import ERRORS, NO_RESPONSE, cases, http_document, identifier, mapped
from inferway.patterns.shape import Asked, DataSource, Integration
from inferway.patterns.templates import velocity

_ENDPOINT: Final = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


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
            response=NO_RESPONSE if asked.response == "" else velocity(asked.response),
            allowed=(("sagemaker:InvokeEndpoint", arn("sagemaker", f":endpoint/{self.name}")),),
        )


def endpoint(name: str, *, content_type: str = "application/json") -> Endpoint:
    """Give a SageMaker endpoint as a target: a model behind `POST /invocations`, which the bindings place.

    Raises ValueError for what cannot be the name of one (SageMaker API reference, `CreateEndpoint`).
    """
    if _ENDPOINT.fullmatch(name) is None:
        raise ValueError(f"{name!r} cannot be the name of an endpoint: it has letters, digits and single hyphens")
    return Endpoint(name=name, content_type=content_type)
