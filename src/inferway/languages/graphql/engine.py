"""Prepares documents and executes them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    Source,
    execute,
    parse,
)

from inferway.languages.graphql.execution import BoundedExecutor, Budget, problem_of
from inferway.languages.graphql.field import FieldCall, Resolver
from inferway.languages.graphql.limits import Limits
from inferway.languages.graphql.measure import measure
from inferway.languages.graphql.problems import Location, Problem, RequestError
from inferway.languages.graphql.scalars import Scalar
from inferway.languages.graphql.schema import Schema
from inferway.languages.graphql.validation import validate
from inferway.languages.graphql.variables import check_variables

_DEFAULT = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A document that may be executed."""

    document: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]

    def operation(self, name: str) -> OperationDefinitionNode:
        """Give the operation of a name, "" for the only one. Raises RequestError where that is none."""
        if not name and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        found = self.operations.get(name) if name else None
        if found is None:
            text = f"Unknown operation named '{name[:100]}'." if name else "Several operations and no operation name."
            raise RequestError((Problem(kind="Operation", message=text, detail={"name": name[:100]}),))
        return found

    def kind(self, name: str) -> str:
        """Give what an operation is: `query`, `mutation` or `subscription`."""
        return str(self.operation(name).operation.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an execution gave: the data, None where it came to nothing, and what went wrong on the way."""

    data: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()


@dataclass(kw_only=True, slots=True)
class _Execution:
    """The context of one execution."""

    context: Any
    budget: Budget
    scalars: Mapping[str, Scalar]
    problems: list[Problem] = field(default_factory=list)


class Engine:
    """One schema with its resolvers. Used from one event loop."""

    def __init__(
        self,
        schema: Schema,
        resolvers: Mapping[tuple[str, str], Resolver],
        *,
        introspection: bool = True,
        limits: Limits = _DEFAULT,
    ) -> None:
        self._schema = schema
        self._resolvers = dict(resolvers)
        self._introspection = introspection
        self._limits = limits
        self._prepared: OrderedDict[str, Prepared | RequestError] = OrderedDict()

    def prepare(self, text: str) -> Prepared:
        """Parse, measure and validate a document, once per text. Raises RequestError."""
        known = self._prepared.get(text)
        if known is not None:
            self._prepared.move_to_end(text)
        else:
            known = self._prepare(text)
            if len(text) <= self._limits.cached_characters:
                self._prepared[text] = known
                if len(self._prepared) > self._limits.cached_documents:
                    self._prepared.popitem(last=False)
        if isinstance(known, RequestError):
            raise RequestError(known.problems)
        return known

    def _prepare(self, text: str) -> Prepared | RequestError:
        limits = self._limits
        if len(text) > limits.characters:
            message = f"The document has {len(text)} characters, more than {limits.characters}"
            return RequestError((Problem(kind="Syntax", message=message),))
        try:
            document = parse(Source(text), max_tokens=limits.tokens)
            problems = tuple(measure(document, limits))
        except GraphQLSyntaxError as error:
            places = tuple(Location(line=place.line, column=place.column) for place in error.locations or ())
            return RequestError((Problem(kind="Syntax", message=error.message, locations=places),))
        except RecursionError:
            return RequestError((Problem(kind="Syntax", message="The document is nested too deeply"),))
        problems = problems or validate(self._schema, document, introspection=self._introspection, most=limits.errors)
        if problems:
            return RequestError(problems)
        operations = {
            node.name.value if node.name is not None else "": node
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        return Prepared(document=document, operations=operations)

    async def execute(
        self, prepared: Prepared, *, operation: str = "", variables: Mapping[str, Any], context: Any
    ) -> Answer:
        """Execute one operation: queries' fields at once, mutations' one after the other.

        `context` reaches each resolver. Raises RequestError where the operation or the variables are not right.
        """
        node = prepared.operation(operation)
        if node.operation is OperationType.SUBSCRIPTION:
            raise RequestError((Problem(kind="Subscription", message="A subscription is not executed here."),))
        wrong = tuple(check_variables(self._schema, node, variables))
        if wrong:
            raise RequestError(wrong)
        limits = self._limits
        running = _Execution(
            context=context, budget=Budget(limits.fields, limits.pipelines), scalars=self._schema.scalars
        )
        try:
            result = execute(
                self._schema.core,
                prepared.document,
                root_value=None,
                context_value=running,
                variable_values=dict(variables),
                operation_name=node.name.value if node.name is not None else None,
                field_resolver=self._resolve,
                executor_class=BoundedExecutor,
                hide_suggestions=True,
            )
            if isinstance(result, Awaitable):
                result = await result
        except (GraphQLError, RecursionError) as error:
            raise RequestError((Problem(kind="Execution", message=str(error)),)) from error
        found = tuple(problem_of(error) for error in result.errors or ())
        return Answer(data=result.data, problems=(*running.problems, *found))

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        resolver = self._resolvers.get((info.parent_type.name, info.field_name))
        if resolver is None:
            return source.get(info.field_name) if isinstance(source, dict) else None
        running: _Execution = info.context
        running.budget.take_pipeline(self._limits.pipelines)
        return _call(resolver, FieldCall(source, info, arguments, running.context), info, running)


async def _call(resolver: Resolver, call: FieldCall, info: GraphQLResolveInfo[Any], running: _Execution) -> Any:
    try:
        return await resolver(call)
    finally:
        if call.errors:
            running.problems += [_beside(error, info) for error in call.errors]


def _beside(error: Exception, info: GraphQLResolveInfo[Any]) -> Problem:
    """Give the Problem for an error that goes out beside its field's value."""
    places = (node.loc.start_token for node in info.field_nodes if node.loc is not None)
    return Problem(
        kind="Resolver",
        message=str(error),
        locations=tuple(Location(line=token.line, column=token.column) for token in places),
        path=tuple(info.path.as_list()),
        cause=error,
    )
