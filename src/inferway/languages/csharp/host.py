"""What an expression may see of its host: types declared by C# signatures, and the names that hold such objects.

A host is declared once, as literal tables; nothing else of a Python object can be reached from an expression. Types
name one another in C#'s spelling, so order does not matter:

    from inferway.languages.csharp import Host, HostType, compile_expression

    RESPONSE = HostType(
        name="IResponse",
        python=Response,                                     # casts, `is` and `as` check against this class
        members={
            "int StatusCode": lambda response: response.status,
            "IMessageBody Body": lambda response: response.body,
            "IReadOnlyDictionary<string, string[]> Headers": lambda response: response.headers,   # a Mapping of lists
        },
    )
    BODY = HostType(
        name="IMessageBody",
        python=Body,
        members={"T As<T>(bool preserveContent = false)": lambda body, types, keep: body.read(types[0], keep)},
    )
    CONTEXT = HostType(
        name="IProxyRequestContext",
        python=Context,
        members={
            "IResponse Response": lambda context: context.response,
            "IReadOnlyDictionary<string, object> Variables": lambda context: context.variables,
            "void Trace(string message)": lambda context, message: context.trace(message),
        },
    )
    HOST = Host(roots={"context": "IProxyRequestContext"}, types=(CONTEXT, RESPONSE, BODY))
    compile_expression('@(context.Response.StatusCode + 1)', HOST).evaluate({"context": Context(...)})

**Extension methods** (such as `context.Variables.GetValueOrDefault<T>("x", d)`, or `AsJwt()` of a string) are static
members whose first parameter is `this`:

    EXTENSIONS = HostType(name="Extensions", members={
        "static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> self, string key, T other)":
            lambda types, self, key, other: cast(self[key], types[0]) if key in self else other,
    })

**Values** cross as: string str, bool bool, int int, long `Long`, double float, decimal `decimal.Decimal`, char `Char`,
null None, `T[]` `Array` or any list, `List<T>` `List`, `Dictionary<K, V>` `Dictionary`; `IReadOnlyDictionary` any
Mapping; `IEnumerable<T>` any iterable; JObject, JArray, JValue of `inferway.languages.csharp.json`; DateTime, TimeSpan,
Guid of `inferway.languages.csharp.library`. Where a member's declared type says what a number is, a plain int will do
for a long; only `object` needs `Long` and `Char` to tell them. An exception from a member's function becomes a
CSharpError at the place of the call; `ThrownError("System.FormatException", "message")` is one that the expression may
catch.

The signatures' forms are listed at `inferway.languages.csharp.signature.Members`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inferway.languages.csharp.signature import Member, Members, member_name, parse_member


@dataclass(frozen=True, kw_only=True, slots=True)
class HostType:
    """One type that expressions may name and use.

    `python` is the class of its objects (None: it has only static members); `bases` are names of declared types whose
    members it has as well; `text` is its `ToString()`, by default the type's name.
    """

    name: str
    members: Members
    python: type | None = None
    bases: tuple[str, ...] = ()
    text: Callable[[Any], str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """The names that an expression starts from, each with its type in C#, and the types that they lead to.

    Raises ValueError when a signature cannot be read.
    """

    roots: Mapping[str, str]
    types: tuple[HostType, ...] = ()
    parsed: Mapping[str, tuple[HostType, Mapping[str, tuple[Member, ...]]]] = field(init=False, repr=False)
    """Each type with its members by name; made once, with the host."""
    extensions: Mapping[str, tuple[Member, ...]] = field(init=False, repr=False)
    """The extension methods of all the types, by name."""

    def __post_init__(self) -> None:
        parsed = {each.name: (each, read_members(each.members)) for each in self.types}
        extensions: dict[str, tuple[Member, ...]] = {}
        for _, table in parsed.values():
            for name, members in table.items():
                found = tuple(each for each in members if each.parameters and each.parameters[0].mode == "this")
                if found:
                    extensions[name] = (*extensions.get(name, ()), *found)
        object.__setattr__(self, "parsed", parsed)
        object.__setattr__(self, "extensions", extensions)


def read_members(members: Members) -> Mapping[str, tuple[Member, ...]]:
    """A table of signatures by the names that they declare. Raises ValueError when one cannot be read."""
    found: dict[str, tuple[Member, ...]] = {}
    for text, apply in members.items():
        name = member_name(text)
        found[name] = (*found.get(name, ()), parse_member(text, apply))
    return found
