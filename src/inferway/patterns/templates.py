"""Mapping templates from Python values, and texts that Velocity prints as they are."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from inferway.patterns.given import Expression

Template = str | Mapping[str, object] | list[object] | Expression
"""A template: Velocity as a text, or a Python value, which is written as JSON."""

_DEPTH: Final = 50
_PRINTED: Final = {"$": "\\u0024", "#": "\\u0023"}
"""JSON's escapes of the two characters at which Velocity looks."""


def velocity(template: Template) -> str:
    """Give a template's Velocity; raises ValueError for a value that is no JSON."""
    return template if isinstance(template, str) else _json(template, 0)


def expressions(template: object) -> Iterator[Expression]:
    """Give the expressions in a template that is a Python value."""
    if isinstance(template, Expression):
        yield template
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from expressions(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from expressions(value)


def refuse(template: object, reads: Mapping[str, str], where: str) -> None:
    """Refuse expressions that give nothing in a template; `reads` says why, by what they read. Raises ValueError."""
    for expression in expressions(template):
        why = reads.get(expression.reads.partition(".")[0])
        if why is not None:
            raise ValueError(f"{expression.name} gives nothing in {where}: {why}")


def literal(text: str) -> str:
    """Give Velocity that prints a text as it is."""
    if "$" not in text and "#" not in text:
        return text
    held = text.replace("$", "\0").replace("#", "${hash}").replace("\0", "${dollar}")
    return f"#set($dollar = '$')#set($hash = '#'){held}"


def quoted(value: object) -> str:
    """Give a value that holds no expression as JSON that Velocity prints as it is; raises ValueError."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is no JSON; a template holds texts, numbers, lists and mappings") from None
    for character, escape in _PRINTED.items():
        text = text.replace(character, escape)
    return text


def _json(value: object, level: int) -> str:
    if level > _DEPTH:
        raise ValueError(f"a template of more than {_DEPTH} levels")
    if isinstance(value, Expression):
        return value.velocity
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{quoted(str(key))}: {_json(held, level + 1)}' for key, held in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_json(held, level + 1) for held in value)}]"
    return quoted(value)
