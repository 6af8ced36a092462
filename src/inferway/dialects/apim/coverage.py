"""What is made of each type of resource, in all spellings."""

from typing import Final

from inferway.dialects.apim.kinds import KINDS, classic_type, native_type
from inferway.formats.resources import Coverage

COVERAGE: Final[dict[str, tuple[Coverage, str]]] = {
    name: (kind.coverage, kind.reason)
    for kind in KINDS
    for name in (f"{kind.provider}/{kind.arm}", native_type(kind), classic_type(kind))
    if name
}
"""By type, as a template, azure-native and the classic provider write it."""
