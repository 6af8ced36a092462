"""Where in a program a pattern, or a part of it, was made."""

import inspect
from pathlib import Path
from typing import Final

from inferway.faults import Place

_HERE: Final = str(Path(__file__).parent)
NOWHERE: Final = Place(file="")


def origin() -> Place:
    """Give the innermost line on the stack that stands outside of this package."""
    frame = inspect.currentframe()
    while frame is not None and str(Path(frame.f_code.co_filename).parent) == _HERE:
        frame = frame.f_back
    return Place(file=frame.f_code.co_filename, line=frame.f_lineno) if frame is not None else NOWHERE
