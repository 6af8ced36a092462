"""The documents of functions that failed outside their handler, in the service's words.

The texts are those that users of the service see from Invoke; the guide names the types in "Troubleshoot execution
issues in Lambda" and in the Runtime API's and Extensions API's pages.
"""

import signal
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

_SIGNALS: Final = {
    signal.SIGABRT: "aborted",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "floating point exception",
    signal.SIGHUP: "hangup",
    signal.SIGILL: "illegal instruction",
    signal.SIGINT: "interrupt",
    signal.SIGKILL: "killed",
    signal.SIGPIPE: "broken pipe",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGTERM: "terminated",
}

_NO_REQUEST: Final = "RequestId:  Error:"


def timed_out(request_id: str, timeout: float) -> bytes:
    """Give the document of a function that ran past its time limit, `timeout` seconds."""
    return document("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds")


def timed_out_line(request_id: str, timeout: float) -> str:
    """Give the line of the log that says so, with the time now."""
    return (
        f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + f"Z {request_id} Task timed out after {timeout:.2f} seconds"
    )


def exited(request_id: str, code: int) -> bytes:
    """Give the document of a handler process that ended; `code` is negative for a signal, as subprocess gives it."""
    return document("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_text(code)}")


def too_large() -> bytes:
    """Give the document of a result over the service's limit."""
    return document(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    )


def exit_text(code: int) -> str:
    """Say how a handler process ended."""
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    try:
        name = _SIGNALS.get(signal.Signals(-code), f"signal {-code}")
    except ValueError:  # a real-time signal has no name
        name = f"signal {-code}"
    return f"Runtime exited with error: signal: {name}"


def with_request(made: bytes, request_id: str) -> bytes:
    """Give a document that was made before any request, with the id of the one that it answers where it names one."""
    fields = _fields(made)
    text = fields.get("errorMessage")
    if isinstance(text, str) and text.startswith(_NO_REQUEST):
        fields["errorMessage"] = f"RequestId: {request_id} Error: {text[len(_NO_REQUEST) :].lstrip()}"
    elif "requestId" in fields:
        fields["requestId"] = request_id
    else:
        return made
    return msgspec.json.encode(fields)


def summary(made: bytes) -> str:
    """Give a document as one line, `TYPE: message`; a text of another form as it is."""
    fields = _fields(made)
    if "errorType" not in fields:
        return made.decode("utf-8", "replace")
    return f"{fields['errorType']}: {fields.get('errorMessage')}"


def document(kind: str, text: str) -> bytes:
    """Give an error's document."""
    return msgspec.json.encode({"errorType": kind, "errorMessage": text})


def _fields(made: bytes) -> dict[str, Any]:
    try:
        fields = msgspec.json.decode(made)
    except msgspec.DecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}
