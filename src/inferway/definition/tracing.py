"""Where the spans of requests go, and of how many requests."""

from typing import Final

import msgspec


class Tracing(msgspec.Struct, frozen=True, kw_only=True):
    """Spans in OTLP's JSON go to a `file`, one batch a line, or to a collector's `url` (`…/v1/traces`), with `headers`.

    Of requests whose caller has not decided, `per_second` of each second are sampled, and of the others the share
    `sample`, 0 to 1: X-Ray's default rule. `service` is what the spans name as their service.
    """

    file: str = ""
    url: str = ""
    headers: dict[str, str] = {}
    sample: float = 0.05
    per_second: int = 1
    service: str = "inferway"

    def __post_init__(self) -> None:
        """Refuse spans that would go nowhere, or to two places, and a share that is none."""
        if bool(self.file) == bool(self.url):
            raise ValueError("tracing needs either file or url")
        if not 0 <= self.sample <= 1 or self.per_second < 0:
            raise ValueError("sample is 0 to 1, and per_second not negative")


RULE: Final = Tracing(file="-")
"""X-Ray's default rule: one request a second, and five per cent of the others."""
