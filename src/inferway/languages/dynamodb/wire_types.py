"""JSON values of another type than a member of a request has, which the protocol refuses before the operation.

Source: responses of the service that users report: `NUMBER_VALUE cannot be converted to String`
(https://github.com/localstack/localstack/issues/9412), `STRING_VALUE cannot be converted to Integer`
(https://github.com/dynamodb-toolbox/dynamodb-toolbox/issues/502), `Start of list found where not expected`
(https://github.com/rusoto/rusoto/issues/658), `Start of structure or map found where not expected`
(https://github.com/aws-amplify/amplify-js/issues/13265), `Unexpected value type in payload`
(https://github.com/JuliaCloud/AWSSDK.jl/issues/11). The names of the other types are made after these.
"""

from typing import Final

from inferway.languages.dynamodb.errors import ExpressionError

NO_VALUE: Final = "Unexpected value type in payload"
"""What is said of a text, a number or a boolean where an attribute value belongs."""

_STRUCTURES: Final[dict[type, str]] = {
    list: "Start of list found where not expected",
    dict: "Start of structure or map found where not expected",
}
_NAMES: Final[dict[type, str]] = {str: "String", int: "Integer", bool: "Boolean"}


class WireTypeError(ExpressionError):
    """A value that the service refuses with a SerializationException; the text is its message."""


def mistyped(value: object, wanted: type) -> WireTypeError:
    """Give the error of a value where one of another type, `str`, `int`, `bool`, `list` or `dict`, is wanted."""
    if (structure := _STRUCTURES.get(type(value))) is not None:
        return WireTypeError(structure)
    if wanted not in _NAMES:
        return WireTypeError("Unexpected field type")
    return WireTypeError(f"{_token(value)} cannot be converted to {_NAMES[wanted]}")


def mistyped_value(value: object) -> WireTypeError:
    """Give the error of what stands where an attribute value belongs."""
    return WireTypeError(_STRUCTURES.get(type(value), NO_VALUE))


def _token(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    return "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"
