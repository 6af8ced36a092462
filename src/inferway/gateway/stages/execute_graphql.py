"""ExecuteGraphql: answers a GraphQL request; each field that has a pipeline runs it in a frame of its own."""

import asyncio
from collections.abc import Awaitable

from inferway.definition.steps import ExecuteGraphql, GraphqlField
from inferway.dialects.graphql import FieldError, GraphqlScope, Manners
from inferway.exchange import Exchange, Frame, Result
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import NestedPipeline, Outcome, Parts, Stage
from inferway.languages.graphql import Engine, FieldCall, RequestError, Resolver, SchemaError, schema_from_sdl


def compile_stage(step: ExecuteGraphql, parts: Parts) -> tuple[Stage, ...]:
    """Build the schema and compile each field's pipeline; ValueError, with its place, for a schema that is none."""
    if not isinstance(parts.scope, GraphqlScope):
        raise ValueError(f"{step.place}: this dialect has no GraphQL")  # noqa: TRY004 - a definition's failure
    manners = parts.scope.manners
    try:
        schema = schema_from_sdl(step.schema, manners.prelude, manners.scalars)
    except SchemaError as error:
        raise ValueError(f"{step.place}: {error}") from error
    engine = Engine(
        schema,
        {(made.type_name, made.field_name): _resolver(made, manners, parts) for made in step.fields},
        introspection=step.introspection,
        limits=manners.limits(step.depth, step.pipelines),
    )

    async def execute(exchange: Exchange) -> Outcome:
        asked = manners.read(exchange.request)
        if isinstance(asked, Fault):
            return asked
        try:
            prepared = engine.prepare(asked.query)
            async with asyncio.timeout(step.timeout):
                answer = await engine.execute(
                    prepared, operation=asked.operation, variables=asked.variables, context=exchange
                )
        except RequestError as error:
            return manners.refuse(error.problems)
        except TimeoutError:
            return Fault(kind=FaultKind.BACKEND_TIMEOUT, cause=f"the request took longer than {step.timeout:g} s")
        return manners.answer(answer)

    def execute_graphql(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        return execute(exchange)

    return (execute_graphql,)


def _resolver(field: GraphqlField, manners: Manners, parts: Parts) -> Resolver:
    return _Running(parts.compile_pipeline(field.pipeline, parts), manners).resolve


class _Running:
    """One field's pipeline."""

    __slots__ = ("_manners", "_run")

    def __init__(self, run: NestedPipeline, manners: Manners) -> None:
        self._run = run
        self._manners = manners

    async def resolve(self, call: FieldCall) -> object:
        """Give the field's value; raises FieldError."""
        frame = Frame(arguments=call.arguments, source=call.source, previous=None, stash={}, field=call)
        exchange: Exchange = call.context
        try:
            outcome = await self._run(exchange.in_frame(frame))
        except FieldError as error:
            raise self._filtered(error, call) from error
        except Exception as error:  # whatever a pipeline raises is the failure of its field
            raise self._manners.field_error(error, call) from error
        finally:
            call.errors = [self._filtered(error, call) for error in call.errors if isinstance(error, FieldError)]
        if isinstance(outcome, Fault):
            raise self._manners.field_error(outcome, call)
        if isinstance(outcome, Result):
            return outcome.value
        return frame.result if outcome is None else None

    @staticmethod
    def _filtered(error: FieldError, call: FieldCall) -> FieldError:
        return FieldError(error.message, error.kind, call.filtered(error.data), error.info)
