"""Where a project's models and functions are at home."""

import msgspec


class Homes(msgspec.Struct, frozen=True, kw_only=True):
    """The URLs of what is up, by the name that it is bound under.

    `endpoints` has those with one URL and nothing besides; `instances` the URLs of all parts of the others, by the
    endpoint's name and the part's key (BoundEndpoint.slots).
    """

    endpoints: dict[str, str] = {}
    functions: dict[str, str] = {}
    instances: dict[str, dict[str, tuple[str, ...]]] = {}

    def url(self, name: str, otherwise: str) -> str:
        """Give one URL of an endpoint, that of its first instance where it has several."""
        first = (urls[0] for urls in self.instances.get(name, {}).values() if urls)
        return self.endpoints.get(name) or next(first, otherwise)
