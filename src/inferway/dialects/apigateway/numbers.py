"""Numbers of resources, which formats write in several ways."""

import math

from inferway.formats.cursor import Cursor


def number(at: Cursor, *, whole: bool = False) -> float | None:
    """Give a number, also where it is written as a text; None where there is none, or -1.

    One that must be `whole` is told so; that of Pulumi's programs may come as 5.0.
    """
    try:
        value = float(at.text("nan") or "nan")
    except ValueError:
        at.error("wrong-type", f"{at.label} must be a {'whole ' if whole else ''}number")
        return None
    return value if math.isfinite(value) and value != -1 else None
