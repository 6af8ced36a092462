"""Policies that say what runs, how often, and where the request goes.

Source: API Management, "API Management policy reference", Control and Routing (https://learn.microsoft.com/azure/
api-management/api-management-policies).
"""

from collections.abc import Callable
from typing import Final

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.message_steps import SelectBackend
from inferway.definition.steps import Assignment, Choose, Invoke, MapResponse, Retry, ReturnResponse, Step, When
from inferway.definition.targets import HttpService, Selected
from inferway.dialects.apim.document import EMPTY, Element
from inferway.dialects.apim.policies.messages import read_header
from inferway.dialects.apim.policies.site import BACKEND, Example, Site, UnservedError

_TIMEOUT: Final = 300
"""Seconds ("Forward request")."""

_ERRORS: Final = 400
_ELSEWHERE: Final = ("sf-", "dapr-")
"""How attributes begin that name a service of Service Fabric or of Dapr."""

Convert = Callable[[tuple[Element, ...], Site, str], tuple[Step, ...]]
"""Converts policies that stand inside another one, given the path of that."""


def choose(element: Element, site: Site, path: str, convert: Convert) -> tuple[Step, ...]:
    """`choose` with `when condition` and `otherwise`."""
    branches: list[When] = []
    otherwise: tuple[Step, ...] = ()
    for child in element.children:
        if child.name == "when":
            condition = child.attribute("condition")
            if condition == EMPTY:
                site.needs(child, "condition")
                continue
            inside = convert(child.children, site, f"{path}/when[{len(branches) + 1}]")
            branches.append(When(condition=site.flag(element, condition), steps=inside))
        elif child.name == "otherwise":
            otherwise = convert(child.children, site, f"{path}/otherwise")
        else:
            site.error(child, "misplaced-policy", f"{child.name} cannot stand in choose")
    if not branches:
        site.error(element, "missing-element", "choose needs a when")
        return otherwise
    return (Choose(when=tuple(branches), otherwise=otherwise),)


def retry(element: Element, site: Site, path: str, convert: Convert) -> tuple[Step, ...]:
    """`retry condition count interval max-interval delta first-fast-retry`."""
    inside = convert(element.children, site, path)
    condition = element.attribute("condition")
    if condition == EMPTY:
        site.needs(element, "condition")
        return inside
    count, interval = site.integer(element, "count"), site.integer(element, "interval")
    longest, delta = site.integer(element, "max-interval", 0), site.integer(element, "delta", 0)
    if count is None or interval is None or longest is None or delta is None:
        return inside
    if not 1 <= count <= 50:
        site.error(element, "bad-attribute", f"retry's count is 1 to 50, not {count}")
        return inside
    return (
        Retry(
            condition=site.flag(element, condition),
            count=count,
            interval=float(interval),
            delta=float(delta),
            max_interval=float(longest),
            exponential=longest > 0 and delta > 0,
            first_fast=site.truth(element, "first-fast-retry"),
            steps=inside,
        ),
    )


def include_fragment(element: Element, site: Site, path: str, convert: Convert) -> tuple[Step, ...]:
    """`include-fragment fragment-id`: the fragment's policies as they are ("Reuse policy configurations")."""
    name = site.literal(element, "fragment-id")
    if site.fragment:
        return site.refuse(element, "misplaced-policy", "a fragment cannot include another one")
    fragment = site.around.fragments.get(name)
    if fragment is None:
        known = ", ".join(sorted(site.around.fragments)) or "none"
        return site.refuse(element, "unknown-fragment", f"there is no policy fragment {name!r}; known are: {known}")
    inside = msgspec.structs.replace(site, place=fragment.place, within=fragment.within, fragment=name)
    return convert(fragment.root.children, inside, path)


def forward_request(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`forward-request timeout follow-redirects fail-on-error-status-code`."""
    if site.section != BACKEND:
        site.error(element, "misplaced-policy", f"forward-request cannot stand in {site.section}")
        return ()
    if site.truth(element, "follow-redirects"):
        site.warn(element, "unserved-redirects", "redirects are not followed; they go to the client")
    timeout = site.integer(element, "timeout", _TIMEOUT)
    failing = _ERRORS if site.truth(element, "fail-on-error-status-code") else 0
    target = Selected(fallback=site.around.fallback)
    return (Invoke(target=target, timeout=float(timeout or _TIMEOUT), failing=failing), MapResponse(forward=True))


def set_backend(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`set-backend-service base-url` or `backend-id`."""
    elsewhere = [name for name in element.attributes if name.startswith(_ELSEWHERE)]
    if elsewhere:
        raise UnservedError(element, "unserved-backend", f"Service Fabric and Dapr ({elsewhere[0]}) are not served")
    url, name = element.attribute("base-url"), element.attribute("backend-id")
    backends = dict(site.around.backends)
    if name != EMPTY:
        if name.expression:
            return (SelectBackend(services=backends, name=site.text(element, name)),)
        service = backends.get(name.text.strip())
        if service is None:
            known = ", ".join(sorted(backends)) or "none"
            if name.text.strip() in site.around.unserved_backends:
                raise UnservedError(element, "unserved-backend", f"the backend {name.text.strip()} is not served")
            text = f"there is no backend {name.text.strip()!r}; known are: {known}"
            return site.refuse(element, "unknown-backend", text)
        return (SelectBackend(services={name.text.strip(): service}),)
    if url == EMPTY:
        return site.refuse(element, "missing-attribute", "set-backend-service needs base-url or backend-id")
    if url.expression:
        return (SelectBackend(name=site.text(element, url)),)
    service = HttpService(url=url.text.strip(), place=site.place)
    return (SelectBackend(services={service.url: service}),)


def return_response(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`return-response` with set-status, set-header and set-body, or the response in a variable."""
    variable = element.attribute("response-variable-name").text
    headers: list[Assignment] = []
    body = code = None
    for child in element.children:
        if child.name == "set-status":
            if child.attribute("code") == EMPTY:
                site.needs(child, "code")
            code = site.text(child, child.attribute("code"))
        elif child.name == "set-header":
            headers += _headers(child, site)
        elif child.name == "set-body":
            if child.attribute("template").text:
                raise UnservedError(child, "unserved-template", "set-body with a Liquid template is not served")
            body = site.body(child, child.text)
        else:
            site.error(child, "misplaced-policy", f"{child.name} cannot stand in return-response")
    given: Expression | None = site.own("response variable", variable) if variable else None
    return (
        ReturnResponse(
            status=0 if given is not None else 200, headers=tuple(headers), body=body, code=code, given=given
        ),
    )


def _headers(element: Element, site: Site) -> list[Assignment]:
    read = read_header(element, site)
    if read is None:
        return []
    name, exists, values = read
    return [Assignment(name=name, value=site.text(element, value)) for value in values] if exists is not None else []


def mock_response(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`mock-response status-code content-type`: the operation's example, else nothing."""
    status, wanted = site.integer(element, "status-code", 200), element.attribute("content-type").text
    if status is None:
        return ()
    if not 200 <= status < 600:
        return site.refuse(
            element, "bad-attribute", f"{element.name} answers with a status from 200 to 599, not {status}"
        )
    found = [
        example
        for example in site.around.examples.get(status, ())
        if not wanted or example.content_type.lower() == wanted.lower()
    ]
    example = found[0] if found else Example(content_type=wanted)
    if not example.body:
        site.note(element, "no-example", f"the operation has no example for {status}; the mocked response has no body")
    headers = [Assignment(name="Content-Type", value=site.own("text", example.content_type))]
    return (
        ReturnResponse(
            status=status,
            headers=tuple(headers) if example.content_type else (),
            body=site.own("text", example.body) if example.body else None,
        ),
    )
