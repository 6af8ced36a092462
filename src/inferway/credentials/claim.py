"""What a request claims about its signature, in its Authorization header or its query.

Sources: IAM User Guide, "Authentication methods" and "Troubleshoot signed requests" (https://docs.aws.amazon.com/IAM/
latest/UserGuide/signature-v4-troubleshooting.html); messages of the services as their users published them.
"""

import re
import time
from base64 import b64encode
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

import msgspec

from inferway.credentials.scope import ALGORITHM, TERMINATOR, Scope
from inferway.exchange import Request
from inferway.faults import Fault, FaultKind

_SCOPE_PARTS: Final = 5
_TIME: Final = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_SEPARATOR: Final = re.compile(r"[,\s]+")
_HEADER_PARTS: Final = ("Credential", "Signature", "SignedHeaders")
_UTC: Final = (" GMT", "+0000", "-0000")
_SIGNATURE: Final = "X-Amz-Signature"
_QUERY_PARTS: Final = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Who says to have signed a request, when, and over what.

    `time` is `YYYYMMDDTHHMMSSZ` and `moment` the same as a Unix time in seconds. `signed` are the names of the signed
    headers, lower-case, sorted, once each. `query` is the request's, as sent, without the signature that stands in
    it; `expires` is for how many seconds such a signature holds, None for one in a header.
    """

    access_key: str
    scope: Scope
    time: str
    moment: float
    signed: tuple[str, ...]
    signature: str
    token: str
    query: str
    expires: int | None


def incomplete(message: str) -> Fault:
    """Give the fault of a claim that cannot be understood."""
    return Fault(kind=FaultKind.INCOMPLETE_SIGNATURE, message=message)


def invalid(message: str) -> Fault:
    """Give the fault of a claim that cannot hold."""
    return Fault(kind=FaultKind.INVALID_SIGNATURE, message=message)


def read_claim(request: Request) -> Claim | Fault:
    """Read the claim from the Authorization header, else from the query; a fault where there is none or half of one."""
    headers = [value.decode("latin-1") for name, value in request.headers if name == b"authorization"]
    if len(headers) > 1:
        return incomplete("Authorization header must not be sent more than once.")
    if headers:
        return _from_header(headers[0], request)
    arguments = request.arguments()
    if "X-Amz-Signature" in arguments or "X-Amz-Algorithm" in arguments:
        return _from_query(request, arguments)
    return Fault(kind=FaultKind.MISSING_CREDENTIALS)


def _from_header(text: str, request: Request) -> Claim | Fault:
    scheme, _, rest = text.strip().partition(" ")
    parts: dict[str, str] = {}
    for part in _SEPARATOR.split(rest):
        name, equals, value = part.partition("=")
        if part and not equals:
            return incomplete(
                "Invalid key=value pair (missing equal-sign) in Authorization header "
                f"(hashed with SHA-256 and encoded with Base64): '{_fingerprint(text)}'."
            )
        if name in parts:
            return incomplete(f"Authorization header must not have the '{name[:64]}' parameter more than once.")
        if part:
            parts[name] = value
    moment = _header_time(request)
    missing = [f"Authorization header requires '{name}' parameter." for name in _HEADER_PARTS if not parts.get(name)]
    if not moment:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing:
        reasons = " ".join(missing)
        return incomplete(f"{reasons} (Hashed with SHA-256 and encoded with Base64) Authorization={_fingerprint(text)}")
    if scheme != ALGORITHM:
        return incomplete(f"Unsupported AWS 'algorithm': '{scheme[:64]}'.")
    token = (request.header(b"x-amz-security-token") or b"").decode("latin-1")
    return _claim(moment, parts, token, request.query, None)


def _from_query(request: Request, arguments: dict[str, list[str]]) -> Claim | Fault:
    missing = [f"'{name}'" for name in _QUERY_PARTS if not arguments.get(name, [""])[0]]
    if missing:
        names = ", ".join(missing)
        return incomplete(f"AWS query-string parameters must include {names}. Re-examine the query-string parameters.")
    for name, values in arguments.items():
        if name.startswith("X-Amz-") and len(values) > 1:
            return incomplete(f"AWS query-string parameter '{name[:64]}' must not be sent more than once.")
    if arguments["X-Amz-Algorithm"][0] != ALGORITHM:
        return incomplete(f"Unsupported AWS 'algorithm': '{arguments['X-Amz-Algorithm'][0][:64]}'.")
    expires = arguments.get("X-Amz-Expires", ["300"])[0]
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 6 and 1 <= int(expires) <= 604_800):
        return incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800.")
    parts = {name: arguments[f"X-Amz-{name}"][0] for name in _HEADER_PARTS}
    kept = [part for part in request.query.split("&") if not _is_signature(part.partition("=")[0])]
    token = arguments.get("X-Amz-Security-Token", [""])[0]
    return _claim(arguments["X-Amz-Date"][0], parts, token, "&".join(kept), int(expires))


def _is_signature(name: str) -> bool:
    return name == _SIGNATURE or ("%" in name and len(name) > len(_SIGNATURE) and unquote(name) == _SIGNATURE)


def _claim(moment: str, parts: dict[str, str], token: str, query: str, expires: int | None) -> Claim | Fault:
    pieces = parts["Credential"].split("/")
    if len(pieces) != _SCOPE_PARTS:
        return incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{parts['Credential']}'"
        )
    access_key, day, region, service, terminator = pieces
    if terminator != TERMINATOR:
        return invalid(f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{terminator}'.")
    seconds = seconds_of(moment)
    if seconds is None:
        return incomplete(
            f"Date must be in ISO-8601 'basic format'. Got '{moment[:64]}'. See http://en.wikipedia.org/wiki/ISO_8601"
        )
    if day != moment[:8]:
        return invalid(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{day}' != '{moment[:8]}', from '{moment}'."
        )
    signed = tuple(sorted({name.lower() for name in parts["SignedHeaders"].split(";")}))
    if "host" not in signed:
        return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    return Claim(
        access_key=access_key,
        scope=Scope(day=day, region=region, service=service),
        time=moment,
        moment=seconds,
        signed=signed,
        signature=parts["Signature"],
        token=token,
        query=query,
        expires=expires,
    )


def _header_time(request: Request) -> str:
    """Give X-Amz-Date, else Date, which may be in HTTP's own form (RFC 9110, 5.6.7), as `YYYYMMDDTHHMMSSZ`."""
    sent = request.header(b"x-amz-date")
    if sent is not None:
        return sent.decode("latin-1").strip()
    text = (request.header(b"date") or b"").decode("latin-1").strip()
    bare = text.rpartition(" ")[0] if text.endswith(_UTC) else ""
    try:
        return time.strftime("%Y%m%dT%H%M%SZ", time.strptime(bare, "%a, %d %b %Y %H:%M:%S"))
    except ValueError:
        return text


@lru_cache(maxsize=64)
def seconds_of(moment: str) -> float | None:
    """Give `YYYYMMDDTHHMMSSZ` as a Unix time, None where it is none."""
    if _TIME.fullmatch(moment) is None:
        return None
    year, month, day = int(moment[:4]), int(moment[4:6]), int(moment[6:8])
    try:
        return datetime(
            year, month, day, int(moment[9:11]), int(moment[11:13]), int(moment[13:15]), tzinfo=UTC
        ).timestamp()
    except ValueError:
        return None


def _fingerprint(text: str) -> str:
    return b64encode(sha256(text.encode("latin-1", "replace")).digest()).decode("ascii")
