"""What is shown of the registry's things, held against the service's own model as botocore has it."""

import importlib
from typing import Any, Final

import msgspec

from inferway.control import sagemaker_views as views
from inferway.registry.endpoint import Endpoint, EndpointStatus, Variant
from inferway.registry.record import Account, Kind, Record
from inferway.registry.training_job import JobStatus, MetricValue, TrainingJob, training_job

SESSION: Any = importlib.import_module("botocore.session")
SERVICE: Any = SESSION.get_session().get_service_model("sagemaker")
ACCOUNT: Final = Account()
TYPES: Final = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "timestamp": float,
    "float": float,
    "double": float,
}

JOB: Final = (
    TrainingJob(
        name="Job",
        arn=ACCOUNT.arn(Kind.TRAINING_JOB, "Job"),
        request={
            "TrainingJobName": "Job",
            "RoleArn": "arn:aws:iam::000000000000:role/x",
            "OutputDataConfig": {"S3OutputPath": "s3://b/p"},
            "HyperParameters": {"a": "1"},
            "Tags": [{"Key": "k", "Value": "v"}],
        },
        artifact="s3://b/p/Job/output/model.tar.gz",
        created=1.0,
        modified=1.0,
    )
    .entering("Starting", 1.0)
    .entering("Training", 2.5)
    .measuring(MetricValue(name="rmse", value=0.5, at=3.0))
    .entering("Failed", 10.75, JobStatus.FAILED)
)


def check(document: Any, shape: Any, path: str) -> None:
    """Hold a document against an output's shape: no member that it lacks, none missing that it requires."""
    if shape.type_name == "structure":
        assert set(document) <= set(shape.members), f"{path}: {set(document) - set(shape.members)}"
        assert set(shape.required_members) <= set(document), f"{path}: {set(shape.required_members) - set(document)}"
        for name, value in document.items():
            check(value, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for item in document:
            check(item, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        for value in document.values():
            check(value, shape.value, f"{path}{{}}")
    else:
        assert isinstance(document, TYPES[shape.type_name]), f"{path}: {document!r}"
        if shape.type_name == "string" and shape.enum:
            assert document in shape.enum, path


def output(operation: str) -> Any:
    return SERVICE.operation_model(operation).output_shape


def record(kind: Kind, name: str, document: dict[str, Any], **more: Any) -> Record:
    return Record(
        kind=kind,
        name=name,
        status="Completed",
        created=1.0,
        modified=2.0,
        document=msgspec.json.encode(document),
        **more,
    )


def test_a_training_job() -> None:
    failed = msgspec.structs.replace(JOB, failure="AlgorithmError: no")
    document = views.describe_training_job(failed)
    check(document, output("DescribeTrainingJob"), "job")
    assert document["TrainingTimeInSeconds"] == 8
    assert document["StoppingCondition"] == {"MaxRuntimeInSeconds": 86_400}  # the service's default, a day
    assert "Tags" not in document
    starting, training, ended = document["SecondaryStatusTransitions"]
    assert (starting["StartTime"], starting["EndTime"]) == (1.0, 2.5)
    assert (training["Status"], training["EndTime"]) == ("Training", 10.75)
    assert ended["Status"] == "Failed"
    summary = views.summarize_training_job(failed.record(), ACCOUNT)
    check({"TrainingJobSummaries": [summary]}, output("ListTrainingJobs"), "jobs")


def test_a_training_job_survives_its_record() -> None:
    assert training_job(JOB.record()) == JOB


def test_model_packages() -> None:
    group = record(Kind.MODEL_PACKAGE_GROUP, "Group", {"ModelPackageGroupDescription": "d", "Tags": []})
    check(views.describe_group(group, ACCOUNT), output("DescribeModelPackageGroup"), "group")
    summary = views.summarize_group(group, ACCOUNT)
    check({"ModelPackageGroupSummaryList": [summary]}, output("ListModelPackageGroups"), "groups")
    request = {"ModelPackageGroupName": "Group", "ClientToken": "t", "CustomerMetadataProperties": {"a": "b"}}
    package = record(Kind.MODEL_PACKAGE, "Group/3", request, group="Group", version=3, approval="Approved")
    document = views.describe_model_package(package, ACCOUNT)
    check(document, output("DescribeModelPackage"), "package")
    # ARNs hold names in lower case: https://github.com/aws/amazon-sagemaker-examples/issues/293
    assert document["ModelPackageArn"] == "arn:aws:sagemaker:us-east-1:000000000000:model-package/group/3"
    listed = {"ModelPackageSummaryList": [views.summarize_model_package(package, ACCOUNT)]}
    check(listed, output("ListModelPackages"), "packages")


def test_models_and_endpoints() -> None:
    model = record(Kind.MODEL, "m", {"Request": {"PrimaryContainer": {"Image": "i"}}, "Container": {}})
    check(views.describe_model(model, ACCOUNT), output("DescribeModel"), "model")
    check({"Models": [views.summarize_model(model, ACCOUNT)]}, output("ListModels"), "models")
    config = record(Kind.ENDPOINT_CONFIG, "c", {"ProductionVariants": [{"VariantName": "v", "ModelName": "m"}]})
    check(views.describe_endpoint_config(config, ACCOUNT), output("DescribeEndpointConfig"), "config")
    endpoint = Endpoint(
        name="e",
        arn=ACCOUNT.arn(Kind.ENDPOINT, "e"),
        config="c",
        variants=(Variant(name="v", model="m", weight=1.0, instances=1, container={}),),
        status=EndpointStatus.IN_SERVICE,
        created=1.0,
        modified=2.0,
    )
    check(views.describe_endpoint(endpoint), output("DescribeEndpoint"), "endpoint")
    check({"Endpoints": [views.summarize_endpoint(endpoint.record(), ACCOUNT)]}, output("ListEndpoints"), "endpoints")
