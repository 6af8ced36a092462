"""tmp"""
from __future__ import annotations
import re
from functools import lru_cache
class Matching:
    def __init__(self, p: str) -> None: self.p = re.compile(p)
    def matches(self, t: str) -> bool: return self.p.fullmatch(t) is not None
    def replace(self, t: str, r: str, *, every: bool) -> str:
        return self.p.sub(re.sub(r"\$(\d)", r"\\\1", r), t, count=0 if every else 1)
    def split(self, t: str, limit: int) -> list[str]:
        x = self.p.split(t, maxsplit=0)
        while x and not x[-1] and limit==0: x.pop()
        return x
@lru_cache
def matching(p: str) -> Matching: return Matching(p)
