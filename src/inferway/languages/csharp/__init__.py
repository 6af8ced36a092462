"""C# as Azure API Management's policy expressions use it, compiled to Python closures.

`compile_expression(source, host).evaluate({"context": object})` is all that most callers need; `Host` declares what an
expression may see, see `inferway.languages.csharp.host`.
"""

from __future__ import annotations

from inferway.languages.csharp.errors import CSharpError, Missing, ThrownError
from inferway.languages.csharp.host import Host, HostType
from inferway.languages.csharp.limits import Limits
from inferway.languages.csharp.program import Compiled, cast, compile_expression
from inferway.languages.csharp.types import Type, parse_type
from inferway.languages.csharp.values import Array, Char, Dictionary, List, Long

__all__ = [
    "Array",
    "CSharpError",
    "Char",
    "Compiled",
    "Dictionary",
    "Host",
    "HostType",
    "Limits",
    "List",
    "Long",
    "Missing",
    "ThrownError",
    "Type",
    "cast",
    "compile_expression",
    "parse_type",
]
