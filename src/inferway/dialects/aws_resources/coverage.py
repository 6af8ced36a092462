"""What is made of each type of AWS resource beside the APIs, for the documentation and for summaries."""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.aws_resources.provisioning import TYPES
from inferway.formats.resources import Coverage

COVERAGE: Final[Mapping[str, tuple[Coverage, str]]] = {
    name: (kind.coverage, kind.reason) for name, kind in TYPES.items()
}
"""Each type, in both spellings, with what is read of it or what happens instead."""
