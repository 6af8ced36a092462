"""What a model server and its container processes agree on."""

from typing import Final

BODY_LIMIT: Final = 6_291_456
"""Bytes of a request body (InvokeEndpoint's Body,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html)."""

BAD_FOLDER: Final = 78
"""The exit code for a folder that no restart will mend (EX_CONFIG of sysexits.h)."""

PROCESS_HEADER: Final = b"x-inferway-process"
"""Says on /ping which process answered: the replicas of a model share a port."""
