"""`{{resolve:service:key}}` in texts: values that are stored outside of the template.

Sources: CloudFormation, "Get values stored in other services using dynamic references"
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html) and its pages on `ssm`,
`ssm-secure` and `secretsmanager`.
"""

import json
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from inferway.formats.cloudformation.scope import PLACEHOLDER, Scope
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, sequence, table
from inferway.formats.report import nearest

START: Final = "{{resolve:"

_REFERENCE: Final = re.compile(r"\{\{resolve:([^:{}]*):([^{}]*)\}\}")
_ARN_PARTS: Final = 7
"""Parts of a secret's ARN, between which there are colons."""


class _Stored(NamedTuple):
    """What a reference names: by which names its value may be given, and the key in a value that is JSON."""

    names: tuple[str, ...]
    key: str = ""
    secret: bool = False


def settle(node: Node | None, scope: Scope) -> Node | None:
    """Give a resolved value with all references in its texts replaced, each by a given value or by a placeholder."""
    if node is None:
        return None
    if isinstance(node, Leaf):
        return _leaf(node, scope)
    if isinstance(node, Sequence):
        items = tuple(settle(item, scope) or item for item in node.items)
        if all(one is other for one, other in zip(items, node.items, strict=True)):
            return node
        return sequence(items, node.line, node.column, node.file)
    values = {key: settle(entry.value, scope) or entry.value for key, entry in node.entries.items()}
    if all(values[key] is entry.value for key, entry in node.entries.items()):
        return node
    entries = {
        key: Entry(line=entry.line, column=entry.column, value=values[key], file=entry.file)
        for key, entry in node.entries.items()
    }
    return table(entries, node.line, node.column, node.file)


def _leaf(leaf: Leaf, scope: Scope) -> Leaf:
    if not isinstance(leaf.value, str) or START not in leaf.value:
        return leaf
    text = _REFERENCE.sub(lambda found: _value(found, leaf, scope), leaf.value)
    scope.spend(len(text), leaf)
    return Leaf(value=text, line=leaf.line, column=leaf.column, block=leaf.block, file=leaf.file)


def _value(reference: re.Match[str], at: Leaf, scope: Scope) -> str:
    service, key = reference[1], reference[2]
    read = _SERVICES.get(service)
    if read is None:
        text = f"no service has the name {service[:40]!r}{nearest(service, _SERVICES)}; the reference stays as it is"
        scope.report.warning(at, "unserved-dynamic-reference", text)
        return reference[0]
    stored = read(key)
    scope.secret = scope.secret or stored.secret
    scope.asked.update(stored.names)
    found = next((name for name in stored.names if name in scope.given.stored), None)
    if found is not None:
        value = scope.given.stored[found]
        # The last name is the whole secret's, the others are of the one value that is asked for.
        part = _part(value, stored.key) if stored.key and found == stored.names[-1] else value
        if part is not None:
            return part
    placeholder = f"{PLACEHOLDER}{service}::{stored.names[0][:200]}"
    name = stored.names[0][:200]
    text = f"{service} is not served; give {name!r} a value among the parameters, which is {placeholder} now"
    scope.report.warning(at, "unserved-dynamic-reference", text)
    return placeholder


def _parameter(key: str) -> _Stored:
    name, colon, version = key.rpartition(":")
    return _Stored((key, name) if colon and version.isdigit() else (key,))


def _secure_parameter(key: str) -> _Stored:
    return _parameter(key)._replace(secret=True)


def _secret(key: str) -> _Stored:
    """Read `secret-id:SecretString:json-key:version-stage:version-id`, in which all but the first may be left out."""
    parts = key.split(":")
    count = _ARN_PARTS if parts[0] == "arn" else 1
    name, rest = ":".join(parts[:count]), parts[count:]
    member = rest[1] if len(rest) > 1 else ""
    names = (f"{name}:{member}", key, name) if member else (name, key)
    return _Stored(tuple(dict.fromkeys(names)), member, secret=True)


_SERVICES: Final[dict[str, Callable[[str], _Stored]]] = {
    "secretsmanager": _secret,
    "ssm": _parameter,
    "ssm-secure": _secure_parameter,
}


def _part(value: str, key: str) -> str | None:
    """Give what a secret that is written as JSON holds under a key."""
    try:
        held = json.loads(value)
    except (ValueError, RecursionError):
        return None
    part = held.get(key) if isinstance(held, dict) else None
    return part if isinstance(part, str) else None if part is None else json.dumps(part)
