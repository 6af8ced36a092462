"""Policies that the service has and that are not served here: what becomes of each, and why.

Source: API Management, "API Management policy reference" (https://learn.microsoft.com/azure/api-management/
api-management-policies), and the page of each policy.
"""

from enum import StrEnum
from typing import Final

from inferway.definition.expression import Expression
from inferway.definition.message_steps import Exists, SetHeader
from inferway.definition.steps import Assignment, Choose, Retry, SetVariable, Step
from inferway.dialects.apim.document import Element
from inferway.dialects.apim.policies.site import UNSERVED as FAILING
from inferway.dialects.apim.policies.site import Site, UnservedError


class Fate(StrEnum):
    """What becomes of a policy that is not served."""

    LEFT_OUT = "left out"
    """It tells others, or saves work: callers get the same answer without it."""

    NO_CREDENTIALS = "no credentials"
    """It is left out too; the backend that is bound here gets no credentials."""

    REFUSES = "refuses"
    """A request that comes to it fails there, as one does on the service whose policy fails."""


_TELLS: Final = "it only tells others"
_SAVES: Final = "it only saves work"
_GIVES: Final = "the backend that is bound here gets no credentials from it"
_GUARDS: Final = "it decides which requests may pass"
_CHECKS: Final = "it checks messages"
_MAKES: Final = "it makes the message that goes on"
_ASKS: Final = "what it asks for decides how the request goes on"
_ROUTES: Final = "it decides where the request goes"

UNSERVED: Final[dict[str, tuple[Fate, str]]] = {
    "emit-metric": (Fate.LEFT_OUT, _TELLS),
    "llm-emit-token-metric": (Fate.LEFT_OUT, _TELLS),
    "azure-openai-emit-token-metric": (Fate.LEFT_OUT, _TELLS),
    "log-to-eventhub": (Fate.LEFT_OUT, _TELLS),
    "send-one-way-request": (Fate.LEFT_OUT, _TELLS),
    "send-service-bus-message": (Fate.LEFT_OUT, _TELLS),
    "publish-to-dapr": (Fate.LEFT_OUT, _TELLS),
    "publish-event": (Fate.LEFT_OUT, _TELLS),
    "cross-domain": (Fate.LEFT_OUT, "it only lets Flash and Silverlight in"),
    "cache-lookup": (Fate.LEFT_OUT, _SAVES),
    "cache-store": (Fate.LEFT_OUT, _SAVES),
    "cache-store-value": (Fate.LEFT_OUT, "what looks the value up is refused"),
    "cache-remove-value": (Fate.LEFT_OUT, "what looks the value up is refused"),
    "llm-semantic-cache-lookup": (Fate.LEFT_OUT, _SAVES),
    "llm-semantic-cache-store": (Fate.LEFT_OUT, _SAVES),
    "azure-openai-semantic-cache-lookup": (Fate.LEFT_OUT, _SAVES),
    "azure-openai-semantic-cache-store": (Fate.LEFT_OUT, _SAVES),
    "authentication-basic": (Fate.NO_CREDENTIALS, _GIVES),
    "authentication-certificate": (Fate.NO_CREDENTIALS, _GIVES),
    "authentication-managed-identity": (Fate.NO_CREDENTIALS, _GIVES),
    "get-authorization-context": (Fate.NO_CREDENTIALS, _GIVES),
    "validate-jwt": (Fate.REFUSES, _GUARDS),
    "validate-azure-ad-token": (Fate.REFUSES, _GUARDS),
    "validate-client-certificate": (Fate.REFUSES, _GUARDS),
    "validate-graphql-request": (Fate.REFUSES, _GUARDS),
    "validate-odata-request": (Fate.REFUSES, _GUARDS),
    "limit-concurrency": (Fate.REFUSES, _GUARDS),
    "llm-token-limit": (Fate.REFUSES, _GUARDS),
    "azure-openai-token-limit": (Fate.REFUSES, _GUARDS),
    "llm-content-safety": (Fate.REFUSES, _GUARDS),
    "validate-parameters": (Fate.REFUSES, _CHECKS),
    "validate-headers": (Fate.REFUSES, _CHECKS),
    "validate-status-code": (Fate.REFUSES, _CHECKS),
    "json-to-xml": (Fate.REFUSES, _MAKES),
    "xml-to-json": (Fate.REFUSES, _MAKES),
    "xsl-transform": (Fate.REFUSES, _MAKES),
    "redirect-content-urls": (Fate.REFUSES, _MAKES),
    "jsonp": (Fate.REFUSES, _MAKES),
    "send-request": (Fate.REFUSES, _ASKS),
    "cache-lookup-value": (Fate.REFUSES, _ASKS),
    "invoke-dapr-binding": (Fate.REFUSES, _ASKS),
    "wait": (Fate.REFUSES, _ASKS),
    "proxy": (Fate.REFUSES, _ROUTES),
    "http-data-source": (Fate.REFUSES, _ROUTES),
    "sql-data-source": (Fate.REFUSES, _ROUTES),
    "cosmosdb-data-source": (Fate.REFUSES, _ROUTES),
}
"""By name. One that is on neither this list nor that of the policies served is none of the service's."""

_GIVEN: Final = {
    "authentication-managed-identity": "output-token-variable-name",
    "get-authorization-context": "context-variable-name",
    "publish-to-dapr": "response-variable-name",
}
"""Attributes that name a variable for later policies: without its value these must not go on."""


def leave_out(element: Element, site: Site) -> tuple[Step, ...]:
    """Leave a policy out with a warning; raises UnservedError for one that a request must not pass without.

    One that may fail (`ignore-error`) is left out even where it names a variable for later policies; an authorization
    context then is null ("Get authorization context").
    """
    name = element.name
    fate, reason = UNSERVED[name]
    variable = element.attribute(_GIVEN.get(name, "")).text.strip()
    may_fail = element.attribute("ignore-error").text.strip().lower() == "true"
    if fate is Fate.REFUSES:
        raise UnservedError(element, "unserved-policy", f"the policy {name} is not served: {reason}")
    if variable and not may_fail:
        text = f"the policy {name} is not served: later policies may need its variable {variable[:50]}"
        raise UnservedError(element, "unserved-policy", text)
    site.warn(element, "unserved-policy", f"the policy {name} is not served; it is left out: {reason}")
    if variable and name == "get-authorization-context":
        return (
            SetVariable(name=variable, value=Expression(language="csharp", text="@(null)", place=site.at(element))),
        )
    return ()


def failing(steps: tuple[Step, ...]) -> Expression | None:
    """Give the expression for which a policy's steps can never succeed, None where they may."""
    return next((found for step in steps if (found := _failing(step)) is not None), None)


def _failing(step: Step) -> Expression | None:
    if isinstance(step, Choose):
        return _first(step.when[0].condition) if step.when else None
    if isinstance(step, SetHeader) and step.exists is Exists.SKIP:
        return None
    late = "condition" if isinstance(step, Retry) else ""
    values = (getattr(step, name) for name in step.__struct_fields__ if name != late)
    return next((found for value in values if (found := _first(value)) is not None), None)


def _first(value: object) -> Expression | None:
    if isinstance(value, Expression):
        return value if value.language == FAILING else None
    if isinstance(value, Assignment):
        return _first(value.value)
    if isinstance(value, tuple):
        return next((found for each in value if (found := _first(each)) is not None), None)
    return None
