"""JSON Schema whose patterns come to an end: what a linear engine cannot match may only go on for so long.

Most patterns are matched in time proportional to the text. One that looks around or back at what it matched has to be
tried in several ways, in a definition's worst case in more ways than anybody waits for. Each text is then tried in the
fewer ways the longer it is, and all texts of a document together for PATIENCE.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import jsonschema_rs

PATIENCE: Final = 0.1
"""Seconds that the patterns of one document may take where they have to be tried in several ways."""
TOO_LONG: Final = "its patterns take too long to match"

_LINEAR: Final = jsonschema_rs.RegexOptions()
_MOST_WORK: Final = 10_000_000
"""Ways times characters: some twenty milliseconds. Each way may look at the whole of the text."""
_MOST_WAYS: Final = 10_000
_WAYS_OF_NAMES: Final = 100
"""Ways for names of properties, whose time is not taken; a name with more is one that does not match."""


class Schema:
    """A compiled schema. Values are what msgspec or `json` decode; ValueError where one is nested too deeply."""

    __slots__ = ("_patience", "_validator")

    def __init__(self, document: Any, kind: Callable[..., Any]) -> None:
        """Compile a document; `kind` is a class of validators, or `validator_for`. Nothing is fetched.

        Raises ValueError where it is no schema.
        """
        self._patience = _Patience()
        try:
            self._validator = kind(document, pattern_options=_LINEAR, offline=True)
        except ValueError:
            options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_WAYS_OF_NAMES)
            keywords = {"pattern": _patterns(self._patience)}
            self._validator = kind(document, pattern_options=options, keywords=keywords, offline=True)

    def is_valid(self, value: Any) -> bool:
        """Say whether a value holds to the schema."""
        self._patience.left = PATIENCE
        valid: bool = self._validator.is_valid(value)
        return valid

    def errors(self, value: Any) -> Iterator[jsonschema_rs.ValidationError]:
        """Give all that is wrong with a value."""
        self._patience.left = PATIENCE
        errors: Iterator[jsonschema_rs.ValidationError] = self._validator.iter_errors(value)
        return errors

    def first_error(self, value: Any) -> str:
        """Give what is wrong with a value, "" for nothing."""
        self._patience.left = PATIENCE
        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return str(error.message)
        return ""


class _Patience:
    """The seconds that are left for one document."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = PATIENCE


def _patterns(patience: _Patience) -> type:
    """Make the keyword `pattern` of one schema."""

    class Pattern:
        def __init__(self, parent: dict[str, Any], pattern: Any, path: list[str | int]) -> None:
            del parent, path
            self._pattern = pattern
            self._by_ways = {_MOST_WAYS: _matcher(pattern, _MOST_WAYS)}

        def validate(self, value: Any) -> None:
            """Raise ValueError where a text does not match."""
            if not isinstance(value, str):
                return
            if patience.left <= 0:
                raise ValueError(TOO_LONG)
            began = time.perf_counter()
            try:
                self._matcher(len(value)).validate(value)
            except jsonschema_rs.ValidationError as error:
                raise ValueError(error.message) from None
            finally:
                patience.left -= time.perf_counter() - began

        def _matcher(self, length: int) -> Any:
            ways = _MOST_WAYS
            while ways > 1 and ways * length > _MOST_WORK:
                ways //= 10
            if ways not in self._by_ways:
                self._by_ways[ways] = _matcher(self._pattern, ways)
            return self._by_ways[ways]

    return Pattern


def _matcher(pattern: Any, ways: int) -> jsonschema_rs.Draft4Validator:
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=ways)
    return jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=options)
