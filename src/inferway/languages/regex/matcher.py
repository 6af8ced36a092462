"""Runs a pattern's program by backtracking, and counts its steps: its time is bounded whatever the pattern.

It takes Java's ways in Java's order (java.util.regex.Pattern of JDK 17), but forgets the groups of a negative look,
which Java may still show in a later match. It keeps the places to go back to on a stack of its own, so that neither a
long subject nor a deep pattern can exhaust Python's.
"""

from bisect import bisect_right
from typing import Final

from inferway.languages.regex.nodes import RegexCostError
from inferway.languages.regex.program import (
    Again,
    Around,
    Begin,
    Code,
    Done,
    Inner,
    Jump,
    Loop,
    Many,
    One,
    Program,
    Round,
    Save,
    Split,
    Test,
)

NOWHERE: Final = -1
Way = tuple[int, int, int, int]
"""An instruction, a place, how much of the trail to keep, and the least place to try the same instruction at again."""
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


class Found:
    """A match, as `re.Match` shows it."""

    __slots__ = ("_spans", "_subject")

    def __init__(self, subject: str, registers: list[int]) -> None:
        self._subject = subject
        self._spans = registers

    def start(self) -> int:
        """Where the match begins."""
        return self._spans[0]

    def end(self) -> int:
        """Where the match ends."""
        return self._spans[1]

    def group(self, number: int = 0, /) -> str | None:
        """The text of a group, None when it took no part; 0 is the whole match."""
        begin, end = self._spans[2 * number : 2 * number + 2]
        return self._subject[begin:end] if end != NOWHERE else None

    def groups(self) -> tuple[str | None, ...]:
        """The texts of all groups from the first."""
        return tuple(self.group(number) for number in range(1, len(self._spans) // 2))


class Matcher:
    """One subject, and the steps left for it; every method raises RegexCostError when they are spent."""

    __slots__ = ("_budget", "_groups", "_left", "_program", "_registers", "_subject", "_trail")

    def __init__(self, program: Program, groups: int, subject: str, budget: int) -> None:
        self._program = program
        self._groups = groups
        self._subject = subject
        self._budget = self._left = budget
        self._registers: list[int] = []
        self._trail: list[tuple[int, int]] = []

    def fullmatch(self) -> Found | None:
        """The match of the whole subject."""
        return self._match(0, len(self._subject))

    def search(self, start: int) -> Found | None:
        """The first match that begins at `start` or behind it."""
        for at in range(start, len(self._subject) + 1):
            found = self._match(at, NOWHERE)
            if found is not None:
                return found
        return None

    def _match(self, start: int, goal: int) -> Found | None:
        self._registers = [NOWHERE] * self._program.registers
        self._trail.clear()
        end = self._run(self._program.code, start, goal)
        if end == NOWHERE:
            return None
        self._registers[:2] = start, end
        return Found(self._subject, self._registers[: 2 * self._groups + 2])

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise RegexCostError(f"the pattern takes more than {self._budget} steps on this subject")

    def _set(self, register: int, value: int) -> None:
        self._trail.append((register, self._registers[register]))
        self._registers[register] = value

    def _undo(self, mark: int) -> None:
        while len(self._trail) > mark:
            register, value = self._trail.pop()
            self._registers[register] = value

    def _run(self, code: Code, start: int, goal: int) -> int:
        """Where the program ends, at the goal if there is one; NOWHERE when no way leads through it."""
        subject, size = self._subject, len(self._subject)
        stack: list[Way] = []
        entry = len(self._trail)
        here, at = 0, start
        while True:
            self._spend(1)
            instruction = code[here]
            here += 1
            match instruction:
                case One(bounds):
                    at = at + 1 if at < size and bisect_right(bounds, ord(subject[at])) & 1 else NOWHERE
                case Split(other):
                    stack.append((other, at, len(self._trail), at))
                case Jump(to):
                    here = to
                case Loop():
                    here = self._choose(instruction, here, at, stack)
                case Save() | Begin() | Round():
                    self._note(instruction, at)
                case Done():
                    if goal in (NOWHERE, at):
                        return at
                    at = NOWHERE
                case Many():
                    at = self._many(instruction, here, at, stack)
                case _:
                    at = self._pass(instruction, at)
            if at != NOWHERE:
                continue
            if not stack:
                self._undo(entry)
                return NOWHERE
            here, at, mark, least = stack.pop()
            self._undo(mark)
            if at > least:
                stack.append((here, at - 1, mark, least))

    def _choose(self, loop: Loop, here: int, at: int, stack: list[Way]) -> int:
        """The instruction after the loop's choice; Java leaves after an empty round, however many it wants."""
        count = self._registers[loop.register]
        if at == self._registers[loop.register + 1] or count == loop.high:
            return loop.leave
        if count < loop.low:
            return here
        first, second = (loop.leave, here) if loop.lazy else (here, loop.leave)
        stack.append((second, at, len(self._trail), at))
        return first

    def _note(self, instruction: Save | Begin | Round, at: int) -> None:
        register = instruction.register
        match instruction:
            case Save():
                self._set(register, at)
            case Begin():
                self._set(register, 0)
                self._set(register + 1, NOWHERE)
            case Round():
                self._set(register, self._registers[register] + 1)
                self._set(register + 1, at)

    def _pass(self, instruction: Test | Again | Inner | Around, at: int) -> int:
        match instruction:
            case Test(holds):
                return at if holds(self._subject, at) else NOWHERE
            case Again(group, fold):
                return self._again(group, fold, at)
            case Inner(code):
                return self._run(code, at, NOWHERE)
            case Around():
                return at if self._around(instruction, at) else NOWHERE

    def _many(self, many: Many, here: int, at: int, stack: list[Way]) -> int:
        subject, bounds, end = self._subject, many.bounds, at
        most = len(subject) if many.high is None else min(len(subject), at + many.high)
        while end < most and bisect_right(bounds, ord(subject[end])) & 1:
            end += 1
            self._spend(1)
        least = at + many.low
        if end < least:
            return NOWHERE
        if end > least and not many.possessive:
            stack.append((here, end - 1, len(self._trail), least))
        return end

    def _again(self, group: int, fold: str, at: int) -> int:
        """Where the group's text ends once more, or NOWHERE."""
        begin, end = self._registers[2 * group : 2 * group + 2]
        if end == NOWHERE:
            return NOWHERE
        before, now = self._subject[begin:end], self._subject[at : at + end - begin]
        self._spend((end - begin) // 8)
        same = before == now or (fold != "" and len(before) == len(now) and _folded(before, now, fold))
        return at + end - begin if same else NOWHERE

    def _around(self, look: Around, at: int) -> bool:
        mark = len(self._trail)
        if look.behind is None:
            matched = self._run(look.code, at, NOWHERE) != NOWHERE
        else:
            least, most = look.behind
            begins = range(at - least, (0 if most is None else max(at - most, 0)) - 1, -1)
            matched = any(self._run(look.code, begin, at) != NOWHERE for begin in begins)
        if look.negative:
            self._undo(mark)
        return matched is not look.negative


def _folded(left: str, right: str, fold: str) -> bool:
    """Whether the texts are equal but for case: that of ASCII's letters, or of all with `iu`."""
    if "u" not in fold:
        return left.translate(_LOWER) == right.translate(_LOWER)
    return all(one.lower() == two.lower() or one.upper() == two.upper() for one, two in zip(left, right, strict=True))
