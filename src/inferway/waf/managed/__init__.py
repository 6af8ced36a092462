"""Amazon's managed rule groups by name: what each of their rules is here.

The groups' contents are not published; names, labels and what each rule is about are. A rule here is Inferway's own
reading of its description: it finds what the description names, not what the service finds. Source: AWS WAF Developer
Guide, "AWS Managed Rules rule groups list".
"""

from collections.abc import Mapping
from typing import Final

from inferway.waf.managed import baseline, reputation, use_cases
from inferway.waf.managed.entry import Entry, Group

GROUPS: Final[Mapping[str, Group]] = {**baseline.GROUPS, **use_cases.GROUPS, **reputation.GROUPS}
"""The groups of the vendor AWS."""

__all__ = ["GROUPS", "Entry", "Group"]
