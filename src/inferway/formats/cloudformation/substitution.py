"""The text of `Fn::Sub`, cut into literal text and names.

Source: CloudFormation, "Fn::Sub" (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
intrinsic-function-reference-sub.html): `${Name}`, `${Name.Attribute}`, and `${!Literal}` for `${Literal}`.
"""

import re
from typing import Final, NamedTuple

_NAME: Final = re.compile(r"\$\{([^{}]*)\}")


class Name(NamedTuple):
    """A name in a text, to be replaced by its value."""

    text: str


def pieces(text: str) -> list[str | Name]:
    """Cut a text; two neighbouring pieces are never both literal."""
    made: list[str | Name] = []
    literal, at = "", 0
    for found in _NAME.finditer(text):
        literal += text[at : found.start()]
        at = found.end()
        if found[1].startswith("!"):
            literal += f"${{{found[1][1:]}}}"
            continue
        if literal:
            made.append(literal)
        made.append(Name(found[1].strip()))
        literal = ""
    literal += text[at:]
    return [*made, literal] if literal or not made else made
