"""Compiles policy expressions, each once: for the reader that checks it and for the deployment that runs it."""

from functools import lru_cache

from inferway.dialects.apim.members import HOST
from inferway.languages.csharp.program import Compiled, compile_expression


@lru_cache(maxsize=4_096)
def compiled(text: str) -> Compiled:
    """Compile an expression with its `@( )` or `@{ }`; raises CSharpError."""
    return compile_expression(text, HOST)
