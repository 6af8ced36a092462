"""Pipelines compiled once per deployment: what a route, a field or a function does, as a flat tuple of stages."""

import traceback
from importlib import import_module
from typing import Final

from inferway.definition import guard_steps, message_steps, steps
from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.policy_steps import CheckResourcePolicy
from inferway.definition.steps import Pipeline, Step
from inferway.definition.token_steps import RequireToken
from inferway.definition.web_acl import ApplyWebAcl
from inferway.dialects.dialect import EvaluationError, Faults, Finish
from inferway.exchange import Exchange, Response, Result
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import SETTLED, NestedPipeline, Outcome, Parts, Stage, run

STAGES: Final[dict[type, str]] = {
    steps.RequireApiKey: "require_api_key",
    steps.RequireSignature: "require_signature",
    steps.RequirePermission: "require_permission",
    CheckResourcePolicy: "check_resource_policy",
    InvokeAuthorizer: "invoke_authorizer",
    RequireToken: "require_token",
    steps.LimitByUsagePlan: "limit_by_usage_plan",
    steps.LimitByStage: "limit_by_stage",
    steps.ValidateParameters: "validate_parameters",
    steps.ValidateBody: "validate_body",
    steps.LookUpCache: "look_up_cache",
    steps.StoreInCache: "store_in_cache",
    steps.MapRequest: "map_request",
    steps.Invoke: "invoke",
    steps.MapResponse: "map_response",
    steps.Refuse: "refuse",
    steps.SetVariable: "set_variable",
    message_steps.DecodeBody: "decode_body",
    message_steps.EncodeBody: "encode_body",
    message_steps.SetHeader: "set_header",
    message_steps.PassRequest: "pass_request",
    message_steps.BeginResponse: "begin_response",
    message_steps.SetQuery: "set_query",
    message_steps.SetBody: "set_body",
    message_steps.ReplaceText: "replace_text",
    message_steps.SetMethod: "set_method",
    message_steps.SetStatus: "set_status",
    message_steps.RewritePath: "rewrite_path",
    message_steps.SelectBackend: "select_backend",
    guard_steps.LimitBySlidingWindow: "limit_by_sliding_window",
    guard_steps.LimitByFixedWindow: "limit_by_fixed_window",
    guard_steps.CheckHeader: "check_header",
    guard_steps.FilterAddress: "filter_address",
    guard_steps.ValidateContent: "validate_content",
    guard_steps.RequireCertificate: "require_certificate",
    guard_steps.AllowOrigins: "allow_origins",
    message_steps.WriteLog: "write_log",
    message_steps.Mark: "mark",
    steps.ReturnResponse: "return_response",
    steps.EvaluateTemplate: "evaluate_template",
    steps.Choose: "choose",
    steps.Retry: "retry",
    steps.RunPipeline: "run_pipeline",
    steps.ExecuteGraphql: "execute_graphql",
    ApplyWebAcl: "apply_web_acl",
}
"""Which module of `gateway.stages` compiles which step; it is imported when a deployment has such a step."""

_NO_RESPONSE: Final = Fault(kind=FaultKind.MISCONFIGURED, cause="the pipeline ended without a response")


def compile_steps(sequence: tuple[Step, ...], parts: Parts) -> tuple[Stage, ...]:
    """Compile steps in order; one step may give no stage, or several."""
    return tuple(stage for step in sequence for stage in compile_step(step, parts))


def compile_step(step: Step, parts: Parts) -> tuple[Stage, ...]:
    """Compile one step by the module that the table names for its class."""
    stages: tuple[Stage, ...] = import_module(f"inferway.gateway.stages.{STAGES[type(step)]}").compile_stage(
        step, parts
    )
    return stages


def compile_pipeline(pipeline: Pipeline, parts: Parts) -> NestedPipeline:
    """Compile a pipeline that runs inside another; a fault in it runs its error section, whose outcome then counts."""
    stages = parts.compile_steps(pipeline.request + pipeline.invoke + pipeline.response, parts)
    on_error = parts.compile_steps(pipeline.error, parts)

    async def nested(exchange: Exchange) -> Outcome:
        outcome = await run(stages, exchange)
        if isinstance(outcome, Fault) and on_error:
            exchange.fault = outcome
            return await run(on_error, exchange) or outcome
        return outcome

    return nested


def failure(error: Exception) -> Fault:
    """Give the fault for an exception that left a stage."""
    if isinstance(error, EvaluationError):
        return Fault(kind=FaultKind.TEMPLATE_FAILED, cause=str(error))
    return Fault(kind=FaultKind.INTERNAL, cause="".join(traceback.format_exception(error)))


class CompiledFront:
    """The steps that every request of a stage goes through before its route is looked up, ready to serve."""

    __slots__ = ("_stages",)

    def __init__(self, steps: tuple[Step, ...], parts: Parts) -> None:
        self._stages = parts.compile_steps(steps, parts)

    async def serve(self, exchange: Exchange) -> Response | Fault | None:
        """Run the steps; None where the request goes on. Only cancellation is raised."""
        try:
            outcome = await run(self._stages, exchange)
        except Exception as error:  # noqa: BLE001 - whatever a stage raises, the client gets the vendor's error
            return failure(error)
        return _result_outside(outcome) if isinstance(outcome, Result) else outcome


class CompiledRoute:
    """A route ready to serve."""

    __slots__ = ("_faults", "_finish", "_on_error", "_stages", "label", "method", "path")

    def __init__(self, parts: Parts, faults: Faults, finish: Finish) -> None:
        pipeline = parts.route.pipeline
        self.method = parts.route.method
        self.path = parts.route.path
        self.label = f"{self.method} {self.path}"
        self._stages = parts.compile_steps(pipeline.request + pipeline.invoke + pipeline.response, parts)
        self._on_error = parts.compile_steps(pipeline.error, parts)
        self._faults = faults
        self._finish = finish

    async def serve(self, exchange: Exchange) -> Response:
        """Run the stages and give the response, whatever happens; only cancellation is raised."""
        outcome: Outcome = None
        try:
            for stage in self._stages:
                given = stage(exchange)
                if given is None:
                    continue
                outcome = given if type(given) in SETTLED else await given  # type: ignore[misc, assignment]  # SETTLED tells mypy nothing
                if outcome is not None:
                    break
        except Exception as error:  # noqa: BLE001 - whatever a stage raises, the client gets the vendor's error
            outcome = failure(error)
        if outcome is None:
            response = exchange.response
            if not response.status:
                response = await self._fail(_NO_RESPONSE, exchange)
        elif type(outcome) is Response:
            response = exchange.response = outcome
        elif isinstance(outcome, Fault):
            response = await self._fail(outcome, exchange)
        else:
            response = await self._fail(_result_outside(outcome), exchange)
        self._finish(exchange, response)
        for finalize in exchange.finalizers:
            finalize(exchange)
        return response

    async def _fail(self, fault: Fault, exchange: Exchange) -> Response:
        """Give what the fault becomes; the error section finds that in the exchange and may change or replace it."""
        exchange.fault = fault
        exchange.response = self._faults.render(fault, exchange)
        if self._on_error:
            try:
                outcome = await run(self._on_error, exchange)
            except Exception as error:  # noqa: BLE001 - as above
                outcome = failure(error)
            if isinstance(outcome, Response):
                exchange.response = outcome
            elif isinstance(outcome, Fault):
                exchange.fault = outcome
                exchange.response = self._faults.render(outcome, exchange)
        return exchange.response


def _result_outside(outcome: Response | Result | None) -> Fault:
    return Fault(kind=FaultKind.MISCONFIGURED, cause=f"a route ended with {type(outcome).__name__}, not a response")
