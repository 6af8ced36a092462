"""Reads resolvers and functions into the pipelines of their fields.

Sources: AppSync API reference, `Resolver` and `FunctionConfiguration`; AppSync, "Resolver mapping template overview"
(unit and pipeline resolvers), "Direct Lambda resolvers" (below https://docs.aws.amazon.com/appsync/latest/devguide/).
"""

import re
from collections.abc import Mapping
from typing import Final

from inferway.definition.expression import Expression
from inferway.definition.steps import EvaluateTemplate, GraphqlField, Invoke, Pipeline, Refuse, RunPipeline
from inferway.dialects.appsync.parts import Part
from inferway.dialects.appsync.sources import Source
from inferway.dialects.appsync.util import known_member
from inferway.faults import FaultKind
from inferway.formats.cursor import Cursor
from inferway.languages.vtl import VtlError, compile_template

TIMEOUT: Final = 30.0
"""Seconds that a request may take (AppSync, "Quotas"), so a data source too."""

MOST_FUNCTIONS: Final = 10
_TEMPLATE_BYTES: Final = 65_536
_UTIL: Final = re.compile(r"\$!?\{?utils?\.([A-Za-z0-9]+)")
_EXTENSIONS: Final = re.compile(r"\$!?\{?extensions\b")


class Resolvers:
    """The resolvers of one API, over its data sources and functions by name and identifier."""

    def __init__(self, sources: Mapping[str, Source], functions: Mapping[str, Part]) -> None:
        self._sources = sources
        self._functions = functions

    def read(self, part: Part) -> GraphqlField:
        """Read a resolver; one that cannot be served refuses its field, with an error that says why."""
        kind = part["kind"].text("UNIT") or "UNIT"
        if _is_code(part):
            return _field(part, _refused(part, "code", "APPSYNC_JS resolvers are not served yet"))
        if kind == "PIPELINE":
            return _field(part, self._pipeline(part))
        if kind != "UNIT":
            return _field(part, _refused(part, "kind", f"a resolver is UNIT or PIPELINE, not {kind}"))
        return _field(part, self._invoking(part, "unit"))

    def _invoking(self, part: Part, holder: str) -> Pipeline:
        """Give the pipeline of one data source's use."""
        name = part["dataSource"].text()
        source = self._sources.get(name)
        if source is None:
            text = f"there is no data source {name!r}" if name else "the resolver names no data source"
            return _refused(part, "dataSource", text)
        if source.wrong:
            return Pipeline(request=(Refuse(kind=FaultKind.MISCONFIGURED, cause=source.wrong),))
        request, response = part["request"], part["response"]
        direct = not request.text().strip()
        if direct and source.language != "lambda":
            return _refused(
                part, "request", "the resolver has no request template, which only a function can go without"
            )
        language, whose = f"{holder} {source.language}", _whose(part)
        invoke = (Invoke(target=source.target, timeout=TIMEOUT),) if source.target is not None else ()
        failure = (_evaluate(response, f"{language} failure", "result", whose),) if invoke else ()
        return Pipeline(
            request=(_evaluate(request, f"{language} request", "call", whose),),
            invoke=invoke,
            response=(_evaluate(response, f"{language} response", "result", whose),),
            error=failure,
        )

    def _pipeline(self, part: Part) -> Pipeline:
        functions = list(part.within(part["pipelineConfig"], "functions").items())
        if not functions:
            part["pipelineConfig"].warning("no-functions", "the pipeline has no functions")
        if len(functions) > MOST_FUNCTIONS:
            part["pipelineConfig"].error("too-many-functions", f"a pipeline has at most {MOST_FUNCTIONS} functions")
        return Pipeline(
            request=(_evaluate(part["request"], "pipeline before", "call", _whose(part)),),
            invoke=tuple(self._function(cursor) for cursor in functions),
            response=(_evaluate(part["response"], "pipeline after", "result", _whose(part)),),
        )

    def _function(self, cursor: Cursor) -> RunPipeline:
        name = cursor.text()
        part = self._functions.get(name)
        if part is None:
            text = f"there is no function {name!r}"
            cursor.error("unknown-function", f"{text}; the field fails")
            return RunPipeline(
                name=name, pipeline=Pipeline(request=(Refuse(kind=FaultKind.MISCONFIGURED, cause=text),))
            )
        title = part["name"].text() or part.resource.name
        if _is_code(part):
            return RunPipeline(name=title, pipeline=_refused(part, "code", "APPSYNC_JS functions are not served yet"))
        return RunPipeline(name=title, pipeline=self._invoking(part, "function"))


def _is_code(part: Part) -> bool:
    return bool(part["code"].value) or bool(part["runtime"].value)


def _field(part: Part, pipeline: Pipeline) -> GraphqlField:
    for name, code in (("cachingConfig", "unserved-cache"), ("syncConfig", "unserved-sync")):
        if part[name].value:
            part[name].warning(code, f"a resolver's {name} is not served yet and has no effect")
    return GraphqlField(
        type_name=part["type"].text(), field_name=part["field"].text(), pipeline=pipeline, place=part.place
    )


def _refused(part: Part, name: str, text: str) -> Pipeline:
    part[name].error("unserved-resolver", f"{text}; the field fails")
    return Pipeline(request=(Refuse(kind=FaultKind.MISCONFIGURED, cause=text),))


def _whose(part: Part) -> str:
    """Name what has a template, for a program may make many at one place: the field, or the function."""
    field = part["field"].text()
    return f"the resolver of {part['type'].text()}.{field}" if field else f"the function {part['name'].text()}"


def _evaluate(cursor: Cursor, language: str, into: str, whose: str) -> EvaluateTemplate:
    text = cursor.text()
    if not language.endswith("failure"):
        _check(cursor, text, f"{language.rpartition(' ')[2]} template of {whose}")
    return EvaluateTemplate(template=Expression(language=language, text=text, place=cursor.place), into=into)


def _check(cursor: Cursor, text: str, which: str) -> None:
    """Report what is wrong with a template; the service takes it, and its field fails."""
    if len(text.encode("utf-8", "replace")) > _TEMPLATE_BYTES:
        cursor.error("template-too-large", f"a template has at most {_TEMPLATE_BYTES} bytes")
        return
    try:
        compile_template(text, "appsync")
    except VtlError as error:
        place = cursor.inside(error.line, error.column)
        text = f"the {which} is no Velocity, so its field fails: {error.message}"
        cursor.warning("bad-template", f"{text} (line {error.line}, column {error.column})", place)
        return
    for name in dict.fromkeys(_UTIL.findall(text)):
        if not known_member(name):
            cursor.error("unserved-util", f"$util.{name} is nothing that is served; it prints as it stands")
    if _EXTENSIONS.search(text):
        cursor.error("unserved-extensions", "$extensions is not served yet")
