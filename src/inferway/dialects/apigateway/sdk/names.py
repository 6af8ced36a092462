"""What the functions of a generated client are called.

Sources: API Gateway, "Simple Calculator API in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/simple-calc-lambda-api.html): a name is made of path and HTTP method unless the method's `operationName`,
in a document the `operationId`, says another. How JavaScript's are spelled: clients that the service generated and
their users published, named in docs/parity-export.md.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_ROOT: Final = "root"
_TAKEN: Final = frozenset(("then",))
"""Names that a client cannot have: a promise would take it for another promise."""


def name_of_path(path: str, method: str) -> str:
    """Give the name of a method by its path and HTTP method: `petsPetIdGet` for GET of `/pets/{petId}`."""
    return _camel([*(_WORD.findall(path) or [_ROOT]), method.lower()])


def name_of_operation(operation: str) -> str:
    """Give the name that an operation's own name makes, `listPets` of `ListPets`; "" where it makes none."""
    name = _camel(_WORD.findall(operation))
    return "" if name in _TAKEN else name


def unique_names(wanted: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Give the names of each method: the first that it wants, numbered where an earlier method has it, and free others.

    A first name comes before another's second, whichever method is earlier.
    """
    methods = [tuple(filter(None, names)) for names in wanted]
    taken: set[str] = set()
    firsts = [_free(names[0], taken) for names in methods]
    for first, names in zip(firsts, methods, strict=True):
        others = tuple(name for name in names[1:] if name not in taken)
        taken.update(others)
        yield first, *others


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}{number}"
    taken.add(free)
    return free


def _camel(words: Sequence[str]) -> str:
    return "".join((part[:1].upper() if at else part[:1].lower()) + part[1:] for at, part in enumerate(words))
