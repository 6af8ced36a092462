"""Reads what rules do: their actions, the responses and headers of those, and the labels that they give.

Source: AWS WAFV2 API reference, "RuleAction", "BlockAction", "CustomResponse", "CustomRequestHandling".
"""

import re
from collections.abc import Mapping
from typing import Final

from inferway.definition.web_acl import Action, CustomResponse, Verdict
from inferway.dialects.aws_resources.firewall.spelled import Spelled, plain
from inferway.dialects.aws_resources.firewall.statements import BAD

_VERDICTS: Final = {plain(verdict): verdict for verdict in Verdict}
_NAMES: Final = {name: verdict.value for name, verdict in _VERDICTS.items()}
_CONTENT_TYPES: Final = {
    "TEXT_PLAIN": "text/plain",
    "TEXT_HTML": "text/html",
    "APPLICATION_JSON": "application/json",
}
_LONGEST_BODY: Final = 4_096
_MARK: Final = "x-amzn-waf-"
_HEADER: Final = re.compile(r"[A-Za-z0-9._$-]{1,64}")
_LABEL: Final = re.compile(r"[0-9A-Za-z_\-:]{1,1024}")
_STATUSES: Final = range(200, 600)
_UNSOLVED: Final = {
    Verdict.CAPTCHA: "no puzzle is shown here: what it matches gets 405, as a client without a token does",
    Verdict.CHALLENGE: "no token is given here: what it matches gets 202, as a client without one does",
    Verdict.MONETIZE: "no payment is taken here: what it matches gets 402",
}

Bodies = Mapping[str, tuple[str, str]]
"""The content type and the text of each custom response body, by its key."""


def read_bodies(at: Spelled) -> Bodies:
    """Read the bodies of custom responses, which are a mapping, or a list with keys (Pulumi)."""
    made: dict[str, tuple[str, str]] = {}
    if isinstance(at.at.value, list):
        entries = [(item["Key"].text(), item) for item in at.items()]
    else:
        entries = [(name, Spelled(inner)) for name, inner in at.at.entries()] if at.present else []
    for key, body in entries:
        kind = body["ContentType"].text()
        if kind not in _CONTENT_TYPES:
            body.error(BAD, f"a custom response has one of {', '.join(_CONTENT_TYPES)}, not {kind!r}")
        text = body["Content"].text()
        if len(text.encode("utf-8", "replace")) > _LONGEST_BODY:
            body["Content"].error(BAD, f"a custom response body has at most {_LONGEST_BODY} bytes")
        made[key] = (_CONTENT_TYPES.get(kind, "text/plain"), text)
    return made


def read_action(at: Spelled, bodies: Bodies) -> Action:
    """Read an action; one that is none is reported and counts."""
    found = at.choice(_NAMES)
    if found is None:
        at.error(BAD, f"an action is one of {', '.join(verdict.capitalize() for verdict in Verdict)}")
        return Action(verdict=Verdict.COUNT)
    verdict, inner = Verdict(found[0]), found[1]
    if verdict in _UNSOLVED:
        inner.warning(f"web-acl-{verdict.lower()}", f"{verdict.capitalize()}: {_UNSOLVED[verdict]}")
    if verdict is Verdict.BLOCK:
        return Action(verdict=verdict, response=_response(inner["CustomResponse"], bodies))
    return Action(verdict=verdict, headers=_headers(inner["CustomRequestHandling"]["InsertHeaders"], _MARK))


def _response(at: Spelled, bodies: Bodies) -> CustomResponse | None:
    if not at.present:
        return None
    status = at["ResponseCode"].integer()
    if status not in _STATUSES:
        at["ResponseCode"].error(BAD, f"a custom response cannot have the status {at['ResponseCode'].text()!r}")
        status = 403
    key = at["CustomResponseBodyKey"]
    if key.present and key.text() not in bodies:
        key.error(BAD, f"no custom response body has the key {key.text()!r}")
    kind, text = bodies.get(key.text(), ("", "")) if key.present else ("", "")
    headers = at.first("ResponseHeaders", "ResponseHeader")
    return CustomResponse(status=status or 403, headers=_headers(headers, ""), content_type=kind, body=text)


def _headers(at: Spelled, mark: str) -> tuple[tuple[str, str], ...]:
    made: dict[str, str] = {}
    for item in at.items():
        name = item["Name"].text()
        if _HEADER.fullmatch(name) is None or name.lower() == "content-type" or name.lower() in map(str.lower, made):
            item.error(BAD, f"{name!r} cannot be the name of a header here, or is there twice")
        else:
            made[f"{mark}{name}"] = item["Value"].text()
    return tuple(made.items())


def read_labels(at: Spelled, prefix: str) -> tuple[str, ...]:
    """Read the labels that a rule gives, each whole."""
    made = []
    for item in at.items():
        name = item["Name"].text()
        if _LABEL.fullmatch(name) is None or name.startswith("awswaf"):
            item.error(BAD, f"{name!r} is no label: letters, digits, '_', '-' and ':' only, and not below awswaf")
        else:
            made.append(prefix + name)
    return tuple(made)
