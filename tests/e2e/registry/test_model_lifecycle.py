"""From a training job to a prediction, through boto3's clients, as a program on the service would do it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

METRICS = [{"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"}]
ALGORITHM = {"TrainingImage": "trainer:1", "TrainingInputMode": "File", "MetricDefinitions": METRICS}


def register(registry: Any, job: dict[str, Any]) -> str:
    metric = job["FinalMetricDataList"][0]
    package = registry.sagemaker.create_model_package(
        ModelPackageGroupName="lines",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [{"Image": "server:1", "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
        CustomerMetadataProperties={metric["MetricName"]: str(metric["Value"])},
    )
    arn: str = package["ModelPackageArn"]
    return arn


def deploy(registry: Any, name: str, package: str, **variant: Any) -> None:
    registry.sagemaker.create_model(
        ModelName=name,
        PrimaryContainer={"ModelPackageName": package},
        ExecutionRoleArn="arn:aws:iam::000000000000:role/x",
    )
    registry.sagemaker.create_endpoint_config(
        EndpointConfigName=f"{name}-config",
        ProductionVariants=[
            {
                "VariantName": "main",
                "ModelName": name,
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.large",
                **variant,
            }
        ],
    )


def predict(registry: Any, endpoint: str, *values: float, **more: Any) -> list[float]:
    reply = registry.runtime.invoke_endpoint(
        EndpointName=endpoint, ContentType="application/json", Body=json.dumps(values), **more
    )
    answer: list[float] = json.loads(reply["Body"].read())["y"]
    return answer


def test_a_model_is_trained_registered_deployed_and_asked(registry: Any) -> None:
    created = registry.job("slope-3", HyperParameters={"slope": "3"}, AlgorithmSpecification=ALGORITHM)
    assert created["TrainingJobArn"] == "arn:aws:sagemaker:us-east-1:000000000000:training-job/slope-3"

    job = registry.wait_for_job("slope-3")
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": "s3://models/line/slope-3/output/model.tar.gz"}
    assert [(one["MetricName"], one["Value"]) for one in job["FinalMetricDataList"]] == [("validation:rmse", 0.333)]
    assert [one["Status"] for one in job["SecondaryStatusTransitions"]] == [
        *("Starting", "Downloading", "Training", "Uploading", "Completed")
    ]
    assert job["TrainingStartTime"] <= job["TrainingEndTime"] <= job["LastModifiedTime"]
    assert job["HyperParameters"] == {"slope": "3"}

    registry.sagemaker.create_model_package_group(ModelPackageGroupName="lines")
    package = register(registry, job)
    assert package == "arn:aws:sagemaker:us-east-1:000000000000:model-package/lines/1"
    version = registry.sagemaker.describe_model_package(ModelPackageName=package)
    assert (version["ModelPackageVersion"], version["ModelApprovalStatus"]) == (1, "Approved")
    assert version["CustomerMetadataProperties"] == {"validation:rmse": "0.333"}

    deploy(registry, "line", package)
    registry.sagemaker.create_endpoint(EndpointName="line", EndpointConfigName="line-config")
    registry.sagemaker.get_waiter("endpoint_in_service").wait(
        EndpointName="line", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    reply = registry.runtime.invoke_endpoint(EndpointName="line", ContentType="application/json", Body=b"[1, 2.5]")
    assert json.loads(reply["Body"].read()) == {"y": [3.0, 7.5]}
    assert reply["InvokedProductionVariant"] == "main"
    assert reply["ContentType"] == "application/json"
    # CreateEndpoint, EndpointName: the case "must be matched in InvokeEndpoint"
    with pytest.raises(registry.runtime.exceptions.ValidationError, match="Endpoint LINE of account"):
        predict(registry, "LINE", 1)


def test_an_endpoint_is_updated_without_a_gap_and_deleted(registry: Any) -> None:
    registry.sagemaker.create_model_package_group(ModelPackageGroupName="lines")
    for slope in ("2", "5"):
        registry.job(f"slope-{slope}", HyperParameters={"slope": slope}, AlgorithmSpecification=ALGORITHM)
        deploy(registry, f"line-{slope}", register(registry, registry.wait_for_job(f"slope-{slope}")))
    registry.sagemaker.create_endpoint(EndpointName="line", EndpointConfigName="line-2-config")
    registry.wait_for_endpoint("line")
    assert predict(registry, "line", 1) == [2.0]

    registry.sagemaker.update_endpoint(EndpointName="line", EndpointConfigName="line-5-config")
    while registry.sagemaker.describe_endpoint(EndpointName="line")["EndpointStatus"] == "Updating":
        assert predict(registry, "line", 1) in ([2.0], [5.0])
    assert predict(registry, "line", 1) == [5.0]
    assert registry.sagemaker.describe_endpoint(EndpointName="line")["EndpointConfigName"] == "line-5-config"

    registry.sagemaker.delete_endpoint(EndpointName="line")
    registry.sagemaker.get_waiter("endpoint_deleted").wait(
        EndpointName="line", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


def test_two_variants_share_the_calls_and_can_be_named(registry: Any) -> None:
    registry.sagemaker.create_model_package_group(ModelPackageGroupName="lines")
    for slope in ("2", "5"):
        registry.job(f"slope-{slope}", HyperParameters={"slope": slope}, AlgorithmSpecification=ALGORITHM)
        deploy(registry, f"line-{slope}", register(registry, registry.wait_for_job(f"slope-{slope}")))
    variants = [
        {"VariantName": name, "ModelName": model, "InitialInstanceCount": 1, "InitialVariantWeight": weight}
        for name, model, weight in (("old", "line-2", 0), ("new", "line-5", 1))
    ]
    registry.sagemaker.create_endpoint_config(EndpointConfigName="both", ProductionVariants=variants)
    registry.sagemaker.create_endpoint(EndpointName="line", EndpointConfigName="both")
    registry.wait_for_endpoint("line")
    assert [predict(registry, "line", 1) for _ in range(5)] == [[5.0]] * 5
    assert predict(registry, "line", 1, TargetVariant="old") == [2.0]


def test_a_registry_outlives_its_gateway(start: Callable[..., Any]) -> None:
    before = start()
    before.job("slope-3", HyperParameters={"slope": "3"}, AlgorithmSpecification=ALGORITHM)
    job = before.wait_for_job("slope-3")
    before.sagemaker.create_model_package_group(ModelPackageGroupName="lines")
    package = register(before, job)
    deploy(before, "line", package)
    before.sagemaker.create_endpoint(EndpointName="line", EndpointConfigName="line-config")
    before.wait_for_endpoint("line")
    before.stop()

    after = start()
    again = after.sagemaker.describe_training_job(TrainingJobName="slope-3")
    del again["ResponseMetadata"], job["ResponseMetadata"]
    assert again == job
    assert after.sagemaker.describe_model_package(ModelPackageName=package)["ModelPackageVersion"] == 1
    after.wait_for_endpoint("line")
    assert predict(after, "line", 2) == [6.0]


def test_a_registry_belongs_to_one_gateway(start: Callable[..., Any]) -> None:
    first = start()
    with pytest.raises(AssertionError, match="belongs to another running gateway"):
        start()
    assert first.sagemaker.list_models()["Models"] == []
