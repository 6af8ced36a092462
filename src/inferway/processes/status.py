"""What the end of a process is called."""


def exit_status(code: int) -> int:
    """Give the exit status for a return code, negative where a signal ended the process: what a shell makes of it."""
    return code if code >= 0 else 128 - code
