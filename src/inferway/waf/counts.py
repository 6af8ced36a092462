"""How often each rule did what, for the page of the gateway; in this process, since it began."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

_COUNTS: Final[dict[str, Counter[tuple[str, str]]]] = {}


def counter(acl: str) -> Counter[tuple[str, str]]:
    """Give the counts of an ACL by its ARN, or by its file: of a rule's name and an action."""
    return _COUNTS.setdefault(acl, Counter())


def counted() -> Iterator[dict[str, object]]:
    """Give what was counted, ACL by ACL."""
    for acl, counts in _COUNTS.items():
        rules: dict[str, dict[str, int]] = {}
        for (rule, action), count in counts.items():
            rules.setdefault(rule, {})[action] = count
        yield {"webAcl": acl, "rules": rules}
