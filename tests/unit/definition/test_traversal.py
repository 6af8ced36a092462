"""Every step is found, however deep it stands."""

from inferway.definition.expression import Expression
from inferway.definition.steps import Choose, ExecuteGraphql, GraphqlField, Pipeline, Retry, RunPipeline, Step, When
from inferway.definition.traversal import every_step
from inferway.faults import Place

HERE = Place(file="f")
TRUE = Expression(language="l", text="t", place=HERE)


def leaf(status: str) -> Step:
    return RunPipeline(name=status, pipeline=Pipeline())


def found(pipeline: Pipeline) -> list[str]:
    return [step.name if isinstance(step, RunPipeline) else type(step).__name__ for step in every_step(pipeline)]


def test_the_sections_in_their_order() -> None:
    pipeline = Pipeline(error=(leaf("4"),), request=(leaf("1"),), response=(leaf("3"),), invoke=(leaf("2"),))
    assert found(pipeline) == ["1", "2", "3", "4"]


def test_what_holds_steps_comes_before_them() -> None:
    retry = Retry(condition=TRUE, count=1, interval=1.0, steps=(leaf("again"),))
    whens = (When(condition=TRUE, steps=(leaf("first"), retry)), When(condition=TRUE, steps=(leaf("second"),)))
    choose = Choose(when=whens, otherwise=(leaf("else"),))
    inner = RunPipeline(name="inner", pipeline=Pipeline(request=(choose,), error=(leaf("failed"),)))
    field = GraphqlField(type_name="Query", field_name="f", pipeline=Pipeline(invoke=(leaf("field"),)), place=HERE)
    graphql = ExecuteGraphql(schema="type Query { f: Int }", fields=(field,), place=HERE)
    assert found(Pipeline(request=(inner,), invoke=(graphql,))) == [
        *("inner", "Choose", "first", "Retry", "again", "second", "else", "failed"),
        *("ExecuteGraphql", "field"),
    ]


def test_nothing_in_nothing() -> None:
    assert found(Pipeline()) == []
