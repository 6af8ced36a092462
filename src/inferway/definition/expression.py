"""Text that a dialect's language gives a meaning."""

import msgspec

from inferway.faults import Place


class Expression(msgspec.Struct, frozen=True, kw_only=True):
    """Text in a language that the dialect's scope compiles once and evaluates per request.

    `language` is the dialect's name for it ("vtl", "mapping", "csharp"); `place` is where the text starts.
    """

    language: str
    text: str
    place: Place
