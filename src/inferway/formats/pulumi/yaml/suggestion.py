"""What a misspelt name of a program may have meant."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from inferway.formats.pulumi.diagnosis.likeness import nearest

_MOST_NAMES: Final = 2_000  # names among which a nearest one is looked for
_LONGEST_NAME: Final = 200


def meant(name: str, known: Iterable[str]) -> str:
    """Give "; did you mean X?" for the known names most like `name`, "" where none is."""
    near = nearest(name[:_LONGEST_NAME], islice(known, _MOST_NAMES))
    return f"; did you mean {' or '.join(near)}?" if near else ""
