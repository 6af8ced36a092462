"""The SageMaker API's words for what the registry refuses.

They are those of errors that users of the service published; where none is known they are ours, as
docs/parity-sagemaker.md says.
"""

from typing import Final

from inferway.control.aws_json import ApiError
from inferway.registry.errors import LimitError, NameTakenError, RegistryError, UnknownNameError
from inferway.registry.record import Kind

_WORDS: Final = {
    Kind.MODEL: "model",
    Kind.ENDPOINT: "endpoint",
    Kind.ENDPOINT_CONFIG: "endpoint configuration",
}


def api_error(error: RegistryError, operation: str) -> ApiError:
    """Give the error that an operation answers with."""
    if isinstance(error, NameTakenError):
        return _taken(error)
    if isinstance(error, UnknownNameError):
        return _unknown(error, operation)
    if isinstance(error, LimitError):
        return ApiError("ResourceLimitExceeded", str(error), member="Message")
    return ApiError("ValidationException", str(error))


def _taken(error: NameTakenError) -> ApiError:
    if error.kind is Kind.TRAINING_JOB:
        return ApiError(
            "ResourceInUse",
            "Training job names must be unique within an AWS account and region, and a training job with this name "
            f"already exists ({error.arn})",
            member="Message",
        )
    if error.kind in _WORDS:
        return ApiError("ValidationException", f'Cannot create already existing {_WORDS[error.kind]} "{error.arn}".')
    word = "Model Package Group" if error.kind is Kind.MODEL_PACKAGE_GROUP else "Model Package"
    return ApiError("ValidationException", f"{word} already exists: {error.arn}")


def _unknown(error: UnknownNameError, operation: str) -> ApiError:
    if error.kind is Kind.TRAINING_JOB:
        if operation == "StopTrainingJob":
            return ApiError("ResourceNotFound", "Requested resource not found.", member="Message")
        return ApiError("ValidationException", "Requested resource not found.")
    if error.kind in _WORDS:
        return ApiError("ValidationException", f'Could not find {_WORDS[error.kind]} "{error.arn}".')
    word = "ModelPackageGroup" if error.kind is Kind.MODEL_PACKAGE_GROUP else "ModelPackage"
    return ApiError("ValidationException", f"{word} {error.arn} does not exist.")
