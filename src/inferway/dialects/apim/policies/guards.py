"""Policies that limit, check and validate.

Source: API Management, "API Management policy reference", Rate limiting and quotas, Authentication and authorization,
Cross-domain (https://learn.microsoft.com/azure/api-management/api-management-policies).
"""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final

from inferway.definition.guard_steps import (
    AddressRange,
    AllowOrigins,
    CheckHeader,
    FilterAddress,
    LimitByFixedWindow,
    LimitBySlidingWindow,
)
from inferway.definition.steps import Step
from inferway.dialects.apim.document import EMPTY, Element
from inferway.dialects.apim.policies.messages import values_of
from inferway.dialects.apim.policies.site import Site, UnservedError
from inferway.exchange import header_name

_LONGEST_SLIDE: Final = 300
_SHORTEST_PERIOD: Final = 300
_FIRST_PERIOD: Final = "0001-01-01T00:00:00Z"


def rate_limit(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`rate-limit calls renewal-period`, per subscription, and its limits of this API and this operation."""
    made: list[Step] = []
    for limit, name in _nested(element, site, f"rate:{site.around.service}:{site.owner}"):
        if _has_expressions(limit):
            return site.refuse(element, "bad-limit", "rate-limit takes no expressions")
        calls, seconds = site.integer(limit, "calls"), _slide(limit, site)
        if calls is None or seconds is None:
            return site.refuse(element, "bad-limit", "rate-limit without its limit would let every call through")
        key, told = site.own("subscription"), _told(element, site) if limit is element else {}
        made.append(LimitBySlidingWindow(counter=name, key=key, calls=calls, seconds=seconds, **told))
    return tuple(made)


def rate_limit_by_key(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`rate-limit-by-key calls renewal-period counter-key increment-condition`: one counter per key in all scopes."""
    calls, seconds, key = site.integer(element, "calls"), _slide(element, site), element.attribute("counter-key")
    if calls is None or seconds is None or key == EMPTY or not _counts_one(element, site):
        return site.refuse(element, "bad-limit", "rate-limit-by-key without its limit would let every call through")
    condition = element.attribute("increment-condition")
    return (
        LimitBySlidingWindow(
            counter=f"rate-by-key:{site.around.service}",
            key=site.text(element, key),
            calls=calls,
            seconds=seconds,
            condition=site.flag(element, condition) if condition != EMPTY else None,
            **_told(element, site),
        ),
    )


def quota(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`quota calls renewal-period`, per subscription, and its limits of this API and this operation."""
    made: list[Step] = []
    for limit, name in _nested(element, site, f"quota:{site.around.service}:{site.owner}"):
        if _has_expressions(limit):
            return site.refuse(element, "bad-limit", "quota takes no expressions")
        _refuse_bandwidth(limit)
        calls = site.integer(limit, "calls")
        period = "renewal-period" if "renewal-period" in limit.attributes else ""
        seconds = site.integer(limit if period else element, "renewal-period")
        if calls is None or seconds is None:
            return site.refuse(element, "bad-limit", "quota without its limit would let every call through")
        made.append(LimitByFixedWindow(counter=name, key=site.own("subscription"), calls=calls, seconds=float(seconds)))
    return tuple(made)


def quota_by_key(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`quota-by-key calls renewal-period counter-key increment-condition first-period-start`."""
    calls, seconds = site.integer(element, "calls"), site.integer(element, "renewal-period")
    key, condition = element.attribute("counter-key"), element.attribute("increment-condition")
    _refuse_bandwidth(element)
    if calls is None or seconds is None or key == EMPTY or 0 < seconds < _SHORTEST_PERIOD:
        text = f"quota-by-key needs calls, counter-key and a renewal-period of 0 or at least {_SHORTEST_PERIOD} s"
        return site.refuse(element, "bad-limit", text)
    return (
        LimitByFixedWindow(
            counter=f"quota-by-key:{site.around.service}",
            key=site.text(element, key),
            calls=calls,
            seconds=float(seconds),
            start=_start(element, site),
            condition=site.flag(element, condition) if condition != EMPTY else None,
        ),
    )


def _nested(element: Element, site: Site, name: str) -> list[tuple[Element, str]]:
    """Give a limit and those inside it that are meant for this API and this operation, each with its counter."""
    found = [(element, name)]
    for api in element.named("api"):
        if not _meant(api, site.around.api, site.around.api_title):
            continue
        if "calls" in api.attributes:
            found.append((api, f"{name}/{site.around.api}"))
        found += [
            (operation, f"{name}/{site.around.api}/{site.around.operation}")
            for operation in api.named("operation")
            if _meant(operation, site.around.operation, site.around.operation_title)
        ]
    return found


def _meant(element: Element, identifier: str, title: str) -> bool:
    given = element.attribute("id").text
    return given == identifier if given else element.attribute("name").text in (title, identifier)


def _slide(element: Element, site: Site) -> float | None:
    seconds = site.integer(element, "renewal-period")
    if seconds is not None and not 1 <= seconds <= _LONGEST_SLIDE:
        text = f"{element.name}'s renewal-period is 1 to {_LONGEST_SLIDE} seconds, not {seconds}"
        site.error(element, "bad-attribute", text)
        return None
    return None if seconds is None else float(seconds)


def _counts_one(element: Element, site: Site) -> bool:
    count = site.integer(element, "increment-count", 1)
    if count not in (None, 1):
        text = f"{element.name}: an increment-count other than 1 is not served"
        raise UnservedError(element, "unserved-count", text)
    return count == 1


def _has_expressions(limit: Element) -> bool:
    """Whether an attribute is an expression, which these policies do not take ("rate-limit", "quota": Attributes)."""
    return any(value.expression for value in limit.attributes.values())


def _refuse_bandwidth(element: Element) -> None:
    if "bandwidth" in element.attributes:
        raise UnservedError(element, "unserved-bandwidth", f"{element.name}: bandwidth is not counted")


def _told(element: Element, site: Site) -> dict[str, Any]:
    made = {
        field: element.attribute(attribute).text.strip()
        for field, attribute in (
            ("wait_header", "retry-after-header-name"),
            ("wait_variable", "retry-after-variable-name"),
            ("left_header", "remaining-calls-header-name"),
            ("left_variable", "remaining-calls-variable-name"),
            ("total_header", "total-calls-header-name"),
        )
        if element.attribute(attribute).text.strip()
    }
    for field in [field for field in made if field.endswith("_header")]:
        try:
            header_name(made[field])
        except ValueError:
            site.error(element, "bad-header", f"{made[field]!r} cannot be a header's name")
            del made[field]
    return made


def _start(element: Element, site: Site) -> float:
    text = element.attribute("first-period-start").text or _FIRST_PERIOD
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        site.error(element, "bad-attribute", f"first-period-start is no time: {text[:50]!r}")
        moment = datetime(1, 1, 1, tzinfo=UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def check_header(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`check-header name failed-check-httpcode failed-check-error-message ignore-case`, with a `value` each."""
    name, status = site.literal(element, "name"), site.integer(element, "failed-check-httpcode")
    if status is None or not 200 <= status < 600 or not _is_header(name):
        return site.refuse(element, "bad-check", "check-header needs a name and a status to refuse with")
    return (
        CheckHeader(
            name=name,
            values=tuple(site.text(element, value) for value in values_of(element)),
            ignore_case=site.truth(element, "ignore-case"),
            status=status,
            text=site.text(element, element.attribute("failed-check-error-message")),
        ),
    )


def _is_header(name: str) -> bool:
    try:
        return bool(header_name(name))
    except ValueError:
        return False


def ip_filter(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`ip-filter action`, with `address` and `address-range from to`."""
    action = element.attribute("action").text
    spans = [(child.text.text.strip(), child.text.text.strip()) for child in element.named("address")]
    spans += [(child.attribute("from").text, child.attribute("to").text) for child in element.named("address-range")]
    if action not in ("allow", "forbid") or not spans:
        return site.refuse(element, "bad-filter", "ip-filter needs an action, allow or forbid, and an address")
    if any(child.text.expression for child in element.children):
        raise UnservedError(element, "unserved-expression", "ip-filter: an expression as address is not served")
    ranges = []
    for first, last in spans:
        try:
            ranges.append(AddressRange(first=str(ip_address(first)), last=str(ip_address(last))))
        except ValueError:
            return site.refuse(element, "bad-filter", f"no addresses: {first[:50]!r} to {last[:50]!r}")
    return (FilterAddress(allow=action == "allow", ranges=tuple(ranges)),)


def cors(element: Element, site: Site, path: str) -> tuple[Step, ...]:  # noqa: ARG001 - a policy's form
    """`cors` with its origins, methods and headers."""
    if any(child.text.expression for part in element.children for child in part.children):
        text = "cors: an expression as an origin, method or header is not served"
        raise UnservedError(element, "unserved-expression", text)
    origins = _listed(element, "allowed-origins", "origin")
    methods = _listed(element, "allowed-methods", "method")
    if not origins:
        site.error(element, "missing-element", "cors needs allowed-origins")
        return ()
    age = next((child for child in element.named("allowed-methods")), element)
    return (
        AllowOrigins(
            origins=origins,
            methods=tuple(method.upper() for method in methods) or ("GET", "POST"),
            headers=_listed(element, "allowed-headers", "header"),
            exposed=_listed(element, "expose-headers", "header"),
            credentials=site.truth(element, "allow-credentials"),
            max_age=site.integer(age, "preflight-result-max-age", 0) or 0,
            terminate=site.truth(element, "terminate-unmatched-request", default=True),
        ),
    )


def _listed(element: Element, group: str, name: str) -> tuple[str, ...]:
    return tuple(child.text.text.strip() for part in element.named(group) for child in part.named(name))
