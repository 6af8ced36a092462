"""Compiles tokens to closures: each takes a value and the run, and calls the next.

The names and the rules for what is missing follow Jayway's token classes (json-path 2.10): a missing property is an
error only while every token before it is definite, and a wildcard forgives what comes behind it.
"""

from collections.abc import Callable

from inferway.languages.jsonpath.errors import JsonPathError, PathNotFound
from inferway.languages.jsonpath.functions import FUNCTIONS
from inferway.languages.jsonpath.predicates import Read, predicate
from inferway.languages.jsonpath.run import Budget, Run
from inferway.languages.jsonpath.tokens import (
    Filter,
    Function,
    Index,
    Parameter,
    Property,
    Scan,
    Slice,
    Token,
    Wildcard,
)

Step = Callable[[object, Run], None]
_MISSING = object()


def is_definite(tokens: tuple[Token, ...]) -> bool:
    """Whether the path leads to at most one value."""
    tokens = inverted(tokens)
    return all(_definite(token, last=index == len(tokens) - 1) for index, token in enumerate(tokens))


def _definite(token: Token, *, last: bool) -> bool:
    match token:
        case Property(names):
            return last or len(names) == 1
        case Index(indexes):
            return len(indexes) == 1
        case Function():
            return True
        case _:
            return False


def inverted(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """`$..a.sum()` is `$.sum($..a)` to Jayway, which has the function see all that the scan finds."""
    if len(tokens) > 1 and isinstance(tokens[0], Scan) and isinstance(tokens[-1], Function):
        end = next(index for index, token in enumerate(tokens) if isinstance(token, Function))
        function = tokens[end]
        assert isinstance(function, Function)  # noqa: S101 - for the type checker
        return (Function(function.name, (Parameter(tokens[:end], None),), function.column),)
    return tokens


def reader(tokens: tuple[Token, ...]) -> Read:
    """A function that reads the path from a document, and raises PathNotFound for a definite path without result."""
    tokens = inverted(tokens)
    definite = is_definite(tokens)
    first = _compile(tokens, 0, upstream=True)

    def read(document: object, run: Run, *, require: bool = False) -> object:
        inner = Run(run.root, run.budget, require=require)
        first(document, inner)
        if not definite:
            return inner.results
        if not inner.results:
            raise PathNotFound("No results for path")
        return inner.results[-1]

    return read


def read_document(read: Read, document: object) -> object:
    """Runs a reader on a document of its own."""
    return read(document, Run(document, Budget()))


def _emit(value: object, run: Run) -> None:
    run.results.append(value)


def _compile(tokens: tuple[Token, ...], at: int, *, upstream: bool) -> Step:
    """The step of the token at the place; `upstream` tells whether all before it are definite."""
    if at == len(tokens):
        return _emit
    token, leaf = tokens[at], at == len(tokens) - 1
    following = _compile(tokens, at + 1, upstream=upstream and _definite(token, last=leaf))
    match token:
        case Property(names):
            return _property(names, following, upstream=upstream, leaf=leaf)
        case Index(indexes):
            return _index(indexes, following, upstream=upstream)
        case Slice(start, stop):
            return _slice(start, stop, following, upstream=upstream)
        case Wildcard():
            return _wildcard(following)
        case Scan():
            return _scan(tokens, at, following)
        case Filter(condition):
            test = predicate(condition, reader)
            return lambda model, run: _filter(test, (model, run), following, upstream=upstream)
        case Function():
            return _function(token, following)


def _property(names: tuple[str, ...], following: Step, *, upstream: bool, leaf: bool) -> Step:
    single = len(names) == 1

    def step(model: object, run: Run) -> None:
        if not isinstance(model, dict):
            if upstream:
                raise PathNotFound(f"Expected to find an object with property {list(names)}")
            return
        if leaf and not single:
            if run.require and not all(name in model for name in names):
                raise PathNotFound(f"Missing property in {list(names)}")
            run.results.append({name: model[name] for name in names if name in model})
            return
        if not single:
            run.budget.spend(len(names))
        for name in names:
            value = model.get(name, _MISSING)
            if value is not _MISSING:
                following(value, run)
            elif run.require or (single and upstream and not leaf):
                raise PathNotFound(f"Missing property {name!r} in path")

    return step


def _listed(model: object, *, upstream: bool) -> list[object]:
    if isinstance(model, list):
        return model
    if upstream:
        raise PathNotFound("an index can only be applied to arrays")
    return []


def _index(indexes: tuple[int, ...], following: Step, *, upstream: bool) -> Step:
    def step(model: object, run: Run) -> None:
        items = _listed(model, upstream=upstream)
        run.budget.spend(len(indexes))
        for index in indexes:
            if -len(items) <= index < len(items):
                following(items[index], run)

    return step


def _slice(start: int | None, stop: int | None, following: Step, *, upstream: bool) -> Step:
    """With a start and a stop, Jayway counts up from the one to the other: `[-2:1]` is `[-2,-1,0]`."""

    def places(length: int) -> range:
        if stop is None:
            assert start is not None  # noqa: S101 - for the type checker: the parser asks for one of them
            return range(max(0, start + length if start < 0 else start), length)
        if start is None:
            return range(min(length, stop + length if stop < 0 else stop))
        return range(max(start, -length), min(length, stop))

    def step(model: object, run: Run) -> None:
        items = _listed(model, upstream=upstream)
        found = places(len(items))
        run.budget.spend(len(found))
        for index in found:
            following(items[index], run)

    return step


def _wildcard(following: Step) -> Step:
    forgives = following is not _emit

    def step(model: object, run: Run) -> None:
        if isinstance(model, dict):
            items = list(model.values())
        elif isinstance(model, list):
            items = model
        else:
            return
        run.budget.spend(len(items))
        if not forgives:
            run.results.extend(items)
            return
        for item in items:
            try:
                following(item, run)
            except PathNotFound:
                if run.require:
                    raise

    return step


def _filter(test: Callable[[object, Run], bool], given: tuple[object, Run], following: Step, *, upstream: bool) -> None:
    model, run = given
    if isinstance(model, dict):
        if test(model, run):
            following(model, run)
    elif isinstance(model, list):
        run.budget.spend(len(model))
        for item in model:
            if test(item, run):
                following(item, run)
    elif upstream:
        raise JsonPathError("a filter can not be applied to primitives")


def _scan(tokens: tuple[Token, ...], at: int, following: Step) -> Step:
    """Applies the next token to the value and to all objects and lists below it, parents first."""
    fits = _fits(tokens[at + 1], last=at + 2 == len(tokens)) if at + 1 < len(tokens) else _nothing

    def step(model: object, run: Run) -> None:
        waiting = [model]
        while waiting:
            here = waiting.pop()
            if isinstance(here, dict):
                below = list(here.values())
            elif isinstance(here, list):
                below = here
            else:
                continue
            run.budget.spend(1 + len(below))
            if fits(here, run):
                following(here, run)
            waiting.extend(reversed(below))

    return step


def _nothing(_model: object, _run: Run) -> bool:
    return False


def _fits(token: Token, *, last: bool) -> Callable[[object, Run], bool]:
    match token:
        case Property(names):
            if last or len(names) == 1:
                return lambda model, _run: isinstance(model, dict) and all(name in model for name in names)
            return lambda model, _run: isinstance(model, dict)
        case Index() | Slice():
            return lambda model, _run: isinstance(model, list)
        case Wildcard():
            return lambda _model, _run: True
        case Filter(condition):
            return predicate(condition, reader)
        case _:
            return _nothing


def _function(token: Function, following: Step) -> Step:
    if token.name not in FUNCTIONS:
        raise JsonPathError(f"Function with name: {token.name} does not exist.", token.column)
    evaluate = FUNCTIONS[token.name]
    paths = [given.path for given in token.parameters]
    if token.name == "length" and paths and paths[0] is not None and not is_definite(paths[0]):
        paths[0] = (*paths[0], Wildcard())  # Jayway counts the children of what the path finds
    readers = [
        (reader(path) if path is not None else None, given.value)
        for path, given in zip(paths, token.parameters, strict=True)
    ]

    def step(model: object, run: Run) -> None:
        values = [read(run.root, run) if read else value for read, value in readers]
        following(evaluate(model, values), run)

    return step
