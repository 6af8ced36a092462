"""What the rules of web ACLs refer to by ARN."""

from collections.abc import Mapping

import msgspec

from inferway.dialects.aws_resources.firewall.spelled import Spelled


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """Address sets, pattern sets and rule groups, by their ARNs.

    With `encoded` texts to search for are Base64, as the service's command line prints them.
    """

    addresses: Mapping[str, Spelled] = {}
    patterns: Mapping[str, Spelled] = {}
    groups: Mapping[str, Spelled] = {}
    encoded: bool = False
