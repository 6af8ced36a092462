"""The exceptions that expressions may catch and throw."""

from __future__ import annotations

from typing import Final

from inferway.languages.csharp.text import FULL, exception_text
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import ExceptionValue

_TREE: Final = {
    "System.SystemException": "Exception",
    "System.ApplicationException": "Exception",
    "System.ArgumentException": "SystemException",
    "System.ArgumentNullException": "ArgumentException",
    "System.ArgumentOutOfRangeException": "ArgumentException",
    "System.ArithmeticException": "SystemException",
    "System.DivideByZeroException": "ArithmeticException",
    "System.OverflowException": "ArithmeticException",
    "System.FormatException": "SystemException",
    "System.UriFormatException": "FormatException",
    "System.IndexOutOfRangeException": "SystemException",
    "System.InvalidCastException": "SystemException",
    "System.InvalidOperationException": "SystemException",
    "System.NotImplementedException": "SystemException",
    "System.NotSupportedException": "SystemException",
    "System.NullReferenceException": "SystemException",
    "System.TimeoutException": "SystemException",
    "System.UnauthorizedAccessException": "SystemException",
    "System.Collections.Generic.KeyNotFoundException": "SystemException",
    "Newtonsoft.Json.JsonException": "Exception",
    "Newtonsoft.Json.JsonReaderException": "JsonException",
    "Newtonsoft.Json.JsonSerializationException": "JsonException",
}


_DEFAULTS: Final = {
    "System.ArgumentException": "Value does not fall within the expected range.",
    "System.DivideByZeroException": "Attempted to divide by zero.",
    "System.FormatException": "One of the identified items was in an invalid format.",
    "System.IndexOutOfRangeException": "Index was outside the bounds of the array.",
    "System.InvalidCastException": "Specified cast is not valid.",
    "System.InvalidOperationException": "Operation is not valid due to the current state of the object.",
    "System.NotImplementedException": "The method or operation is not implemented.",
    "System.NotSupportedException": "Specified method is not supported.",
    "System.OverflowException": "Arithmetic operation resulted in an overflow.",
    "System.TimeoutException": "The operation has timed out.",
    "System.UnauthorizedAccessException": "Attempted to perform an unauthorized operation.",
}
"""The message of `new X()`; the others name their type."""


def _class(full: str, base: str) -> Class:
    name = full.rpartition(".")[2]
    FULL[name] = full

    def make(message: str | None = None, inner: ExceptionValue | None = None) -> ExceptionValue:
        default = _DEFAULTS.get(full, f"Exception of type '{full}' was thrown.")
        return ExceptionValue(full, default if message is None else message, inner)

    return Class(
        name=name,
        bases=(base,) if base else (),
        members={
            "new()": make,
            "new(string message)": make,
            "new(string message, Exception innerException)": make,
            **({} if base else _MEMBERS),
        },
    )


def _base(value: ExceptionValue) -> ExceptionValue:
    while value.inner is not None:
        value = value.inner
    return value


_MEMBERS: Final = {
    "string Message": lambda value: value.message,
    "Exception InnerException": lambda value: value.inner,
    "Exception GetBaseException()": _base,
    "string StackTrace": lambda _: "",
    "string Source": lambda _: "",
    "string ToString()": exception_text,
}
CLASSES: Final = (_class("System.Exception", ""), *(_class(full, base) for full, base in _TREE.items()))
