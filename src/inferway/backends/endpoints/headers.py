"""The headers of a call, held to the service's shapes: which variant, component or session it asks for.

Source: SageMaker Runtime API reference (API version 2017-05-13), the requests' shapes; the words for a constraint that
is broken are those of the service's other errors.
"""

import re
from typing import Final

import msgspec

from inferway.exchange import Headers

_NAME: Final = "^[a-zA-Z0-9](-*[a-zA-Z0-9])*"
_PRINTED: Final = r"\A\S[\p{Print}]*\z"


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a header may hold: `pattern` as the service writes it, `matching` as it is looked at here."""

    member: str
    longest: int
    shortest: int = 0
    pattern: str = ""
    matching: re.Pattern[str] | None = None


def _shape(member: str, longest: int, shortest: int = 0, pattern: str = "", matching: str = "") -> Shape:
    compiled = re.compile(matching or pattern) if pattern else None
    return Shape(member=member, longest=longest, shortest=shortest, pattern=pattern, matching=compiled)


_PRINTABLE: Final = r"[!-~][ -~]*"

SHAPES: Final[dict[bytes, Shape]] = {
    b"content-type": _shape("contentType", 1024),
    b"accept": _shape("accept", 1024),
    b"x-amzn-sagemaker-content-type": _shape("contentType", 1024),
    b"x-amzn-sagemaker-accept": _shape("accept", 1024),
    b"x-amzn-sagemaker-custom-attributes": _shape("customAttributes", 1024),
    b"x-amzn-sagemaker-target-model": _shape("targetModel", 1024, 1, _PRINTED, _PRINTABLE),
    b"x-amzn-sagemaker-target-variant": _shape("targetVariant", 63, 0, _NAME),
    b"x-amzn-sagemaker-target-container-hostname": _shape("targetContainerHostname", 63, 0, _NAME),
    b"x-amzn-sagemaker-inference-id": _shape("inferenceId", 64, 1, _PRINTED, _PRINTABLE),
    b"x-amzn-sagemaker-enable-explanations": _shape("enableExplanations", 64, 1, ".*"),
    b"x-amzn-sagemaker-inference-component": _shape(
        "inferenceComponentName", 63, 0, r"^[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?$"
    ),
    b"x-amzn-sagemaker-session-id": _shape(
        "sessionId", 256, 0, "^(NEW_SESSION)$|^[a-zA-Z0-9](-*[a-zA-Z0-9])*$", "NEW_SESSION|[a-zA-Z0-9](-*[a-zA-Z0-9])*"
    ),
    b"x-amzn-sagemaker-prefix-aware-id": _shape("prefixAwareId", 64, 1, _PRINTED, _PRINTABLE),
    b"x-amzn-sagemaker-inputlocation": _shape("inputLocation", 1024, 1, "^(https|s3)://([^/]+)/?(.*)$"),
    b"x-amzn-sagemaker-s3outputpathextension": _shape(
        "s3OutputPathExtension", 512, 1, "^(?!s3:|https:)[a-zA-Z0-9!_.*'()/-]+$"
    ),
    b"x-amzn-sagemaker-filename": _shape("filename", 32, 1, r"^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_\.]*$"),
}
"""Texts by the header that brings them."""

WHOLE_NUMBERS: Final[dict[bytes, tuple[str, int, int]]] = {
    b"x-amzn-sagemaker-requestttlseconds": ("requestTTLSeconds", 60, 21_600),
    b"x-amzn-sagemaker-invocationtimeoutseconds": ("invocationTimeoutSeconds", 1, 3600),
}
"""Numbers by the header that brings them: the member, the least and the most."""

NEW_SESSION: Final = "NEW_SESSION"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a call's headers ask for; "" for what they do not name."""

    variant: str = ""
    component: str = ""
    model: str = ""
    session: str = ""
    inference_id: str = ""
    custom_attributes: str = ""


NOTHING: Final = Wanted()

_WANTED: Final = {
    b"x-amzn-sagemaker-target-variant": "variant",
    b"x-amzn-sagemaker-inference-component": "component",
    b"x-amzn-sagemaker-target-model": "model",
    b"x-amzn-sagemaker-session-id": "session",
    b"x-amzn-sagemaker-inference-id": "inference_id",
    b"x-amzn-sagemaker-custom-attributes": "custom_attributes",
}


def wanted(headers: Headers | tuple[tuple[bytes, bytes], ...]) -> Wanted:
    """Read what a call asks for out of headers that `broken` found nothing in."""
    found = {_WANTED[name]: value.decode("ascii") for name, value in headers if name in _WANTED}
    return msgspec.convert(found, Wanted) if found else NOTHING


def broken(headers: Headers | tuple[tuple[bytes, bytes], ...]) -> str:
    """Give the service's message about headers that break their shapes, "" where none does."""
    found: list[str] = []
    seen: set[bytes] = set()
    for name, value in headers:
        if name in SHAPES:
            shape = SHAPES[name]
            text = value.decode("latin-1")
            found += [f"Value '{_shown(text)}' at '{shape.member}' {said}" for said in _flaws(text, shape)]
        elif name in WHOLE_NUMBERS:
            found += _number_flaws(value.decode("latin-1"), name)
        else:
            continue
        if name in seen:
            found.append(f"Value at '{_member(name)}' failed to satisfy constraint: Member must be given once")
        seen.add(name)
    if not found:
        return ""
    return f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: {'; '.join(found)}"


def _flaws(text: str, shape: Shape) -> list[str]:
    said = "failed to satisfy constraint: Member must"
    found = []
    if len(text) > shape.longest:
        found.append(f"{said} have length less than or equal to {shape.longest}")
    elif len(text) < shape.shortest:
        found.append(f"{said} have length greater than or equal to {shape.shortest}")
    if not text.isascii():
        found.append(f"{said} satisfy regular expression pattern: " + (shape.pattern or r"\p{ASCII}*"))
    elif shape.matching is not None and len(text) <= shape.longest and shape.matching.fullmatch(text) is None:
        found.append(f"{said} satisfy regular expression pattern: {shape.pattern}")
    return found


def _number_flaws(text: str, name: bytes) -> list[str]:
    member, least, most = WHOLE_NUMBERS[name]
    at = f"Value '{_shown(text)}' at '{member}' failed to satisfy constraint: Member must"
    if not text.isdigit() or not text.isascii() or len(text) > 9:
        return [f"{at} be a whole number"]
    if int(text) < least:
        return [f"{at} have value greater than or equal to {least}"]
    return [f"{at} have value less than or equal to {most}"] if int(text) > most else []


def _member(name: bytes) -> str:
    return SHAPES[name].member if name in SHAPES else WHOLE_NUMBERS[name][0]


def _shown(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}…"
