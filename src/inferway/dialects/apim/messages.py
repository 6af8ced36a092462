"""Requests, responses, URLs and bodies as expressions see them: live views, so that each step's change shows.

Source: API Management, "API Management policy expressions", Context variable.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from inferway.definition.targets import HttpService
from inferway.exchange import NO_RESPONSE, Call, Exchange, Headers, Response, parse_query
from inferway.languages.csharp import ThrownError, Type
from inferway.languages.csharp.json import JArray, JObject, JToken, parse_json
from inferway.languages.csharp.values import Array, Byte

_TOLD: Final = (b"Host", b"Content-Length")
"""Headers that are not sent on as they came, and that policies read (Azure/api-management-policy-snippets, "Route
requests based on size")."""

_PORTS: Final = {"http": 80, "https": 443}


class HeaderValues(Mapping[str, Array]):
    """Headers by name, whatever its case; each line of a header is a value."""

    def __init__(self, headers: Headers) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Array] = {}
        for name, value in headers:
            text = name.decode("latin-1")
            lowered = text.lower()
            self._names.setdefault(lowered, text)
            self._values.setdefault(lowered, Array()).append(value.decode("utf-8", "replace"))

    def __getitem__(self, name: str) -> Array:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values


class Url:
    """A URL taken apart; `query` is without its question mark."""

    __slots__ = ("host", "path", "port", "query", "scheme")

    def __init__(self, *, scheme: str, authority: str, path: str, query: str) -> None:
        host, _, port = authority.rpartition(":") if not authority.endswith("]") else (authority, "", "")
        self.scheme = scheme
        self.host = host or (port if not port.isdigit() else "") or authority
        self.port = int(port) if host and port.isascii() and port.isdigit() and len(port) < 6 else _PORTS.get(scheme, 0)
        self.path = path
        self.query = query

    @property
    def query_string(self) -> str:
        """The query with its question mark, "" where there is none."""
        return f"?{self.query}" if self.query else ""

    def values(self) -> dict[str, Array]:
        """The query's values by name."""
        return {name: Array(values) for name, values in parse_query(self.query).items()}

    def text(self) -> str:
        """The whole URL, as .NET's Uri writes it: without the scheme's own port."""
        port = "" if self.port == _PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}{self.query_string}"


def service_url(service: HttpService, call: Call, query: str) -> Url:
    """Give the URL that a call goes to."""
    parts = urlsplit(service.url)
    path = parts.path.rstrip("/") + call.path
    return Url(scheme=parts.scheme, authority=parts.netloc.rpartition("@")[2], path=path, query=query)


class Body:
    """The body of a message. Reading it consumes it, as on the service, unless it is to be preserved."""

    __slots__ = ("_holder", "_read")

    def __init__(self, holder: Call | Response, read: set[int]) -> None:
        self._holder = holder
        self._read = read

    def read(self, types: tuple[Type, ...], preserve: bool) -> Any:
        """Give the body as the type asked for; raises ThrownError where it cannot be read, or was already."""
        holder = self._holder
        body = holder.body
        if not isinstance(body, bytes) or (not body and id(holder) in self._read):
            raise ThrownError("System.InvalidOperationException", "The message body has already been read.")
        value = _as(types[0].name if types else "string", types, body)
        if not preserve:
            self._read.add(id(holder))
            holder.body = b""
        return value


_TOKENS: Final[dict[str, type[JToken]]] = {"JObject": JObject, "JArray": JArray, "JToken": JToken}


def _as(name: str, types: tuple[Type, ...], body: bytes) -> Any:
    if str(types[0]) == "byte[]":
        return Array(Byte(number) for number in body)
    text = body.decode("utf-8-sig", "replace")
    if name == "string":
        return text
    if name not in _TOKENS:
        raise ThrownError("System.NotSupportedException", f"A body cannot be read as {types[0]} here.")
    token = parse_json(text)
    if not isinstance(token, _TOKENS[name]):
        what = "an object" if name == "JObject" else "an array"
        where = "Path '', line 1, position 1."
        message = f"Error reading {name} from JsonReader. Current JsonReader item is not {what}. {where}"
        raise ThrownError("Newtonsoft.Json.JsonReaderException", message)
    return token


class ResponseView:
    """A response; `response` is what it shows."""

    __slots__ = ("_read", "response")

    def __init__(self, response: Response, read: set[int]) -> None:
        self.response = response
        self._read = read

    @property
    def status(self) -> int:
        """The status."""
        return self.response.status

    @property
    def reason(self) -> str:
        """The status's usual phrase."""
        try:
            return HTTPStatus(self.response.status).phrase
        except ValueError:
            return ""

    @property
    def headers(self) -> HeaderValues:
        """The headers."""
        return HeaderValues(self.response.headers)

    @property
    def body(self) -> Body:
        """The body; a response always has one, be it empty."""
        return Body(self.response, self._read)


class RequestView:
    """The request on its way to the backend, and as it came."""

    __slots__ = ("_base", "_exchange", "_fallback", "_read")

    def __init__(self, exchange: Exchange, base: str, fallback: HttpService | None, read: set[int]) -> None:
        self._exchange = exchange
        self._base = base
        self._fallback = fallback
        self._read = read

    @property
    def method(self) -> str:
        """The method."""
        return self._exchange.call.method

    @property
    def headers(self) -> HeaderValues:
        """The headers, among them the host that the client asked for and the length that it told."""
        headers = self._exchange.call.headers
        there = {name for name, _ in headers}
        told = ((name, self._exchange.request.header(name.lower())) for name in _TOLD if name.lower() not in there)
        return HeaderValues([*headers, *((name, value) for name, value in told if value is not None)])

    @property
    def body(self) -> Body | None:
        """The body, None where there is none."""
        call = self._exchange.call
        return Body(call, self._read) if call.body or id(call) in self._read else None

    @property
    def address(self) -> str:
        """The client's address."""
        return self._exchange.request.client

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the operation's template."""
        return self._exchange.parameters

    @property
    def original(self) -> Url:
        """The URL as it came, below the host alone: a service has its host to itself."""
        request = self._exchange.request
        path = f"{self._base}{self._exchange.below}" or "/"
        authority = (request.header(b"host") or b"localhost").decode("latin-1")
        return Url(scheme=request.scheme, authority=authority, path=path, query=request.query)

    @property
    def url(self) -> Url:
        """The URL that the request goes to, as far as it is settled."""
        call, chosen = self._exchange.call, self._exchange.backend
        query = "&".join(f"{name}={value}" for name, value in call.query)
        service = chosen if isinstance(chosen, HttpService) else self._fallback
        if service is not None:
            return service_url(service, call, query)
        original = self.original
        original.path, original.query = call.path or "/", query
        return original


def response_of(exchange: Exchange, read: set[int]) -> ResponseView | None:
    """Give the response of an exchange, None before there is one."""
    return None if exchange.response is NO_RESPONSE else ResponseView(exchange.response, read)
