"""Amazon API Gateway REST APIs, as a dialect.

Source of what `ANY` stands for: API Gateway, "Set up a proxy integration with a proxy resource".
"""

from typing import ClassVar

from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.access_line import compile_line, log_format, timed_steps, when_streamed
from inferway.dialects.apigateway.faults import ApiGatewayFaults
from inferway.dialects.apigateway.identifiers import extended_request_id
from inferway.dialects.apigateway.response_headers import finishes
from inferway.dialects.apigateway.scope import ApiGatewayScope
from inferway.dialects.apigateway.sent_headers import trace_id
from inferway.dialects.apigateway.state import State, request_id_of
from inferway.dialects.dialect import Faults, Finish, Scope
from inferway.exchange import Exchange, Response


class ApiGateway:
    """The dialect."""

    name = "apigateway"
    methods: ClassVar[frozenset[str] | None] = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))

    def scope(self, deployment: Deployment) -> Scope:
        """Give the scope of mapping templates, parameter mappings and gateway responses."""
        return ApiGatewayScope(deployment)

    def faults(self, deployment: Deployment, scope: Scope) -> Faults:
        """Give the deployment's gateway responses."""
        return ApiGatewayFaults(deployment, scope)

    def finish(self, deployment: Deployment) -> Finish:
        """Give what drops and remaps headers where a route needs it, adds the service's identifiers, and logs."""
        special = finishes(deployment)
        log = log_format(deployment.stage)
        line = compile_line(log, deployment) if log else None
        traces = deployment.stage.tracing

        def finish(exchange: Exchange, response: Response) -> None:
            own = special.get(exchange.route)
            if own is not None and exchange.fault is None:
                own(exchange, response)
            if traces and exchange.fault is not None:
                response.headers.append((b"X-Amzn-Trace-Id", trace_id(exchange).encode("latin-1")))
            state = exchange.scope
            extended = state.extended_id if isinstance(state, State) else extended_request_id()
            response.headers += (
                (b"x-amzn-RequestId", request_id_of(exchange).encode("ascii")),
                (b"x-amz-apigw-id", extended.encode("ascii")),
            )
            if line is not None:
                exchange.line = (
                    line(exchange, response)
                    if isinstance(response.body, bytes)
                    else when_streamed(line, exchange, response)
                )

        return finish

    def timed(self, deployment: Deployment) -> frozenset[str]:
        """Give the steps whose latencies the stage's log format has."""
        return timed_steps(log_format(deployment.stage))
