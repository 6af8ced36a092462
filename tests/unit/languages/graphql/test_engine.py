import asyncio
from typing import Any

import pytest

from inferway.languages.graphql import (
    Engine,
    FieldCall,
    Limits,
    Problem,
    RequestError,
    Scalar,
    ScalarError,
    SchemaError,
    schema_from_sdl,
)

SDL = """
type Query { a(x: Int! = 1, i: In): T  b: String!  even(n: Even): Even  list: [T!] }
type Mutation { m: Int }
type Subscription { s: Int }
type T { id: ID!  t: T }
input In { k: String!  in: In }
"""


def even(value: Any) -> int:
    if not isinstance(value, int) or value % 2:
        raise ScalarError(f"{value!r} is not even")
    return value


SCALARS = {"Even": Scalar(parse=even, serialize=even)}


def engine(resolvers: Any = (), **limits: int) -> Engine:
    return Engine(schema_from_sdl(SDL, "scalar Even", SCALARS), dict(resolvers), limits=Limits(**limits))


def run(made: Engine, query: str, variables: Any = (), operation: str = "") -> Any:
    return asyncio.run(
        made.execute(made.prepare(query), operation=operation, variables=dict(variables), context="the context")
    )


def refused(made: Engine, query: str, variables: Any = ()) -> tuple[Problem, ...]:
    with pytest.raises(RequestError) as raised:
        run(made, query, variables)
    return raised.value.problems


def giving(value: Any) -> Any:
    async def resolve(call: FieldCall) -> Any:
        return value

    return resolve


def test_a_resolver_sees_its_field() -> None:
    seen: list[FieldCall] = []

    async def resolve(call: FieldCall) -> Any:
        seen.append(call)
        return {"id": 1}

    query = "query($v: In) { alias: a(x: 2, i: $v) { id again: t { id } } }"
    answer = run(engine({("Query", "a"): resolve}), query, {"v": {"k": "x"}})
    assert answer.data == {"alias": {"id": "1", "again": None}}
    (call,) = seen
    assert (call.name, call.parent, call.type, call.source) == ("a", "Query", "T", None)
    assert call.arguments == {"x": 2, "i": {"k": "x"}}
    assert call.variables == {"v": {"k": "x"}}
    assert call.context == "the context"
    assert call.selected() == ("id", "again", "again/id")
    assert call.selection_text() == "{\n  id\n  again: t {\n    id\n  }\n}"
    assert call.filtered({"id": 1, "t": {"id": 2, "x": 3}, "x": 4}) == {"id": 1, "t": {"id": 2}}


def test_fields_of_a_query_wait_together() -> None:
    arrived: list[str] = []
    together = asyncio.Event()

    async def resolve(call: FieldCall) -> Any:
        arrived.append(call.name)
        if len(arrived) == 2:
            together.set()
        await together.wait()
        return {}

    async def both() -> Any:
        made = engine({("Query", "a"): resolve})
        prepared = made.prepare("{ one: a { t { id } } two: a { t { id } } }")
        return await made.execute(prepared, variables={}, context=None)

    assert asyncio.run(both()).data == {"one": {"t": None}, "two": {"t": None}}


def test_an_exception_is_a_problem_at_its_field() -> None:
    async def resolve(call: FieldCall) -> Any:
        raise KeyError("gone")

    answer = run(engine({("Query", "a"): resolve}), "{\n  a { id }\n}")
    (problem,) = answer.problems
    assert answer.data == {"a": None}
    assert (problem.kind, problem.path, problem.locations[0].line, problem.locations[0].column) == (
        "Resolver",
        ("a",),
        2,
        3,
    )
    assert isinstance(problem.cause, KeyError)


def test_an_error_beside_a_value() -> None:
    async def resolve(call: FieldCall) -> Any:
        call.errors.append(ValueError("by the way"))
        return {"id": 1}

    answer = run(engine({("Query", "a"): resolve}), "{ a { id } }")
    assert answer.data == {"a": {"id": "1"}}
    assert [(problem.kind, problem.message, problem.path) for problem in answer.problems] == [
        ("Resolver", "by the way", ("a",))
    ]


@pytest.mark.parametrize(
    ("value", "kind", "path"),
    [
        ({"t": {}}, "NullForNonNull", ("a", "t", "id")),
        ([1], "", ("a",)),
    ],
)
def test_a_value_that_does_not_fit(value: Any, kind: str, path: tuple[str, ...]) -> None:
    answer = run(engine({("Query", "a"): giving(value)}), "{ a { t { id } } }")
    assert [(problem.kind, problem.path) for problem in answer.problems] == ([(kind, path)] if kind else [])


def test_a_list_that_is_none() -> None:
    answer = run(engine({("Query", "list"): giving({"id": 1})}), "{ list { id } }")
    assert answer.problems[0].kind == "NotAList"


def test_scalars_are_checked_both_ways() -> None:
    made = engine({("Query", "even"): giving(3)})
    assert run(made, "{ even(n: 2) }").problems[0].kind == "BadLeaf"
    assert refused(made, "query($n: Even) { even(n: $n) }", {"n": 3})[0].detail["cause"] == "3 is not even"
    assert refused(made, "{ even(n: 3) }")[0].kind == "ValuesOfCorrectType"
    assert run(engine({("Query", "even"): giving(4)}), "{ even(n: 2) }").data == {"even": 4}


@pytest.mark.parametrize(
    ("query", "kind", "trail"),
    [
        ("{", "Syntax", ()),
        ("{ a { nope } }", "FieldsOnCorrectType", ("a", "nope")),
        ("query($x: String!) { a(x: $x) { id } }", "VariablesInAllowedPosition", ("a",)),
        ('{ a(x: "1") { id } }', "ValuesOfCorrectType", ("a",)),
        ("{ ...A } fragment A on Query { ...A }", "NoFragmentCycles", ("A",)),
    ],
)
def test_a_document_that_is_refused(query: str, kind: str, trail: tuple[str, ...]) -> None:
    (problem,) = refused(engine(), query)
    assert (problem.kind, problem.trail) == (kind, trail)


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({}, "VariableNull"),
        ({"i": None}, "VariableNull"),
        ({"i": 1}, "VariableNotAnObject"),
        ({"i": {}}, "VariableNull"),
        ({"i": {"k": 1}}, "VariableScalar"),
        ({"i": {"k": "x", "z": 1}}, "VariableUnknownField"),
        ({"i": {"k": "x", "in": {"k": None}}}, "VariableNull"),
    ],
)
def test_variables_that_are_refused(variables: Any, kind: str) -> None:
    (problem,) = refused(engine(), "query($i: In!) { a(i: $i) { id } }", variables)
    assert (problem.kind, problem.detail["variable"]) == (kind, "i")


def test_operations_by_name() -> None:
    made = engine({("Mutation", "m"): giving(1)})
    query = "query A { a { id } } mutation B { m }"
    assert run(made, query, operation="B").data == {"m": 1}
    assert refused(made, query)[0].kind == "Operation"
    assert made.prepare(query).kind("B") == "mutation"
    assert refused(made, "subscription { s }")[0].kind == "Subscription"


def test_a_document_is_prepared_once_and_the_oldest_forgotten() -> None:
    made = engine(cached_documents=2)
    first = made.prepare("{ __typename }")
    assert made.prepare("{ __typename }") is first
    made.prepare("{ a { id } }")
    made.prepare("{ b }")
    assert made.prepare("{ __typename }") is not first


@pytest.mark.parametrize(
    ("query", "limits", "kind"),
    [
        ("{ a { t { id } } }", {"depth": 2}, "TooDeep"),
        ("{ ...A } fragment A on Query { a { t { id } } }", {"depth": 2}, "TooDeep"),
        ("{ a { t { id } } }", {"nesting": 2}, "TooDeep"),
        ("{ a { id t { id } } }", {"selections": 3}, "TooMany"),
        ("{ b b b }", {"pairs": 2}, "TooMany"),
        ("{ b b b }", {"tokens": 4}, "Syntax"),
        ("{ b b b }", {"characters": 8}, "Syntax"),
    ],
)
def test_documents_beyond_a_limit(query: str, limits: dict[str, int], kind: str) -> None:
    made = engine(**limits)
    with pytest.raises(RequestError) as raised:
        made.prepare(query)
    assert {problem.kind for problem in raised.value.problems} == {kind}


def test_documents_within_their_limits() -> None:
    made = engine(depth=3, nesting=3, selections=3, pairs=1, tokens=9, characters=18)
    made.prepare("{ a { t { id } } }")
    made.prepare("{ b b }")


def test_answers_and_resolvers_are_counted() -> None:
    many = engine({("Query", "list"): giving([{"id": number} for number in range(100)])}, fields=50)
    assert {problem.kind for problem in run(many, "{ list { id } }").problems} == {"TooMany"}
    few = engine({("Query", "a"): giving({"id": 1})}, pipelines=1)
    answer = run(few, "{ one: a { id } two: a { id } }")
    assert answer.data == {"one": {"id": "1"}, "two": None}
    assert [problem.kind for problem in answer.problems] == ["TooManyResolvers"]


@pytest.mark.parametrize(
    ("sdl", "line"),
    [
        ("type Query {", 1),
        ("type Query {\n  a: Nope\n}", 2),
        ("type T { a: Int }", 0),
        ("type Query { a: Int }\ntype Query { b: Int }", 1),
    ],
)
def test_a_schema_that_is_none(sdl: str, line: int) -> None:
    with pytest.raises(SchemaError) as raised:
        schema_from_sdl(sdl, "", {})
    assert (raised.value.location.line if raised.value.location is not None else 0) == line


def test_what_a_schema_says_itself_counts_before_what_it_is_given() -> None:
    schema = schema_from_sdl(
        'scalar Even @specifiedBy(url: "https://x.example") type Query { e: Even }', "scalar Even", {}
    )
    assert schema.fields("Query") == {"e": "Even"}
    assert schema.roots() == {"query": "Query"}
    assert schema.object_types() == ("Query",)


def test_directives_of_types_and_fields() -> None:
    prelude = "directive @open on FIELD_DEFINITION | OBJECT"
    schema = schema_from_sdl("type Query @open { a: Int b: Int @open }", prelude, {})
    assert schema.directives("Query") == ("open",)
    assert schema.directives("Query", "a") == ()
    assert schema.directives("Query", "b") == ("open",)
    assert schema.directives("Nope") == ()
