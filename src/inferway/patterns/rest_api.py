"""A REST API, route by route.

What it makes are Amazon API Gateway's resources (CloudFormation Template Reference, "AWS::ApiGateway::…").
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypedDict, Unpack

import msgspec

from inferway.faults import Place
from inferway.patterns.element import Element
from inferway.patterns.fragments import REGION
from inferway.patterns.origin import origin
from inferway.patterns.rest_stage import Settings
from inferway.patterns.rest_template import RestTemplate
from inferway.patterns.routes import AUTHORIZATION, Options, Route, check_throttle, named
from inferway.patterns.shape import Errors, Target
from inferway.patterns.templates import Template, expressions

_PERIODS: Final = ("DAY", "WEEK", "MONTH")

_ENDS: Final = ("RestApi", "Stage")
_NAMES: Final = ("query", "headers")

Names = Iterable[str] | Mapping[str, bool]
"""Names of parameters; a mapping says of each whether it is required."""


class Given(TypedDict, total=False):
    """The options of a route, as a program gives them."""

    request: Template
    response: Template
    errors: Errors
    body: Mapping[str, object]
    query: Names
    headers: Names
    cache: int
    rate: float
    burst: int
    api_key: bool
    authorization: str


class RestApi:
    """A REST API; routes are added with `get`, `post`, `put`, `patch`, `delete`, `head`, `options`, `any` and `route`.

    `stage` is the last part of its address. With an `api_key` every route asks for one; `keys` names several. `rate`,
    in requests a second, and `burst`, in requests, hold for each key, without keys for all callers together; `quota` is
    a number of requests and its period, DAY, WEEK or MONTH. `cors` is the origin of pages that may call it, `*` for
    all, "" for none. `authorization` is NONE or AWS_IAM. `variables` are the stage's. Raises ValueError for what no API
    can be made of.
    """

    def __init__(
        self,
        name: str,
        *,
        stage: str = "prod",
        api_key: bool = False,
        keys: Iterable[str] = (),
        rate: float | None = None,
        burst: int | None = None,
        quota: tuple[int, str] | None = None,
        cors: str = "",
        authorization: str = "NONE",
        variables: Mapping[str, str] | None = None,
        description: str = "",
    ) -> None:
        self.place: Place = origin()
        named_keys = tuple(keys) or ((name,) if api_key else ())
        check_throttle(rate, burst)
        if not any(letter.isalnum() for letter in name):
            raise ValueError(f"{name!r} cannot be the name of an API: it has no letter and no digit")
        if not stage or not all(letter.isalnum() or letter in "_-" for letter in stage):
            raise ValueError(f"{stage!r} cannot be the name of a stage: it has letters, digits, _ and -")
        if authorization not in AUTHORIZATION:
            raise ValueError(f"{authorization!r} is no authorization; there are {', '.join(AUTHORIZATION)}")
        if quota is not None and (quota[0] <= 0 or quota[1] not in _PERIODS):
            raise ValueError(f"a quota is a number of requests and one of {', '.join(_PERIODS)}, not {quota}")
        if quota is not None and not named_keys:
            raise ValueError("a quota is counted for each key: give api_key=True, or keys=[…], with it")
        self._settings = Settings(
            name=name,
            stage=stage,
            keys=named_keys,
            rate=rate,
            burst=burst,
            quota=quota,
            origin=cors,
            authorization=authorization,
            variables=variables or {},
            description=description,
            place=self.place,
        )
        self._routes: list[Route] = []

    def get(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a GET route; the options are those of `route`."""
        self._add("GET", path, target, options)

    def post(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a POST route."""
        self._add("POST", path, target, options)

    def put(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a PUT route."""
        self._add("PUT", path, target, options)

    def patch(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a PATCH route."""
        self._add("PATCH", path, target, options)

    def delete(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a DELETE route."""
        self._add("DELETE", path, target, options)

    def head(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a HEAD route."""
        self._add("HEAD", path, target, options)

    def options(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add an OPTIONS route; with `cors` the API has one for every path by itself."""
        self._add("OPTIONS", path, target, options)

    def any(self, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a route for every method that has none of its own."""
        self._add("ANY", path, target, options)

    def route(self, method: str, path: str, target: Target, **options: Unpack[Given]) -> None:
        """Add a route.

        Options: `request` and `response`, templates; `errors`, the pattern of each status but 200, alone or
        with a template; `body`, a JSON
        schema that requests have to satisfy; `query` and `headers`, names, or names with whether they are required;
        `cache`, in seconds; `rate` and `burst`, of this route; `api_key` and `authorization`, where they are not the
        API's. Raises ValueError for what no route is made of, and TypeError for an option that there is not.
        """
        self._add(method.upper(), path, target, options)

    def elements(self) -> tuple[Element, ...]:
        """Give all resources of the template."""
        return RestTemplate(self._settings, tuple(self._routes)).elements()

    def to_cloudformation(self) -> dict[str, object]:
        """Give a template for CloudFormation; `aws cloudformation package` uploads the code of functions.

        Raises ValueError for an API without a route, which the service does not deploy.
        """
        if not self._routes:
            raise ValueError("the API has no route; add one, such as api.get('/health', mock(200))")
        elements = self.elements()
        api, stage = (next(one for one in elements if one.type == f"AWS::ApiGateway::{kind}") for kind in _ENDS)
        parts: list[object] = ["https://", api.reference, ".execute-api.", REGION, ".", {"Ref": "AWS::URLSuffix"}]
        address = {"Fn::Join": ["", [*parts, "/", stage.reference, "/"]]}
        return {
            "Resources": {element.id: element.declaration() for element in elements},
            "Outputs": {f"{api.id}Endpoint": {"Value": address}},
        }

    def _add(self, method: str, path: str, target: Target, given: Given) -> None:
        options = _options(given)
        read = [expression.reads for expression in expressions([options.request])]
        query = {name.removeprefix("querystring."): False for name in read if name.startswith("querystring.")}
        headers = {name.removeprefix("header."): False for name in read if name.startswith("header.")}
        options = msgspec.structs.replace(
            options, query={**query, **options.query}, headers={**headers, **options.headers}
        )
        route = Route(method=method, path=path, target=target, options=options, place=origin())
        route.check()
        self._check_beside(route)
        self._routes.append(route)

    def _check_beside(self, route: Route) -> None:
        """Refuse a route that cannot stand beside those that there are."""
        for other in self._routes:
            if (other.method, other.path) == (route.method, route.path):
                raise ValueError(f"there is a route {route.method} {route.path} already, in line {other.place.line}")
            for mine, theirs in zip(route.parts, other.parts, strict=False):
                if mine != theirs and mine.startswith("{") and theirs.startswith("{"):
                    text = f"{route.path} has {mine} where {other.path}, in line {other.place.line}, has {theirs}"
                    raise ValueError(f"{text}: one place of a path has one name")
                if mine != theirs:
                    break


def _options(given: Given) -> Options:
    """Give a route's options, checked; raises TypeError for one that there is not, or of another type."""
    known = Options.__struct_fields__
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise TypeError(f"a route has no option {unknown!r}; there are {', '.join(known)}")
    held = {name: value for name, value in given.items() if value is not None}
    held |= {name: named(held[name]) for name in _NAMES if name in held}  # type: ignore[arg-type]  # checked by it
    return Options(**held)  # type: ignore[arg-type]  # each is checked when the route is
