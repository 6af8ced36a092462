"""Which deployment and which route a request is for."""

from collections.abc import Iterable, Mapping
from typing import Generic, Protocol, TypeVar
from urllib.parse import unquote


class Routed(Protocol):
    """What a route tree finds: something with a method and a path template."""

    @property
    def method(self) -> str:
        """Give the HTTP method, or `ANY`."""
        ...

    @property
    def path(self) -> str:
        """Give the path template."""
        ...


R = TypeVar("R", bound=Routed)


class _Node(Generic[R]):
    __slots__ = ("branches", "greedy", "literals", "methods", "names", "parameter")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[R]] = {}
        self.parameter: _Node[R] | None = None
        self.greedy: _Node[R] | None = None
        self.branches = False  # whether a segment may lead more than one way, so that a walk may have to step back
        self.names: tuple[str, ...] = ()
        self.methods: dict[str, R] = {}


class RouteTree(Generic[R]):
    """Routes by path segment: a literal before `{name}` before `{name+}`, stepping back where a branch ends.

    Source: API Gateway, "Set up a proxy integration with a proxy resource": the most specific resource wins.
    """

    def __init__(self, routes: Iterable[R]) -> None:
        self._root: _Node[R] = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: R) -> None:
        node, names = self._root, []
        for segment in route.path.strip("/").split("/"):
            if segment.startswith("{") and segment.endswith("+}"):
                node.greedy = node.greedy or _Node()
                node.branches = True
                node = node.greedy
                names.append(segment[1:-2])
            elif segment.startswith("{") and segment.endswith("}"):
                node.parameter = node.parameter or _Node()
                node.branches = node.branches or bool(node.literals)
                node = node.parameter
                names.append(segment[1:-1])
            elif segment:
                node.branches = node.branches or node.parameter is not None
                node = node.literals.setdefault(segment, _Node())
        node.names = tuple(names)
        node.methods[route.method] = route

    def match(self, method: str, path: str) -> tuple[R, dict[str, str]] | None:
        """Give the route for a method and a raw path with its decoded parameters, None where there is none."""
        segments = path[1:].split("/")
        if not segments[-1]:
            segments.pop()
        if "%" in path:
            segments = [unquote(segment) for segment in segments]
        values: list[str] = []
        node: _Node[R] | None = self._root
        for segment in segments:
            assert node is not None  # noqa: S101 - tells mypy that only the line below ends the walk
            if node.branches or not segment:
                values.clear()
                node = _find(self._root, segments, 0, values)
                break
            literal = node.literals.get(segment)
            if literal is None:
                values.append(segment)
                node = node.parameter
                if node is None:
                    return None
            else:
                node = literal
        if node is None:
            return None
        route = node.methods.get(method) or node.methods.get("ANY")
        return None if route is None else (route, dict(zip(node.names, values, strict=True)))


def _find(node: _Node[R], segments: list[str], at: int, values: list[str]) -> _Node[R] | None:
    if at == len(segments):
        return node if node.methods else None
    segment = segments[at]
    literal = node.literals.get(segment)
    if literal is not None:
        found = _find(literal, segments, at + 1, values)
        if found is not None:
            return found
    if node.parameter is not None and segment:
        values.append(segment)
        found = _find(node.parameter, segments, at + 1, values)
        if found is not None:
            return found
        values.pop()
    if node.greedy is not None:
        values.append("/".join(segments[at:]))
        return node.greedy
    return None


M = TypeVar("M")


class Addresses(Generic[M]):
    """Which deployment an address belongs to, for APIs with stages.

    `/<slug>/<stage>/…` always; `/<stage>/…` while no other API claims it; `/<stage>/…` on the host `<slug>.localhost`.
    """

    def __init__(self, deployments: Mapping[tuple[str, str], M]) -> None:
        self._by_slug: dict[str, dict[str, M]] = {}
        for (slug, stage), mounted in deployments.items():
            self._by_slug.setdefault(slug, {})[stage] = mounted
        stages = [stage for _, stage in deployments]
        self._by_stage = {
            stage: mounted
            for (_, stage), mounted in deployments.items()
            if stages.count(stage) == 1 and stage not in self._by_slug
        }

    def find(self, host: bytes, path: str) -> tuple[M | None, str, bool]:
        """Give the deployment, the path below it, and whether the API is known though its stage is not."""
        first, rest = _split(path)
        stages = self._by_slug.get(first)
        if stages is not None:
            stage, below = _split(rest)
            return stages.get(stage), below, True
        if b".localhost" in host:
            slug = host.partition(b".localhost")[0].decode("latin-1").lower()
            stages = self._by_slug.get(slug)
            if stages is not None:
                return stages.get(first), rest, True
        return self._by_stage.get(first), rest, False

    def of_slug(self, slug: str) -> M | None:
        """Give any deployment of an API, to render faults in its vendor's form."""
        return next(iter(self._by_slug.get(slug, {}).values()), None)


def _split(path: str) -> tuple[str, str]:
    cut = path.find("/", 1)
    return (path[1:], "/") if cut < 0 else (path[1:cut], path[cut:])
