"""Routes of a REST API: what a program says of each, checked."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns.given import ANSWER, BODY, FIELD
from inferway.patterns.mocks import Mock
from inferway.patterns.shape import METHODS, Asked, Errors, Target
from inferway.patterns.templates import Template, expressions, refuse

AUTHORIZATION: Final = ("NONE", "AWS_IAM")

_PART: Final = re.compile(r"[a-zA-Z0-9:._$-]+|\{(?P<name>[a-zA-Z0-9._-]+)\+?\}")
_NAME: Final = re.compile(r"[A-Za-z0-9._$-]+")
_LONGEST_TTL: Final = 3600

_OF_FIELDS: Final = {FIELD: "it is for the fields of a GraphqlApi"}
_IN_REQUESTS: Final = {**_OF_FIELDS, ANSWER: "there is no answer yet; given.body(…) is of the request"}
_IN_RESPONSES: Final = {**_OF_FIELDS, BODY: "the body is the target's answer by then, given.answer(…)"}
_IN_MOCKS: Final = {**_OF_FIELDS, BODY: "no backend passes the body on", ANSWER: "there is no backend"}


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What may be said of a route beside its target.

    `request` and `response` are mapping templates, `errors` the pattern of each status but 200, alone or with a
    template. `body` is a JSON schema (draft 4). `query` and `headers` are names, with whether each is required. `cache`
    in seconds, `rate` in requests a second, `burst` in requests; None for the API's own.
    """

    request: Template = ""
    response: Template = ""
    errors: Errors = {}
    body: Mapping[str, object] = {}
    query: Mapping[str, bool] = {}
    headers: Mapping[str, bool] = {}
    cache: int | None = None
    rate: float | None = None
    burst: int | None = None
    api_key: bool | None = None
    authorization: str = ""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One route."""

    method: str
    path: str
    target: Target
    options: Options
    place: Place

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path."""
        return tuple(part for part in self.path.split("/") if part)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's parameters."""
        return tuple(found["name"] for part in self.parts if (found := _PART.fullmatch(part)) and found["name"])

    @property
    def asked(self) -> Asked:
        """What the route asks of its target."""
        options = self.options
        return Asked(
            method=self.method,
            path=self.path,
            parameters=self.parameters,
            query=options.query,
            headers=options.headers,
            request=options.request,
            response=options.response,
            errors=options.errors,
        )

    def check(self) -> None:
        """Refuse what no route can be made of; raises ValueError."""
        if self.method not in METHODS:
            raise ValueError(f"{self.method!r} is no method; there are {', '.join(METHODS)}")
        if not hasattr(self.target, "integration"):
            text = (
                f"{self.target!r} is no target; targets are endpoint(…), function(…), http(…), table(…).get(), mock(…)"
            )
            raise ValueError(text)
        self._check_path()
        self._check_parameters()
        self._check_limits()
        self.target.integration(self.asked)

    def _check_path(self) -> None:
        if not self.path.startswith("/"):
            raise ValueError(f"the path {self.path!r} starts without a slash; write {'/' + self.path!r}")
        for part in self.parts:
            if not _PART.fullmatch(part):
                raise ValueError(f"{part!r} cannot be one part of a path: text, {{name}}, or {{name+}} at the end")
        if "//" in self.path or (len(self.path) > 1 and self.path.endswith("/")):
            raise ValueError(f"the path {self.path!r} has an empty part; write {'/' + '/'.join(self.parts)!r}")
        if any(part.endswith("+}") for part in self.parts[:-1]):
            raise ValueError(f"in {self.path!r} a {{name+}} takes all that follows, so it stands at the end")
        doubled = next((name for name in self.parameters if self.parameters.count(name) > 1), None)
        if doubled is not None:
            raise ValueError(f"the path {self.path!r} has {{{doubled}}} twice")

    def _check_parameters(self) -> None:
        options = self.options
        for name in (*options.query, *options.headers):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be the name of a parameter")
        for status in options.errors:
            if not 100 <= status <= 599:
                raise ValueError(f"{status} is no status: one is 100 to 599")
        self._check_templates([options.request], _IN_REQUESTS, "a request")
        errors = [told[1] for told in options.errors.values() if not isinstance(told, str)]
        self._check_templates([options.response, *errors], _IN_RESPONSES, "a response")
        self._check_templates([self.target.body] if isinstance(self.target, Mock) else [], _IN_MOCKS, "mock()")

    def _check_templates(self, templates: list[Template], refused: Mapping[str, str], where: str) -> None:
        refuse(templates, refused, where)
        for expression in expressions(templates):
            place, _, name = expression.reads.partition(".")
            if place == "path" and name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise ValueError(f"{expression.name} is no parameter of the path {self.path}; it has {known}")

    def _check_limits(self) -> None:
        options = self.options
        if options.authorization and options.authorization not in AUTHORIZATION:
            raise ValueError(f"{options.authorization!r} is no authorization; there are {', '.join(AUTHORIZATION)}")
        if options.cache is not None and not 0 <= options.cache <= _LONGEST_TTL:
            raise ValueError(f"a cache keeps an answer for 0 to {_LONGEST_TTL} seconds, not {options.cache}")
        check_throttle(options.rate, options.burst)


def check_throttle(rate: float | None, burst: int | None) -> None:
    """Refuse a throttle that is none; raises ValueError."""
    if (rate is not None and rate <= 0) or (burst is not None and burst <= 0):
        raise ValueError(f"a rate is requests a second and a burst requests, both above 0; here {rate} and {burst}")


def named(given: Iterable[str] | Mapping[str, bool] | None) -> dict[str, bool]:
    """Give names with whether each is required, which names alone are not."""
    if given is None:
        return {}
    if isinstance(given, str):
        raise ValueError(f"names are a list, as in [{given!r}]")  # noqa: TRY004 - what is given is a value, not a type
    return dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, False)
