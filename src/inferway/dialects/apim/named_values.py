"""Puts named values, `{{name}}`, into a policy before it is read.

Source: API Management, "Use named values in policies" (https://learn.microsoft.com/azure/api-management/
api-management-howto-properties).
"""

import re
from collections.abc import Mapping
from typing import Final

from inferway.dialects.apim.document import LARGEST
from inferway.dialects.apim.expressions import interpolated
from inferway.dialects.apim.masking import Masked

_NAME: Final = re.compile(r"\{\{\s*([A-Za-z0-9._-]{1,256})\s*\}\}")
_LIQUID: Final = re.compile(r"<set-body\s[^<>]*template\s*=.*?(?:</set-body>|\Z)", re.DOTALL)


_UNKNOWN: Final = re.compile("\ufdd0([^\ufdd1]*)\ufdd1")
"""Characters that stand for none: no document has them of its own."""


def unknown(name: str) -> str:
    """Give what stands in a policy for a named value that is not known here, for `unknown_value` to find."""
    return f"\ufdd0{name}\ufdd1"


def unknown_value(text: str) -> str:
    """Give the name of the first named value in a text that is not known here, "" where there is none."""
    found = _UNKNOWN.search(text)
    return found[1] if found is not None else ""


def mentioned(text: str, name: str) -> int:
    """Give where a text names a value, -1 where it does not."""
    found = re.search(r"\{\{\s*" + re.escape(name) + r"\s*\}\}", text)
    return found.start() if found is not None else -1


def put_in(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """Give a policy with its named values in it, and the names that there are none of.

    An interpolated string's own `{{` stays, and so do the braces of a Liquid template.
    """
    if "{{" not in text:
        return text, []
    kept = [found.span() for found in _LIQUID.finditer(text)]
    for begin, finish in Masked(text).spans if len(text) <= LARGEST else ():
        kept += [(begin + first, begin + last) for first, last in interpolated(text[begin:finish])]
    missing: list[str] = []
    parts, copied, size = [], 0, len(text)
    for found in _NAME.finditer(text):
        if any(first <= found.start() < last for first, last in kept):
            continue
        value = values.get(found[1])
        if value is None:
            missing.append(found[1])
            continue
        size += len(value)
        if size > 2 * LARGEST:
            break
        parts += [text[copied : found.start()], value]
        copied = found.end()
    return "".join([*parts, text[copied:]]), missing
