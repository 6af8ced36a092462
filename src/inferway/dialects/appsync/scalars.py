"""AppSync's scalar types, and the built-in ones as its server writes them.

Source: AppSync, "Scalar types in AWS AppSync" (https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html). The
words of a value that does not serialize are recorded for AWSDateTime, AWSTimestamp, Int and Boolean; the rest follow
them. The server is graphql-java, whose scalars take a number's text for the number.
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

from inferway.dialects.appsync.json_values import read_json, write_json
from inferway.languages.graphql import Scalar, ScalarError
from inferway.languages.vtl import java_text

_OFFSET: Final = r"(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)"
_DATE: Final = re.compile(rf"(-?\d{{4}}-\d{{2}}-\d{{2}}){_OFFSET}?")
_TIME: Final = re.compile(rf"(\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?){_OFFSET}?")
_DATE_TIME: Final = re.compile(rf"(-?\d{{4}}-\d{{2}}-\d{{2}})T(\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?){_OFFSET}")
_EMAIL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,10}")
_PHONE: Final = re.compile(r"\+?\d[\d -]{1,30}")


def _java_kind(value: Any) -> str:
    """Give the name of the Java class that a JSON value has on the service."""
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer" if abs(value) < 2**31 else "Long"
    for kind, name in ((float, "Double"), (str, "String"), (dict, "LinkedHashMap"), (list, "ArrayList")):
        if isinstance(value, kind):
            return name
    return "Object"


def _expected(name: str, value: Any) -> ScalarError:
    return ScalarError(f"Expected type '{name}' but was '{_java_kind(value)}'.")


def _number(name: str, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (isinstance(value, str) and not value):
        raise _expected(name, value)
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _expected(name, value) from error
    if not number.is_finite() or number.adjusted() > 400:
        raise _expected(name, value)
    return number


def _int(value: Any) -> int:
    number = _number("Int", value)
    if number != number.to_integral_value() or not -(2**31) <= number < 2**31:
        raise _expected("Int", value)
    return int(number)


def _float(value: Any) -> float:
    return float(_number("Float", value))


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.lower() == "true"
    if isinstance(value, int | float):
        return value != 0
    raise _expected("Boolean", value)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else java_text(value)


def _id(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _expected("ID", value)


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    date.fromisoformat(found[1].lstrip("-"))
    return True


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    time.fromisoformat(found[1].partition(".")[0])
    return True


def _is_date_time(text: str) -> bool:
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return False
    datetime.fromisoformat(f"{found[1].lstrip('-')}T{found[2].partition('.')[0]}")
    return True


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme) and (bool(parts.netloc) or parts.scheme == "mailto") and " " not in text


def _is_address(text: str) -> bool:
    ipaddress.ip_interface(text)
    return True


def _checked(kind: str, is_one: Callable[[str], bool]) -> Scalar:
    """Make a scalar of texts that hold to a form."""

    def check(value: Any, verb: str) -> str:
        try:
            if isinstance(value, str) and len(value) < 4096 and is_one(value):
                return value
        except ValueError:
            pass
        raise ScalarError(f"Unable to {verb} `{java_text(value)[:200]}` as a valid {kind}.")

    return Scalar(serialize=lambda value: check(value, "serialize"), parse=lambda value: check(value, "parse"))


def _timestamp(value: Any, verb: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ScalarError(f"Unable to {verb} `{java_text(value)[:200]}` as a valid timestamp.")


def _parse_json(value: Any) -> Any:
    if not isinstance(value, str):
        raise ScalarError(f"Unable to parse `{java_text(value)[:200]}` as valid JSON.")
    try:
        return read_json(value)
    except ValueError as error:
        raise ScalarError(f"Unable to parse `{value[:200]}` as valid JSON.") from error


def _write_json(value: Any) -> str:
    """Give a value as JSON text; a text is one already, else it becomes a JSON string."""
    if not isinstance(value, str):
        return write_json(value)
    try:
        read_json(value)
    except ValueError:
        return write_json(value)
    return value


SCALARS: Final[dict[str, Scalar]] = {
    "Int": Scalar(serialize=_int),
    "Float": Scalar(serialize=_float),
    "Boolean": Scalar(serialize=_boolean),
    "String": Scalar(serialize=_string),
    "ID": Scalar(serialize=_id),
    "AWSDate": _checked("Date Object", _is_date),
    "AWSTime": _checked("Time Object", _is_time),
    "AWSDateTime": _checked("DateTime Object", _is_date_time),
    "AWSTimestamp": Scalar(
        serialize=lambda value: _timestamp(value, "serialize"), parse=lambda value: _timestamp(value, "parse")
    ),
    "AWSEmail": _checked("Email", lambda text: _EMAIL.fullmatch(text) is not None),
    "AWSJSON": Scalar(serialize=_write_json, parse=_parse_json),
    "AWSURL": _checked("URL", _is_url),
    "AWSPhone": _checked("Phone Number", lambda text: _PHONE.fullmatch(text) is not None),
    "AWSIPAddress": _checked("IP Address", _is_address),
}

PRELUDE: Final = (
    "\n".join(f"scalar {name}" for name in SCALARS if name.startswith("AWS"))
    + """
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String]) on FIELD_DEFINITION | OBJECT
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION
directive @canonical on OBJECT | FIELD_DEFINITION | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @hidden on OBJECT | FIELD_DEFINITION | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @renamed(to: String) on OBJECT | FIELD_DEFINITION | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
"""
)
"""What every schema may use without saying so (AppSync, "Schema directives" below "GraphQL API security" and "Merging
APIs in AWS AppSync")."""
