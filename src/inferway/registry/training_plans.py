"""From a CreateTrainingJob request to what the training container does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from inferway.definition.training import BoundTraining
from inferway.registry.errors import InvalidRequestError
from inferway.registry.storage import Storage
from inferway.training.environment import platform_hyperparameter
from inferway.training.metrics import check_metric
from inferway.training.plan import Channel, Metric, TrainingPlan

DAY: Final = 86_400
_LONGEST: Final = 28 * DAY  # StoppingCondition, MaxRuntimeInSeconds: "The maximum value is 28 days"


def artifact_uri(request: Mapping[str, Any]) -> str:
    """Give the URI that a job's model will have: `PATH/JOB/output/model.tar.gz`, or `…/model/` uncompressed."""
    output = request["OutputDataConfig"]
    name = "model/" if output.get("CompressionType") == "NONE" else "model.tar.gz"
    return f"{output['S3OutputPath'].rstrip('/')}/{request['TrainingJobName']}/output/{name}"


def plan_for(
    request: Mapping[str, Any], arn: str, bound: Mapping[str, BoundTraining], storage: Storage
) -> TrainingPlan:
    """Give a job's plan; raises InvalidRequestError for what is not bound, not there, or not served."""
    _refuse_unserved(request)
    algorithm = request.get("AlgorithmSpecification", {})
    image = algorithm.get("TrainingImage", "")
    hyperparameters = request.get("HyperParameters", {})
    binding = next((one for one in bound.values() if one.plays(image)), None)
    submitted = platform_hyperparameter(hyperparameters, "sagemaker_submit_directory")
    if binding is None and not submitted:
        raise InvalidRequestError(
            "Invalid training image. Please provide a valid Amazon Elastic Container Registry path of the Docker image "
            f'to run. (Inferway: bind it with [training.NAME] image = "{image}" and path, in inferway.toml, or send '
            "the hyperparameters sagemaker_submit_directory and sagemaker_program.)"
        )
    code = storage.path(submitted) if submitted else Path(binding.path if binding else "")
    program = platform_hyperparameter(hyperparameters, "sagemaker_program")
    program = program or (binding.program if binding else "train.py")
    if Path(program).is_absolute() or ".." in Path(program).parts:
        raise InvalidRequestError(f"sagemaker_program must be a file of the code, not {program}")
    if not code.exists():
        raise InvalidRequestError(f"There is no code at {submitted or code}")
    artifact = storage.path(artifact_uri(request))
    return TrainingPlan(
        name=request["TrainingJobName"],
        arn=arn,
        code=code.resolve(),
        program=program,
        artifact=artifact,
        output=artifact.with_name("output.tar.gz"),
        hyperparameters=hyperparameters,
        channels=tuple(_channel(one, algorithm, request, storage) for one in request.get("InputDataConfig", [])),
        metrics=_metrics(algorithm),
        environment={**(binding.environment if binding else {}), **request.get("Environment", {})},
        instance_type=request.get("ResourceConfig", {}).get("InstanceType", "local"),
        max_runtime=float(request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)),
        compressed=request["OutputDataConfig"].get("CompressionType") != "NONE",
    )


def _refuse_unserved(request: Mapping[str, Any]) -> None:
    """Refuse what would be done otherwise than it was asked for."""
    modes = [request.get("AlgorithmSpecification", {}).get("TrainingInputMode", "File")]
    for channel in request.get("InputDataConfig", []):
        modes.append(channel.get("InputMode", "File"))
        source = channel["DataSource"].get("S3DataSource")
        if source is None:
            raise InvalidRequestError(f"The channel {channel['ChannelName']} needs an S3DataSource.")
        for name, value, served in (
            ("S3DataType", source["S3DataType"], "S3Prefix"),
            ("CompressionType", channel.get("CompressionType", "None"), "None"),
            ("RecordWrapperType", channel.get("RecordWrapperType", "None"), "None"),
        ):
            if value != served:
                raise InvalidRequestError(f"{name} {value} is not served by Inferway: {served} is.")
    if "Pipe" in modes:
        raise InvalidRequestError("The input mode Pipe is not served by Inferway: File and FastFile are.")
    if request.get("ResourceConfig", {}).get("InstanceCount", 1) > 1:
        raise InvalidRequestError("Training on several instances is not served by Inferway: InstanceCount must be 1.")
    if request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY) > _LONGEST:
        raise InvalidRequestError(f"MaxRuntimeInSeconds must be {_LONGEST} (28 days) at most.")


def _channel(
    channel: Mapping[str, Any], algorithm: Mapping[str, Any], request: Mapping[str, Any], storage: Storage
) -> Channel:
    uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
    source = storage.path(uri)
    if not source.exists():
        bucket = uri.removeprefix("s3://").partition("/")[0]
        raise InvalidRequestError(
            f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket '
            f"exists in the selected region, that objects exist under that S3 prefix, and that the role "
            f'"{request["RoleArn"]}" has "s3:ListBucket" permissions on bucket "{bucket}". (Inferway: it looked in '
            f"{source}.)"
        )
    mode = channel.get("InputMode") or algorithm.get("TrainingInputMode", "File")
    return Channel(
        name=channel["ChannelName"],
        source=source.resolve(),
        streamed=mode == "FastFile",
        content_type=channel.get("ContentType", ""),
    )


def _metrics(algorithm: Mapping[str, Any]) -> tuple[Metric, ...]:
    metrics = tuple(Metric(name=one["Name"], regex=one["Regex"]) for one in algorithm.get("MetricDefinitions", []))
    for metric in metrics:
        wrong = check_metric(metric)
        if wrong:
            raise InvalidRequestError(f"The regular expression of the metric {metric.name} is invalid: {wrong}")
    return metrics
