"""Which policies there are, what turns each into steps, and what becomes of those that are not served."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Final

from inferway.definition.steps import Refuse, Step
from inferway.dialects.apim.document import Element
from inferway.dialects.apim.named_values import unknown_value
from inferway.dialects.apim.policies.content import validate_content
from inferway.dialects.apim.policies.flow import (
    choose,
    forward_request,
    include_fragment,
    mock_response,
    retry,
    return_response,
    set_backend,
)
from inferway.dialects.apim.policies.guards import (
    check_header,
    cors,
    ip_filter,
    quota,
    quota_by_key,
    rate_limit,
    rate_limit_by_key,
)
from inferway.dialects.apim.policies.messages import (
    find_and_replace,
    rewrite_uri,
    set_body,
    set_header,
    set_method,
    set_query,
    set_status,
    set_variable,
    trace,
)
from inferway.dialects.apim.policies.site import INBOUND, ON_ERROR, OUTBOUND, Site, UnservedError
from inferway.dialects.apim.policies.unserved import UNSERVED, failing, leave_out
from inferway.faults import FaultKind

Policy = Callable[[Element, Site, str], tuple[Step, ...]]
"""Turns a policy into steps, given where it stands and its path there."""

SERVED: Final[dict[str, Policy]] = {
    "set-variable": set_variable,
    "set-header": set_header,
    "set-query-parameter": set_query,
    "set-body": set_body,
    "set-method": set_method,
    "set-status": set_status,
    "rewrite-uri": rewrite_uri,
    "find-and-replace": find_and_replace,
    "trace": trace,
    "set-backend-service": set_backend,
    "forward-request": forward_request,
    "return-response": return_response,
    "mock-response": mock_response,
    "rate-limit": rate_limit,
    "rate-limit-by-key": rate_limit_by_key,
    "quota": quota,
    "quota-by-key": quota_by_key,
    "check-header": check_header,
    "ip-filter": ip_filter,
    "cors": cors,
    "validate-content": validate_content,
}

HOLDING: Final = {"choose": choose, "retry": retry, "include-fragment": include_fragment}
"""Policies that hold others."""

SECTIONS: Final = {
    "rate-limit": (INBOUND,),
    "rate-limit-by-key": (INBOUND,),
    "quota": (INBOUND,),
    "quota-by-key": (INBOUND,),
    "check-header": (INBOUND,),
    "ip-filter": (INBOUND,),
    "cors": (INBOUND,),
    "rewrite-uri": (INBOUND,),
    "set-status": (OUTBOUND, ON_ERROR),
    "validate-content": (INBOUND, OUTBOUND, ON_ERROR),
}
"""Where those may stand that may not stand everywhere ("Policy sections" of each policy's page)."""


def convert(elements: tuple[Element, ...], site: Site, path: str = "") -> tuple[Step, ...]:
    """Turn policies into steps in their order; what is not served becomes a finding, and where it must a refusal."""
    counts: dict[str, int] = {}
    for element in elements:
        counts[element.name] = counts.get(element.name, 0) + 1
    met: dict[str, int] = {}
    made: list[Step] = []
    for element in elements:
        met[element.name] = met.get(element.name, 0) + 1
        own = f"{element.name}[{met[element.name]}]" if counts[element.name] > 1 else element.name
        try:
            steps = _steps(element, site, f"{path}/{own}" if path else own)
        except UnservedError as error:
            steps = site.refuse_unserved(error)
        if element.name != "base" and (found := failing(steps)) is not None:
            steps = (Refuse(kind=FaultKind.TEMPLATE_FAILED, cause=found.text),)
        if steps and element.name != "base":
            made.append(site.mark(element, f"{path}/{own}" if path else own))
        made += steps
    return tuple(made)


def _steps(element: Element, site: Site, path: str) -> tuple[Step, ...]:
    name = element.name
    if name == "base":
        if site.fragment:
            site.error(element, "misplaced-policy", "base cannot stand in a fragment")
        return () if site.fragment else site.parent
    allowed = SECTIONS.get(name)
    if allowed is not None and site.section not in allowed:
        return site.refuse(element, "misplaced-policy", f"{name} cannot stand in {site.section}")
    if name in UNSERVED:
        return leave_out(element, site)
    holding = HOLDING.get(name)
    _require_values(element, site, deep=holding is None)
    if holding is not None:
        return holding(element, site, path, convert)
    served = SERVED.get(name)
    if served is not None:
        return served(element, site, path)
    near = get_close_matches(name, (*SERVED, *HOLDING, *UNSERVED), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return site.refuse(element, "unknown-policy", f"there is no policy {name}{hint}")


def _require_values(element: Element, site: Site, *, deep: bool) -> None:
    """Raise UnservedError where an element needs a named value that is in Key Vault: of that has been told already."""
    texts = [*element.attributes.values(), element.text] if deep else [*element.attributes.values()]
    name = next((found for text in texts if (found := unknown_value(text.text))), "")
    if name:
        raise UnservedError(element, "", f"{element.name}: the named value {name} is in Key Vault")
    for child in element.children if deep else ():
        _require_values(child, site, deep=True)
