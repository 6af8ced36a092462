"""Searches bytes for a regular expression in time proportional to their number, whatever the pattern.

The pattern becomes Thompson's automaton, run with its sets of states kept as they are met ("lazy DFA"), as RE2 does:
Ken Thompson, "Regular Expression Search Algorithm" (1968); https://swtch.com/~rsc/regexp/regexp3.html. It says whether
there is a match, not where. Lookarounds, back references and atomic groups are beyond it.
"""

from typing import Final

from inferway.languages.regex.nodes import (
    Alternatives,
    Assertion,
    Capture,
    Chars,
    Node,
    Repeat,
    Sequence,
)

_END: Final = 256
_MOST_NODES: Final = 4_000
_MOST_STATES: Final = 1_000
"""Sets of states that are kept; past it all are forgotten and made anew."""

_BYTE: Final = 255
_START, _WORD, _OTHER = range(3)
_WORDS: Final = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_TESTS: Final = {
    "\\A": "start",
    "\\Z": "end",
    "(?=\\n?\\Z)": "last",
    "(?u:\\b)": "boundary",
    "(?u:\\B)": "within",
    "(?!)": "never",
}
_LINE_ENDS: Final = ("\r\n", "\n", "\r")


class UnscannableError(Exception):
    """The pattern has what an automaton cannot do, or is too large for one."""


class _State:
    """Positions in the pattern, with what comes before them; `after` has the next ones by byte, 256 for the end."""

    __slots__ = ("after", "before", "nodes")

    def __init__(self, nodes: frozenset[int], before: int) -> None:
        self.nodes = nodes
        self.before = before
        self.after: list[_State | bool | None] = [None] * (_END + 1)


class Scanner:
    """A compiled pattern. Raises UnscannableError."""

    def __init__(self, tree: Node) -> None:
        self._sets: list[frozenset[int] | None] = []
        self._next: list[int] = []
        self._empty: list[list[tuple[str, int]]] = []
        self._lenient = False
        self._accept = self._node()
        self._entry = self._compile(tree, self._accept)
        self._states: dict[tuple[frozenset[int], int], _State] = {}
        self._first = self._state(frozenset((self._entry,)), _START)

    def search(self, text: str) -> bool:
        """Say whether a text, bytes as Latin-1, holds a match."""
        if self._run(text.encode("latin-1")):
            return True
        # `$` holds before a line terminator at the end as well.
        ending = next((end for end in _LINE_ENDS if text.endswith(end)), "") if self._lenient else ""
        return bool(ending) and self._run(text[: -len(ending)].encode("latin-1"))

    def _run(self, data: bytes) -> bool:
        state = self._first
        for code in data:
            following = state.after[code]
            if following is None:
                following = self._step(state, code)
            if following is True:
                return True
            state = following  # type: ignore[assignment]  # False is at the end alone
        last = state.after[_END]
        return (self._step(state, _END) if last is None else last) is True

    def _state(self, nodes: frozenset[int], before: int) -> _State:
        state = self._states.get((nodes, before))
        if state is None:
            if len(self._states) >= _MOST_STATES:
                self._states = {}
                self._first.after = [None] * (_END + 1)
            state = self._states[nodes, before] = _State(nodes, before)
        return state

    def _step(self, state: _State, code: int) -> "_State | bool":
        reached = self._closure(state.nodes, state.before, code)
        made: _State | bool
        if self._accept in reached:
            made = True
        elif code == _END:
            made = False
        else:
            after = {self._next[node] for node in reached if (chars := self._sets[node]) is not None and code in chars}
            after.add(self._entry)
            made = self._state(frozenset(after), _WORD if code in _WORDS else _OTHER)
        state.after[code] = made
        return made

    def _closure(self, nodes: frozenset[int], before: int, code: int) -> set[int]:
        """Give all positions that are reached without a character, between what is before and the next one."""
        seen = set(nodes)
        waiting = list(nodes)
        while waiting:
            for test, node in self._empty[waiting.pop()]:
                if node not in seen and (not test or _holds(test, before, code)):
                    seen.add(node)
                    waiting.append(node)
        return seen

    def _node(self, chars: frozenset[int] | None = None, following: int = -1) -> int:
        if len(self._sets) >= _MOST_NODES:
            raise UnscannableError("the pattern is too large")
        self._sets.append(chars)
        self._next.append(following)
        self._empty.append([])
        return len(self._sets) - 1

    def _compile(self, tree: Node, end: int) -> int:
        """Give the position from which a node leads to `end`."""
        match tree:
            case Chars(chars):
                codes = frozenset(code for low, high in chars for code in range(low, min(high, _BYTE) + 1))
                return self._node(codes, end)
            case Sequence(items):
                for item in reversed(items):
                    end = self._compile(item, end)
                return end
            case Alternatives(branches):
                start = self._node()
                self._empty[start] = [("", self._compile(branch, end)) for branch in branches]
                return start
            case Capture(body):
                return self._compile(body, end)
            case Repeat(body, low, high, mode) if mode != "+":
                return self._repeat(body, low, high, end)
            case Assertion(python) if python in _TESTS or python.endswith("?\\Z)"):
                start = self._node()
                test = _TESTS.get(python, "last")
                self._lenient |= test == "last"
                self._empty[start] = [(test, end)]
                return start
        raise UnscannableError("the pattern looks around, refers back or holds fast")

    def _repeat(self, body: Node, low: int, high: int | None, end: int) -> int:
        if high is None:
            loop = self._node()
            self._empty[loop] = [("", self._compile(body, loop)), ("", end)]
            start = loop
        else:
            start = end
            for _ in range(high - low):
                skip = self._node()
                self._empty[skip] = [("", self._compile(body, start)), ("", end)]
                start = skip
        for _ in range(low):
            start = self._compile(body, start)
        return start


def _holds(test: str, before: int, code: int) -> bool:
    if test == "start":
        return before == _START
    if test in {"end", "last"}:
        return code == _END
    if test == "never":
        return False
    return ((before == _WORD) is not (code in _WORDS)) is (test == "boundary")
