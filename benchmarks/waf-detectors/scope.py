"""Which CRS tests a detector of injections should see; the criteria are of form, and hold for both halves alike."""

import re
from typing import Final

from crs import CrsRequest

COUNTING: Final = frozenset(("942110", "942420", "942421", "942430", "942431", "942432", "942460"))
"""Rules that count signs, or look for a lone quote, whatever stands between."""

NOT_SQL: Final = frozenset(("942290",))
"""MongoDB's operators."""

_FRAGMENT: Final = re.compile(
    r"""[\s/]*(?:[\w.]*                 # a word,
        [^\w'"]{0,6}                    # signs after it,
        |[\w.]+[^\w(]{0,6}\(            # or the start of a call without anything in it,
        |[<>=!&|^~]+)\s*""",  # or an operator
    re.VERBOSE,
)
_OTHER_LANGUAGE: Final = re.compile(
    r"eval\(compile|\(function\(\)|echo[ $]|/bin/|\|\s*type|\|ping"  # Python, JavaScript, shells
    r"|\$\{@print|\{\$\{|\$GLOBALS|<!--\#|<svg|<mytest|javascript:"  # PHP, server-side includes, markup
)
_FIELD: Final = re.compile(r"^[A-Za-z_][\w-]*=")
_XML: Final = re.compile(r"xsi:schemalocation|xi:include", re.IGNORECASE)


def out_of_scope(request: CrsRequest) -> str:
    """Why no detector of injections should see this request; "" where one should."""
    values = [_FIELD.sub("", part, count=1) for part in request.parts]
    if request.rule in COUNTING:
        return "counts signs"
    if request.rule in NOT_SQL:
        return "another language"
    if request.rule.startswith("942"):
        if any(_OTHER_LANGUAGE.search(part) for part in request.parts):
            return "another language"
        if all(_FRAGMENT.fullmatch(value) for value in values):
            return "a word or an operator alone"
    elif any(_XML.search(part) for part in request.parts):
        return "a schema or an inclusion of XML"
    return ""
