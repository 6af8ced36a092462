"""Answers without a backend as targets.

Sources: API Gateway, "Mock integrations"; AppSync, "Resolver mapping template reference for None".
"""

import json
from collections.abc import Mapping

import msgspec

from inferway.patterns.shape import RESULT, Asked, Case, DataSource, Integration
from inferway.patterns.templates import Template, literal, quoted, velocity


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
