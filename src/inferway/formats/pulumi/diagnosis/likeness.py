"""How alike two names are, whatever their spelling: `AWSAppSync`, `AWS_APP_SYNC` and `awsAppSync` are one name."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

NEAR: Final = 0.6
"""From here on a name is worth suggesting."""

_TYPO: Final = 0.7  # below it, letters in common are chance: `service_url` and `scm_url` have 0.63
_SAME_WORD: Final = 0.8  # singular and plural, a typing error
_WORDS: Final = 0.7
_LAST: Final = 0.4  # the last word says what a thing is
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def words(name: str) -> tuple[str, ...]:
    """Split a name of any spelling into lower-case words."""
    return tuple(word.lower() for word in _WORD.findall(name))


def flat(name: str) -> str:
    """Give a name without case and separators."""
    return "".join(part for part in name.lower() if part.isalnum())


def likeness(wanted: str, candidate: str, context: str = "") -> float:
    """Give 0 to 1; 1 where the names differ in spelling only, or `candidate` repeats `context`, its module's name."""
    flat_wanted, flat_candidate = flat(wanted), flat(candidate)
    if flat_candidate in {flat_wanted, flat(context) + flat_wanted}:
        return 1.0
    ratio = _ratio(flat_wanted, flat_candidate)
    ours, theirs = words(wanted), words(candidate)
    shared = sum(any(_ratio(word, other) >= _SAME_WORD for other in theirs) for word in ours)
    by_words = _WORDS * shared / max(len(ours) + len(theirs) - shared, 1)
    by_words += _LAST if ours and theirs and _ratio(ours[-1], theirs[-1]) >= _SAME_WORD else 0.0
    return min(0.99, max(ratio if ratio >= _TYPO else 0.0, by_words))


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def nearest(wanted: str, candidates: Iterable[str], context: str = "", most: int = 3) -> tuple[str, ...]:
    """Give the names worth suggesting, the best first; only the best where it is the same name in another spelling."""
    scored = sorted(
        ((likeness(wanted, each, context), each) for each in candidates), key=lambda pair: (-pair[0], pair[1])
    )
    near = [(score, name) for score, name in scored if score >= NEAR]
    if near and near[0][0] == 1.0:
        return (near[0][1],)
    return tuple(name for score, name in near[:most] if score >= near[0][0] - 0.2)
