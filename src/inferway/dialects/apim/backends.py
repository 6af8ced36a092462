"""Backends of a service.

Source: API Management, "Backends" (https://learn.microsoft.com/azure/api-management/backends); Azure Resource Manager,
Microsoft.ApiManagement/service/backends.
"""

from collections.abc import Callable
from typing import Final

from inferway.definition.targets import HttpService
from inferway.dialects.apim.named_values import unknown_value
from inferway.dialects.apim.resources import View
from inferway.exchange import header_name
from inferway.formats.cursor import Cursor

_PLACEHOLDER: Final = "local::"
"""What a text begins with that stands for an output that only the cloud knows."""

Filled = Callable[[Cursor], str]
"""Gives a text with its named values in it: the service puts them into a backend's URL and credentials too."""


def read_backend(view: View, filled: Filled) -> HttpService | None:
    """Read a backend: its URL and what it wants to be sent; None, with a report, for one that is not served."""
    if view["type"].text() == "Pool" or (view["pool"].present and view["pool"].value):
        text = f"the backend {view.name} is a pool, which is not served yet; what leads to it is refused"
        view["pool"].warning("unserved-backend", text)
        return None
    url = filled(view["url"])
    if unknown_value(url):
        text = f"only Key Vault knows where the backend {view.name} is; what leads to it is refused"
        view["url"].warning("unserved-backend", text)
        return None
    if url.startswith(_PLACEHOLDER):
        url = f"https://{url}"
        text = f"only the cloud knows where the backend {view.name} is; bind {url} to a URL in [urls]"
        view["url"].warning("unbound-url", text)
    if view["protocol"].text() not in ("", "http"):
        text = (
            f"backends of the protocol {view['protocol'].text()} are not served; what leads to {view.name} is refused"
        )
        view["protocol"].warning("unserved-backend", text)
        return None
    if not url.lower().startswith(("http://", "https://")):
        view["url"].error("bad-url", f"the backend {view.name} needs an http or https URL, not {url[:100]!r}")
        return None
    if view["circuitBreaker"]["rules"].present:
        view["circuitBreaker"].warning(
            "unserved-circuit-breaker", "the circuit breaker is not served yet; it never opens"
        )
    credentials = view["credentials"]
    for name in ("certificate", "certificateIds"):
        if credentials[name].present and credentials[name].value:
            text = f"client certificates are not served; what answers for the backend {view.name} gets none"
            credentials[name].warning("unserved-credentials", text)
    headers = _pairs(credentials["header"], filled)
    scheme = credentials["authorization"]["scheme"].text()
    if scheme:
        headers.append(("Authorization", f"{scheme} {filled(credentials['authorization']['parameter'])}"))
    query = _pairs(credentials["query"], filled)
    headers, query = [[pair for pair in pairs if not unknown_value(pair[1])] for pairs in (headers, query)]
    for name, _ in headers:
        try:
            header_name(name)
        except ValueError:
            credentials.error("bad-header", f"{name!r} cannot be a header's name")
            return None
    return HttpService(url=url, place=view.whole.place, headers=tuple(headers), query=tuple(query))


def _pairs(cursor: Cursor, filled: Filled) -> list[tuple[str, str]]:
    return [(name, filled(value)) for name, values in cursor.entries() for value in values.items()]
