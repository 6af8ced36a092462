"""JSON Schema whose patterns come to an end: what a linear engine cannot match may only go on for so long.

Most patterns are matched in time proportional to the text. One that looks around or back at what it matched has to be
tried in several ways, in a definition's worst case in more ways than anybody waits for. Each text is then tried in the
fewer ways the longer it is, and all texts of a document together for PATIENCE. A document on which a pattern was given
up holds to no schema: below a `not`, an `if` or a `oneOf`, what could not be matched would let it through.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import jsonschema_rs

PATIENCE: Final = 0.1
"""Seconds that the patterns of one document may take where they have to be tried in several ways."""
TOO_LONG: Final = "its patterns take too long to match"

_LINEAR: Final = jsonschema_rs.RegexOptions()
_EACH: Final = 4e-6
"""Seconds of every text that do not count, so that a document may have any number of ordinary ones."""
_MOST_WORK: Final = 10_000_000
"""Ways times characters: some twenty milliseconds. Each way may look at the whole of the text."""
_MOST_WAYS: Final = 10_000
_NAMES: Final = "patternProperties"


class Schema:
    """A compiled schema. Values are what msgspec or `json` decode.

    ValueError is raised for a value that is nested too deeply, and for one with which nothing but a pattern that was
    given up is wrong.
    """

    __slots__ = ("_names", "_patience", "_validator")

    def __init__(self, document: Any, kind: Callable[..., Any]) -> None:
        """Compile a document; `kind` is a class of validators, or `validator_for`. Nothing is fetched.

        Raises ValueError where it is no schema.
        """
        self._patience = _Patience()
        self._names: tuple[_Pattern, ...] = ()
        try:
            self._validator = kind(document, pattern_options=_LINEAR, offline=True)
        except ValueError:
            options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_MOST_WAYS)
            keywords = {"pattern": _keyword(self._patience)}
            self._validator = kind(document, pattern_options=options, keywords=keywords, offline=True)
            tried = filter(_is_tried, dict.fromkeys(_patterns_of_names(document)))
            self._names = tuple(_Pattern(pattern, self._patience) for pattern in tried)

    def is_valid(self, value: Any) -> bool:
        """Say whether a value holds to the schema."""
        self._begin(value)
        valid: bool = self._validator.is_valid(value)
        if valid and self._patience.gave_up:
            raise ValueError(TOO_LONG)
        return valid

    def errors(self, value: Any) -> Iterator[jsonschema_rs.ValidationError]:
        """Give all that is wrong with a value."""
        self._begin(value)
        errors: Iterator[jsonschema_rs.ValidationError] = self._validator.iter_errors(value)
        return errors

    def first_error(self, value: Any) -> str:
        """Give what is wrong with a value, "" for nothing."""
        self._begin(value)
        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return str(error.message)
        if self._patience.gave_up:
            raise ValueError(TOO_LONG)
        return ""

    def _begin(self, value: Any) -> None:
        """Try the patterns of names on all names: the validator takes no time, and says not where it gave up."""
        self._patience.left, self._patience.gave_up = PATIENCE, False
        for name in _names_in(value) if self._names else ():
            for pattern in self._names:
                pattern.wrong_with(name)
            if self._patience.gave_up:
                raise ValueError(TOO_LONG)


class _Patience:
    """The seconds that are left for one document, and whether a pattern was given up on it."""

    __slots__ = ("gave_up", "left")

    def __init__(self) -> None:
        self.left = PATIENCE
        self.gave_up = False


class _Pattern:
    """A pattern that is tried in several ways."""

    __slots__ = ("_by_ways", "_patience", "_pattern")

    def __init__(self, pattern: Any, patience: _Patience) -> None:
        self._pattern = pattern
        self._patience = patience
        self._by_ways = {_MOST_WAYS: _matcher(pattern, _MOST_WAYS)}

    def wrong_with(self, text: str) -> str:
        """Give what is wrong with a text, "" where it matches."""
        patience = self._patience
        if patience.left <= 0:
            patience.gave_up = True
            return TOO_LONG
        # Of this thread, not of the clock: a machine that is busy elsewhere makes no pattern slow.
        began = time.thread_time()
        try:
            self._matcher(len(text)).validate(text)
        except jsonschema_rs.ValidationError as error:
            if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.BacktrackLimitExceeded):
                patience.gave_up = True
            return str(error.message)
        finally:
            patience.left -= max(time.thread_time() - began - _EACH, 0)
        return ""

    def _matcher(self, length: int) -> Any:
        ways = _MOST_WAYS
        while ways > 1 and ways * length > _MOST_WORK:
            ways //= 10
        if ways not in self._by_ways:
            self._by_ways[ways] = _matcher(self._pattern, ways)
        return self._by_ways[ways]


def _keyword(patience: _Patience) -> type:
    """Make the keyword `pattern` of one schema."""

    class Keyword:
        def __init__(self, parent: dict[str, Any], pattern: Any, path: list[str | int]) -> None:
            del parent, path
            self._pattern = _Pattern(pattern, patience)

        def validate(self, value: Any) -> None:
            """Raise ValueError where a text does not match."""
            wrong = self._pattern.wrong_with(value) if isinstance(value, str) else ""
            if wrong:
                raise ValueError(wrong)

    return Keyword


def _matcher(pattern: Any, ways: int) -> jsonschema_rs.Draft4Validator:
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=ways)
    return jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=options)


def _is_tried(pattern: str) -> bool:
    """Say whether a pattern has to be tried in several ways; what is no pattern at all stands where it is none."""
    try:
        jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=_LINEAR)
    except ValueError:
        try:
            _matcher(pattern, _MOST_WAYS)
        except ValueError:
            return False
        return True
    return False


def _patterns_of_names(document: Any) -> Iterator[str]:
    """Give the patterns of names in a schema, and what only looks like one in an example or a constant."""
    for holder in _objects_in(document):
        patterns = holder.get(_NAMES)
        if isinstance(patterns, dict):
            yield from patterns


def _names_in(value: Any) -> Iterator[str]:
    for holder in _objects_in(value):
        yield from holder


def _objects_in(value: Any) -> Iterator[dict[str, Any]]:
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            yield part
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
