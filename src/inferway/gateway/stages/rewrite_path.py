"""RewritePath: sets the call's path and query from a template."""

import re
from typing import Final
from urllib.parse import quote

from inferway.definition.message_steps import RewritePath
from inferway.exchange import Exchange, parse_query
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

_NAME: Final = re.compile(r"\{([^{}]*)\}")
_IN_PATH: Final = "/%:@!$&'()*+,;=~-._"
_CLIMBS: Final = re.compile(r"(?:^|[/\\])\.\.?(?:[/\\]|$)")


def compile_stage(step: RewritePath, parts: Parts) -> tuple[Stage, ...]:
    """Compile the template. A parameter's value is encoded; one that would lead out of its place is refused."""
    evaluate, keep, matched = parts.scope.compile(step.template), step.keep_query, frozenset(step.matched)

    def rewrite_path(exchange: Exchange) -> Outcome:
        parameters, call = exchange.parameters, exchange.call
        path, _, query = str(evaluate(exchange)).partition("?")
        if any(_CLIMBS.search(parameters.get(name.lstrip("*"), "")) for name in _NAME.findall(path)):
            return Fault(kind=FaultKind.MALFORMED_REQUEST, cause="a path parameter has dot segments")
        path = quote(_NAME.sub(lambda name: quote(_value(name, parameters), safe="/"), path), safe=_IN_PATH)
        call.path = path if path.startswith("/") else f"/{path}"
        made = [
            (name, _NAME.sub(lambda found: _value(found, parameters), value))
            for name, values in parse_query(query).items()
            for value in values
        ]
        named = {name for name, _ in made} | matched
        call.query = made + [pair for pair in call.query if keep and pair[0] not in named]
        return None

    return (rewrite_path,)


def _value(name: re.Match[str], parameters: dict[str, str]) -> str:
    return parameters.get(name[1].lstrip("*"), "")
