"""APIs with a Lambda authorizer, whose function is the laboratory's recording backend."""

import json
from typing import Any

import pytest

URI = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-west-1:123456789012:function:{}/invocations"
)


class Guard:
    """Builds APIs that ask a function, and what the function says."""

    def __init__(self, lab: Any) -> None:
        self._lab = lab

    def uri(self, name: str = "recorded") -> str:
        return URI.format(name)

    def scheme(self, kind: str = "token", name: str = "Authorization", **authorizer: Any) -> dict[str, Any]:
        """Give a security scheme of an authorizer."""
        own = {"type": kind, "authorizerUri": self.uri(), **authorizer}
        return {
            "type": "apiKey",
            "name": name if kind == "token" else "Unused",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": own,
        }

    def api(
        self, template: str = "in", path: str = "/t", operation: dict[str, Any] | None = None, **scheme: Any
    ) -> dict[str, Any]:
        """Give an API with one path whose methods ask the authorizer; the response is a template."""
        top = scheme.pop("top", {})
        method = {**self._lab.rendering(template), "security": [{"guard": []}], **(operation or {})}
        schemes = {"guard": self.scheme(**scheme), **top.pop("schemes", {})}
        document: dict[str, Any] = self._lab.document(
            {path: {"x-amazon-apigateway-any-method": method}}, components={"securitySchemes": schemes}, **top
        )
        return document

    def statement(self, effect: str = "Allow", resource: Any = "*", **more: Any) -> dict[str, Any]:
        return {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource, **more}

    def result(self, *statements: dict[str, Any], **members: Any) -> Any:
        """Give the reply of a function that returns a policy of these statements, one that allows all without any."""
        stated = list(statements) or [self.statement()]
        made = {"principalId": "ada", "policyDocument": {"Version": "2012-10-17", "Statement": stated}, **members}
        return self.raw(json.dumps({name: value for name, value in made.items() if value is not ...}))

    def raw(self, text: str | bytes) -> Any:
        return self._lab.reply(body=text.encode() if isinstance(text, str) else text)

    def failure(self, message: str) -> Any:
        """Give the reply of a function that raised an error with this message."""
        body = json.dumps({"errorMessage": message, "errorType": "Exception"}).encode()
        return self._lab.reply(headers={"x-amz-function-error": "Unhandled"}, body=body)


@pytest.fixture
def guard(lab: Any) -> Guard:
    return Guard(lab)
