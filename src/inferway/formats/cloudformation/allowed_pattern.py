"""The regular expressions that parameters have to match, in bounded time.

Source: CloudFormation, "Parameters" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
parameters-section-structure.html): the whole value has to match. The expressions are Java's; what JSON Schema's
dialect, in which they are matched here, lacks of those is reported.
"""

from typing import Final

import jsonschema_rs

_OPTIONS: Final = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000, size_limit=1_000_000)
_LONGEST: Final = 4_096
"""Characters; a parameter's value has at most so many."""


class BadPatternError(Exception):
    """An expression is none, or takes too long to match."""


def matches(pattern: str, value: str) -> bool:
    """Say whether a whole value matches; raises BadPatternError."""
    try:
        validator = jsonschema_rs.validator_for({"pattern": f"^(?:{pattern})$"}, pattern_options=_OPTIONS)
        validator.validate(value[: _LONGEST + 1])
    except jsonschema_rs.ValidationError as error:
        if error.message.startswith("Error executing regex"):
            raise BadPatternError("takes too long to match") from None
        if '"regex"' in error.message and "does not match" not in error.message:
            raise BadPatternError("is no regular expression that can be matched here") from None
        return False
    return len(value) <= _LONGEST
