"""The three surroundings that a template can be written for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What differs between the surroundings; everything else is Velocity 1.7."""

    name: str
    directives: frozenset[str]
    """Directives that exist besides `#set`, `#if`, `#elseif`, `#else` and `#end`."""
    macros: bool
    """Whether `#macro` defines something; without it a definition is swallowed and a call prints as text."""
    empty_references: bool
    """Whether a reference without a value *is* `""`; otherwise it is null and prints its own text."""
    set_null: bool
    """Whether `#set` stores null; otherwise it leaves the old value."""
    foreach_limit: bool
    """Whether `#foreach` stops silently at `Limits.foreach`."""


_CORE = frozenset({"foreach", "macro", "literal", "break", "define", "stop"})

PROFILES: dict[str, Profile] = {
    "velocity17": Profile(
        name="velocity17",
        directives=_CORE | {"include", "parse", "evaluate"},
        macros=True,
        empty_references=False,
        set_null=False,
        foreach_limit=False,
    ),
    # Recorded on the real service: undefined references are "", inline macros are off, three directives are missing.
    "apigateway": Profile(
        name="apigateway",
        directives=_CORE,
        macros=False,
        empty_references=True,
        set_null=False,
        foreach_limit=True,
    ),
    # https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-programming-guide.html
    "appsync": Profile(
        name="appsync",
        directives=_CORE - {"macro"} | {"return"},
        macros=False,
        empty_references=False,
        set_null=True,
        foreach_limit=True,
    ),
}
