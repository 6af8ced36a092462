"""Properties whose names are spelled in several ways: `IPSetReferenceStatement`, `ipSetReferenceStatement`."""

from collections.abc import Iterator, Mapping

from inferway.faults import Place
from inferway.formats.cursor import Cursor
from inferway.formats.nodes import Node


class Spelled:
    """A value with its place, whose members are found by name whatever their case; a list of one stands for its item.

    Pulumi writes lists of one where the service has a single structure, and marks of words in its own way.
    """

    __slots__ = ("at",)

    def __init__(self, at: Cursor) -> None:
        self.at = at

    def __getitem__(self, name: str) -> "Spelled":
        """Give a member; an absent one where there is none, or null."""
        at = _single(self.at)
        if not isinstance(at.value, Mapping):
            return Spelled(at[name])
        wanted = plain(name)
        key = next((key for key, value in at.value.items() if plain(str(key)) == wanted and value is not None), name)
        return Spelled(at[key])

    def first(self, *names: str) -> "Spelled":
        """Give the first member that is there, else the absent first."""
        found = (self[name] for name in names)
        return next((each for each in found if each.present), self[names[0]])

    @property
    def present(self) -> bool:
        """Whether there is a value that is not null."""
        return self.at.present and self.at.value is not None

    @property
    def place(self) -> Place:
        """The place of the value."""
        return self.at.place

    def names(self) -> list[str]:
        """Give the names of the members that are not null, as they are spelled."""
        at = _single(self.at)
        return (
            [str(key) for key, value in at.value.items() if value is not None] if isinstance(at.value, Mapping) else []
        )

    def choice(self, names: Mapping[str, str]) -> tuple[str, "Spelled"] | None:
        """Give the one member whose plain name is in the mapping, with what that says; None where there is none."""
        for key in self.names():
            meant = names.get(plain(key))
            if meant is not None:
                return meant, self[key]
        return None

    def items(self) -> Iterator["Spelled"]:
        """Give the items of a list; a single structure is a list of one."""
        if isinstance(self.at.value, Mapping):
            yield self
        elif self.present:
            for item in self.at.items():
                yield Spelled(item)

    def text(self, default: str = "") -> str:
        """Give a text, a number as one."""
        return self.at.text(default) if self.present else default

    def integer(self) -> int | None:
        """Give a whole number, one written as a text too."""
        value = self.at.value if self.present else None
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return self.at.integer() if self.present else None

    def error(self, code: str, text: str) -> None:
        """Report what the service refuses."""
        self.at.error(code, text)

    def warning(self, code: str, text: str) -> None:
        """Report what is different here."""
        self.at.warning(code, text)

    def note(self, code: str, text: str) -> None:
        """Explain something."""
        self.at.note(code, text)


class AtPlace:
    """The places of a document of which only one is known."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def find(self, *path: str | int) -> Place:  # noqa: ARG002 - all stands there
        """Give the one place."""
        return self._place

    def node(self, *path: str | int) -> Node | None:  # noqa: ARG002 - as above
        """Give no tree."""
        return None


def _single(at: Cursor) -> Cursor:
    if isinstance(at.value, list) and len(at.value) == 1 and isinstance(at.value[0], Mapping):
        return next(iter(at.items()))
    return at


def plain(name: str) -> str:
    """Give a name without what spellings differ in."""
    return name.replace("_", "").replace("-", "").lower()
