"""What SageMaker's Describe and List operations show of the registry's things."""

from collections.abc import Callable
from typing import Any, Final

from inferway.registry.catalogue import document_of
from inferway.registry.endpoint import Endpoint, EndpointStatus, Variant, endpoint
from inferway.registry.record import Account, Kind, Record
from inferway.registry.training_job import TrainingJob, training_job
from inferway.registry.training_plans import DAY

Document = dict[str, Any]

_ONLY_SENT: Final = frozenset({"Tags", "ClientToken"})  # what no Describe shows again


def moment(seconds: float | None) -> float | None:
    """Give a time as the service writes it: seconds with three decimals."""
    return None if seconds is None else round(seconds, 3)


def present(document: Document) -> Document:
    """Leave out what has no value."""
    return {name: value for name, value in document.items() if value not in (None, "", [])}


def describe_training_job(job: TrainingJob) -> Document:
    """Give DescribeTrainingJob's result."""
    ran = None if job.started is None or job.ended is None else int(job.ended - job.started)
    return present(
        {
            **_sent(job.request),
            "TrainingJobName": job.name,
            "TrainingJobArn": job.arn,
            "ModelArtifacts": {"S3ModelArtifacts": job.artifact},
            "TrainingJobStatus": job.status,
            "SecondaryStatus": job.secondary,
            "FailureReason": job.failure,
            "StoppingCondition": job.request.get("StoppingCondition", {"MaxRuntimeInSeconds": DAY}),
            "CreationTime": moment(job.created),
            "TrainingStartTime": moment(job.started),
            "TrainingEndTime": moment(job.ended),
            "LastModifiedTime": moment(job.modified),
            "TrainingTimeInSeconds": ran,
            "BillableTimeInSeconds": ran,
            "SecondaryStatusTransitions": [
                present(
                    {
                        "Status": one.status,
                        "StartTime": moment(one.start),
                        "EndTime": moment(one.end),
                        "StatusMessage": one.message,
                    }
                )
                for one in job.transitions
            ],
            "FinalMetricDataList": [
                {"MetricName": one.name, "Value": one.value, "Timestamp": moment(one.at)} for one in job.metrics
            ],
            "EnableNetworkIsolation": job.request.get("EnableNetworkIsolation", False),
            "EnableInterContainerTrafficEncryption": job.request.get("EnableInterContainerTrafficEncryption", False),
            "EnableManagedSpotTraining": job.request.get("EnableManagedSpotTraining", False),
        }
    )


def summarize_training_job(record: Record, account: Account) -> Document:
    """Give a job's part of ListTrainingJobs' result."""
    job = training_job(record)
    return present(
        {
            **_summary(record, account, "TrainingJob"),
            "TrainingEndTime": moment(job.ended),
            "LastModifiedTime": moment(record.modified),
            "TrainingJobStatus": job.status,
            "SecondaryStatus": job.secondary,
        }
    )


def describe_group(record: Record, account: Account) -> Document:
    """Give DescribeModelPackageGroup's result."""
    return {**summarize_group(record, account), "CreatedBy": {}}


def summarize_group(record: Record, account: Account) -> Document:
    """Give a group's part of ListModelPackageGroups' result."""
    return {
        **_sent(document_of(record)),
        **_summary(record, account, "ModelPackageGroup"),
        "ModelPackageGroupStatus": record.status,
    }


def describe_model_package(record: Record, account: Account) -> Document:
    """Give DescribeModelPackage's result."""
    changed = record.modified if record.modified != record.created else None
    return present(
        {
            **_sent(document_of(record)),
            **summarize_model_package(record, account),
            "ModelPackageName": record.group or record.name,
            "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
            "LastModifiedTime": moment(changed),
        }
    )


def summarize_model_package(record: Record, account: Account) -> Document:
    """Give a package's part of ListModelPackages' result."""
    return present(
        {
            "ModelPackageName": "" if record.group else record.name,
            "ModelPackageGroupName": record.group,
            "ModelPackageVersion": record.version or None,
            "ModelPackageArn": account.arn(Kind.MODEL_PACKAGE, record.name),
            "ModelPackageDescription": document_of(record).get("ModelPackageDescription"),
            "CreationTime": moment(record.created),
            "ModelPackageStatus": record.status,
            "ModelApprovalStatus": record.approval,
        }
    )


def describe_model(record: Record, account: Account) -> Document:
    """Give DescribeModel's result."""
    request = document_of(record)["Request"]
    return {
        "EnableNetworkIsolation": False,
        **_sent(request),
        **_summary(record, account, "Model"),
    }


def summarize_model(record: Record, account: Account) -> Document:
    """Give a model's part of ListModels' result."""
    return _summary(record, account, "Model")


def describe_endpoint_config(record: Record, account: Account) -> Document:
    """Give DescribeEndpointConfig's result."""
    return {**_sent(document_of(record)), **_summary(record, account, "EndpointConfig")}


def describe_endpoint(known: Endpoint) -> Document:
    """Give DescribeEndpoint's result."""
    is_up = known.status in (EndpointStatus.IN_SERVICE, EndpointStatus.UPDATING)
    return present(
        {
            "EndpointName": known.name,
            "EndpointArn": known.arn,
            "EndpointConfigName": known.config,
            "ProductionVariants": [_variant(one) for one in known.variants] if is_up else [],
            "ShadowProductionVariants": [_variant(one) for one in known.shadows] if is_up else [],
            "DataCaptureConfig": _capture(known.capture),
            "AsyncInferenceConfig": known.asynchronous or None,
            "LastDeploymentConfig": known.deployment or None,
            "EndpointStatus": known.status,
            "FailureReason": known.failure,
            "CreationTime": moment(known.created),
            "LastModifiedTime": moment(known.modified),
        }
    )


def _variant(known: Variant) -> Document:
    return {
        "VariantName": known.name,
        "CurrentWeight": known.weight,
        "DesiredWeight": known.weight,
        "CurrentInstanceCount": known.instances,
        "DesiredInstanceCount": known.instances,
        **({"RoutingConfig": {"RoutingStrategy": known.routing}} if known.routing else {}),
    }


def _capture(config: Document) -> Document | None:
    """Give a DataCaptureConfigSummary."""
    if not config:
        return None
    is_on = config.get("EnableCapture", False)
    return {
        "EnableCapture": is_on,
        "CaptureStatus": "Started" if is_on else "Stopped",
        "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
        "DestinationS3Uri": config["DestinationS3Uri"],
        "KmsKeyId": config.get("KmsKeyId", ""),
    }


def summarize_endpoint(record: Record, account: Account) -> Document:
    """Give an endpoint's part of ListEndpoints' result."""
    return {
        **_summary(record, account, "Endpoint"),
        "LastModifiedTime": moment(record.modified),
        "EndpointStatus": endpoint(record).status,
    }


Summary = Callable[[Record, Account], Document]
"""What a list shows of one record."""


def _summary(record: Record, account: Account, word: str) -> Document:
    return {
        f"{word}Name": record.name,
        f"{word}Arn": account.arn(record.kind, record.name),
        "CreationTime": moment(record.created),
    }


def _sent(request: Document) -> Document:
    return {name: value for name, value in request.items() if name not in _ONLY_SENT}
