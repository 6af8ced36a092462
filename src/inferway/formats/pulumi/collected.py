"""What a program has declared so far, and what there is to know about it."""

import threading
from collections.abc import Iterable

import msgspec

from inferway.faults import Finding, Place, Severity
from inferway.formats.pulumi.messages import Exported, Limits, Made

_MOST_FINDINGS = 200


class RefusedError(Exception):
    """The engine does not do what the program asks; the text goes to both the program and the findings.

    `place` is where it asked, None for the line of the request itself.
    """

    def __init__(self, code: str, text: str, place: Place | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.place = place


class Vanished(msgspec.Struct, frozen=True, kw_only=True):
    """A required property that did not arrive: what the program gave for it resolved to nothing."""

    resource: str
    type: str
    property: str
    place: Place


class Collected:
    """Filled from several threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._urns: dict[str, Place] = {}
        self._size = 0
        self._made: list[Made] = []
        self._findings: dict[Finding, None] = {}
        self.refused: list[tuple[RefusedError, Place]] = []
        self.vanished: list[Vanished] = []
        self.outputs: tuple[Exported, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, each once."""
        with self._lock:
            return tuple(self._findings)

    @property
    def resources(self) -> tuple[Made, ...]:
        """The resources, in the order of their places: the order of arrival differs from run to run."""
        with self._lock:
            return tuple(sorted(self._made, key=lambda made: (made.file, made.line, made.type, made.name)))

    def claim(self, urn: str, size: int, place: Place) -> None:
        """Take a resource's name; raises RefusedError where it is taken, or the graph grows past its limits."""
        with self._lock:
            taken = self._urns.get(urn)
            if taken is not None:
                # Requests overtake each other on their way, so the lines say which was meant to be first.
                first, second = sorted((taken, place), key=lambda each: (each.file, each.line))
                text = f"the resource {urn} is declared already, at {first}; give one of them another name"
                raise RefusedError("duplicate-resource", text, second)
            self._size += size
            if len(self._urns) >= self._limits.resources:
                raise RefusedError("graph-too-large", f"more than {self._limits.resources:,} resources")
            if self._size > self._limits.size:
                text = f"the resources' properties take more than {self._limits.size >> 20} MB"
                raise RefusedError("graph-too-large", text)
            self._urns[urn] = place

    def add(self, made: Made) -> None:
        """Keep a resource."""
        with self._lock:
            self._made.append(made)

    def refuse(self, refused: RefusedError, place: Place) -> None:
        """Note what the program was refused, and where it asked."""
        place = refused.place or place
        with self._lock:
            self.refused.append((refused, place))
        self.find(Severity.ERROR, refused.code, refused.text, place)

    def find(self, severity: Severity, code: str, text: str, place: Place) -> None:
        """Note a finding; past a bound, nothing more."""
        with self._lock:
            if len(self._findings) < _MOST_FINDINGS:
                self._findings.setdefault(Finding(severity=severity, code=code, text=text, place=place))

    def export(self, outputs: Iterable[Exported]) -> None:
        """Keep the stack's outputs, by name: the wire has no order."""
        self.outputs = tuple(sorted(outputs, key=lambda output: output.name))
