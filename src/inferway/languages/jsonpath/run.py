"""One evaluation of a path."""

from inferway.languages.jsonpath.errors import JsonPathError

MOST_ITEMS = 2_000_000
"""A second or two of work."""


class Budget:
    """The items that one evaluation, with the paths inside its filters, may still look at."""

    __slots__ = ("left",)

    def __init__(self, left: int = MOST_ITEMS) -> None:
        self.left = left

    def spend(self, items: int) -> None:
        """Counts the items; raises JsonPathError when there were too many."""
        self.left -= items
        if self.left < 0:
            raise JsonPathError(f"the path looks at more than {MOST_ITEMS} items")


class Run:
    """One evaluation: the root document, what was found so far and how much work is left.

    `require` holds in existence checks, where a missing property is an error (Jayway's REQUIRE_PROPERTIES).
    """

    __slots__ = ("budget", "require", "results", "root")

    def __init__(self, root: object, budget: Budget, *, require: bool = False) -> None:
        self.root = root
        self.budget = budget
        self.require = require
        self.results: list[object] = []
