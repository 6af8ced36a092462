"""Which deployment and which route a request is for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Generic, Protocol, TypeVar
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

    def __init__(self, routes: Iterable[R], methods: frozenset[str] | None = None) -> None:
        """`methods` are those that `ANY` stands for; None where it takes whatever a client sends."""
        self._root: _Node[R] = _Node()
        self._methods = methods
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
        route = node.methods.get(method)
        if route is None and (self._methods is None or method in self._methods):
            route = node.methods.get("ANY")
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

_MOST_HOST_HEADERS: Final = 256
"""Host headers whose deployments are remembered; clients may send any number of them."""


class _Bases(Generic[M]):
    """The deployments of one API or service by the path that each has below the slug: a stage, or an API's base."""

    def __init__(self) -> None:
        self.single: dict[str, M] = {}
        self.others: list[tuple[str, M]] = []  # of no segment or several, the longest first

    def add(self, base: str, mounted: M) -> None:
        if base and "/" not in base:
            self.single[base] = mounted
        else:
            self.others.append((f"/{base}" if base else "", mounted))
            self.others.sort(key=lambda other: -len(other[0]))

    def find(self, path: str) -> tuple[M | None, str]:
        """Give the deployment whose base the path starts with, the longest first, and the path below it."""
        base, below = _split(path)
        for prefix, mounted in self.others:
            if prefix.count("/") > 1 and (path == prefix or path.startswith(prefix + "/")):
                return mounted, path[len(prefix) :]
        found = self.single.get(base)
        if found is None and self.others and not self.others[-1][0]:
            return self.others[-1][1], path
        return found, below

    def any(self) -> M:
        """Give one of the deployments."""
        return next(iter(self.single.values())) if self.single else self.others[0][1]


class Addresses(Generic[M]):
    """Which deployment an address belongs to: `/<slug>/<base>/…`, where the base is a stage or an API's path, maybe "".

    Always so; also without the slug while no other API claims the first segment of the path, and on the host
    `<slug>.localhost`. What a deployment without a base claims there are the first segments of its routes. On the
    `hosts` that a deployment has, each with the path below which it is served there, nothing else is. Its `alias`
    stands for its slug while nothing else claims it.
    """

    def __init__(
        self,
        deployments: Mapping[tuple[str, str], M],
        claims: Callable[[M], Iterable[str]],
        hosts: Callable[[M], Iterable[tuple[str, str]]] = lambda _: (),
        alias: Callable[[M], str] = lambda _: "",
    ) -> None:
        self._by_host: dict[bytes, _Bases[M]] = {}
        self._host_headers: dict[bytes, _Bases[M] | None] = {}  # as clients send them
        for mounted in deployments.values():
            for name, base in hosts(mounted):
                self._by_host.setdefault(name.lower().encode("latin-1", "replace"), _Bases()).add(base, mounted)
        self._by_slug: dict[str, _Bases[M]] = {}
        for (slug, base), mounted in deployments.items():
            self._by_slug.setdefault(slug, _Bases()).add(base, mounted)
        self._at_root: dict[str, _Bases[M]] = {}
        claimed: dict[str, str] = {}
        for (slug, base), mounted in deployments.items():
            for first in {base.partition("/")[0]} if base else set(claims(mounted)):
                owner = claimed.setdefault(first, slug)
                if owner != slug or first in self._by_slug:
                    self._at_root.pop(first, None)
                    claimed[first] = ""
                else:
                    self._at_root.setdefault(first, _Bases()).add(base, mounted)

        for (_, base), mounted in deployments.items():
            other = alias(mounted)
            if other and (other, base) not in deployments and other not in claimed:
                self._by_slug.setdefault(other, _Bases()).add(base, mounted)

    def find(self, host: bytes, path: str) -> tuple[M | None, str, bool]:
        """Give the deployment, the path below it, and whether the API is known though its stage is not.

        The path below is as sent: "" or from a slash on.
        """
        if self._by_host and (bases := self._on_host(host)) is not None:
            return *bases.find(path), True
        first, rest = _split(path)
        bases = self._by_slug.get(first)
        if bases is not None:
            return *bases.find(rest), True
        if b".localhost" in host:
            slug = host.partition(b".localhost")[0].decode("latin-1").lower()
            bases = self._by_slug.get(slug)
            if bases is not None:
                return *bases.find(path), True
        bases = self._at_root.get(first)
        if bases is None:
            return None, rest, False
        return *bases.find(path), False

    def owner(self, host: bytes, path: str) -> M | None:
        """Give any deployment of the API that an address is of, to render faults in its vendor's form."""
        bases = self._on_host(host) or self._by_slug.get(_split(path)[0])
        return None if bases is None else bases.any()

    def _on_host(self, host: bytes) -> "_Bases[M] | None":
        if host in self._host_headers:
            return self._host_headers[host]
        if len(self._host_headers) >= _MOST_HOST_HEADERS:
            self._host_headers.clear()
        name = host.partition(b":")[0].lower()
        found = self._by_host.get(name) or self._by_host.get(b"*." + name.partition(b".")[2])
        self._host_headers[host] = found
        return found


def _split(path: str) -> tuple[str, str]:
    cut = path.find("/", 1)
    return (path[1:], "") if cut < 0 else (path[1:cut], path[cut:])
