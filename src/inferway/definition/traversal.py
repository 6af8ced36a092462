"""Walks the steps of a pipeline, those inside other steps included."""

from collections.abc import Iterator

from inferway.definition.steps import Choose, ExecuteGraphql, Pipeline, Retry, RunPipeline, Step


def every_step(pipeline: Pipeline) -> Iterator[Step]:
    """Give the steps of all four sections in their order, each followed by those inside it."""
    yield from _walk(pipeline.request + pipeline.invoke + pipeline.response + pipeline.error)


def _walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Retry):
            yield from _walk(step.steps)
        elif isinstance(step, Choose):
            for when in step.when:
                yield from _walk(when.steps)
            yield from _walk(step.otherwise)
        elif isinstance(step, RunPipeline):
            yield from every_step(step.pipeline)
        elif isinstance(step, ExecuteGraphql):
            for field in step.fields:
                yield from every_step(field.pipeline)
