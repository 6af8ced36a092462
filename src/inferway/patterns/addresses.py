"""HTTP addresses as targets.

Sources: API Gateway, "HTTP integrations"; AppSync, "Resolver mapping template reference for HTTP".
"""

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec

from inferway.patterns.mapping import ERRORS, NO_RESPONSE, cases, http_document, identifier, mapped
from inferway.patterns.shape import METHODS, Asked, DataSource, Integration
from inferway.patterns.templates import velocity

_PLACEHOLDER: Final = re.compile(r"\{([a-zA-Z0-9._-]+)\+?\}")
_BODYLESS: Final = frozenset(("GET", "DELETE"))


class Http(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP address; `method` is "" for the route's own."""

    url: str
    method: str = ""

    def integration(self, asked: Asked) -> Integration:
        """Pass the request on as it came, or mapped where the route has templates."""
        missing = [name for name in _PLACEHOLDER.findall(self.url) if name not in asked.parameters]
        if missing:
            text = f"the address has {{{missing[0]}}}, which is no parameter of the path {asked.path}"
            raise ValueError(text)
        proxy = asked.request == "" and asked.response == "" and not asked.errors
        parameters = {f"integration.request.path.{name}": f"method.request.path.{name}" for name in asked.parameters}
        for name in asked.query if not proxy else ():
            parameters[f"integration.request.querystring.{name}"] = f"method.request.querystring.{name}"
        for name in asked.headers if not proxy else ():
            parameters[f"integration.request.header.{name}"] = f"method.request.header.{name}"
        properties: dict[str, object] = {
            "Type": "HTTP_PROXY" if proxy else "HTTP",
            "IntegrationHttpMethod": self.method or asked.method,
            "Uri": self.url,
            **({"RequestParameters": parameters} if parameters else {}),
        }
        if proxy:
            return Integration(properties=properties)
        return Integration(properties={**properties, **mapped(asked)}, cases=cases(asked, ERRORS))

    def source(self, asked: Asked) -> DataSource:
        """Call the address with the field's arguments in its path, and as its body where the method has one."""
        parts = urlsplit(self.url)
        method = self.method or ("POST" if asked.request != "" else "GET")
        path = _PLACEHOLDER.sub(
            r"$util.urlEncode($util.defaultIfNull($ctx.args.\1, $ctx.source.\1))", parts.path or "/"
        )
        call: dict[str, object] = {"version": "2018-05-29", "method": method, "resourcePath": "PATH"}
        given = ""
        if method not in _BODYLESS:
            call["params"] = {"headers": {"Content-Type": "application/json"}}
            given = "$util.toJson($ctx.args)" if asked.request == "" else velocity(asked.request)
        query = f"?{parts.query}" if parts.query else ""
        host = f"{parts.scheme}://{parts.netloc}"
        return DataSource(
            name=identifier("Http", host),
            type="HTTP",
            settings={"HttpConfig": {"Endpoint": host}},
            request=http_document(call, given).replace('"PATH"', f'"{path}{query}"'),
            response=NO_RESPONSE if asked.response == "" else velocity(asked.response),
        )


def http(url: str, *, method: str = "") -> Http:
    """Give an HTTP address as a target; `{name}` in it is a parameter of the route's path, or of the field.

    The request is passed on as it came, unless the route has a request, a response or errors of its own. `method` is
    the one that the address is called with, the route's own for "". Raises ValueError for no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{url!r} is no address: one starts with http:// or https:// and names a host")
    if method and method not in METHODS:
        raise ValueError(f"{method!r} is no method; there are {', '.join(METHODS)}")
    return Http(url=url, method=method)
