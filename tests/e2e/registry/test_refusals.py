"""What the control plane refuses, and in which words: those that users of the service published."""

import http.client
import importlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

AUTH: Any = importlib.import_module("botocore.auth")
AWSREQUEST: Any = importlib.import_module("botocore.awsrequest")
CREDENTIALS: Any = importlib.import_module("botocore.credentials")

PATH = "/_inferway/aws/sagemaker/"
RUNTIME_PATH = "/_inferway/aws/sagemaker-runtime/"
TAKEN = (
    "Training job names must be unique within an AWS account and region, and a training job with this name already "
    "exists"
)


def send(registry: Any, target: str, body: bytes, *, signed: bool = True, path: str = PATH) -> tuple[int, Any, Any]:
    """Send one request as it is; give status, headers and document."""
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    request = AWSREQUEST.AWSRequest("POST", f"{registry.url}{path}", headers, body)
    if signed:
        credentials = CREDENTIALS.Credentials("AKIAOWNER", "owner-secret")
        AUTH.SigV4Auth(credentials, "sagemaker", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection(urlsplit(registry.url).netloc, timeout=30)
    connection.request("POST", path, body, dict(request.headers.items()))
    response = connection.getresponse()
    answer = response.status, response.headers, json.loads(response.read())
    connection.close()
    return answer


def error_of(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(Exception, match="An error occurred") as caught:
        call(**arguments)
    error = caught.value.response["Error"]  # type: ignore[attr-defined]  # botocore's ClientError
    return error["Code"], error["Message"]


def test_an_unknown_training_job(shared: Any) -> None:
    # https://github.com/boto/boto3/issues/2808
    error = error_of(shared.sagemaker.describe_training_job, TrainingJobName="nothing")
    assert error == ("ValidationException", "Requested resource not found.")


def test_a_training_job_s_name_is_taken_for_ever(registry: Any) -> None:
    # https://github.com/aws/amazon-sagemaker-examples/pull/3108
    registry.job("Once")
    registry.wait_for_job("Once")
    assert error_of(lambda: registry.job("once")) == (
        "ResourceInUse",
        f"{TAKEN} (arn:aws:sagemaker:us-east-1:000000000000:training-job/once)",
    )


def test_of_many_jobs_of_one_name_exactly_one_is_created(registry: Any) -> None:
    def create(_: int) -> str:
        try:
            registry.job("same")
        except registry.sagemaker.exceptions.ResourceInUse:
            return "refused"
        return "created"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(create, range(32)))
    assert sorted(outcomes) == ["created"] + ["refused"] * 31
    registry.wait_for_job("same")


def test_versions_of_a_group_are_numbered_without_gaps(registry: Any) -> None:
    registry.sagemaker.create_model_package_group(ModelPackageGroupName="group")
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: registry.sagemaker.create_model_package(ModelPackageGroupName="group"), range(32)))
    pages = registry.sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName="group")
    versions = [one["ModelPackageVersion"] for page in pages for one in page["ModelPackageSummaryList"]]
    assert sorted(versions) == list(range(1, 33))


@pytest.mark.parametrize(
    ("create", "arguments", "word", "arn"),
    [
        (
            "create_endpoint",
            {"EndpointName": "e", "EndpointConfigName": "none"},
            "endpoint configuration",
            "endpoint-config/none",
        ),
        ("describe_endpoint", {"EndpointName": "none"}, "endpoint", "endpoint/none"),
        ("delete_endpoint", {"EndpointName": "none"}, "endpoint", "endpoint/none"),
        ("describe_model", {"ModelName": "none"}, "model", "model/none"),
        ("delete_model", {"ModelName": "none"}, "model", "model/none"),
        ("describe_endpoint_config", {"EndpointConfigName": "none"}, "endpoint configuration", "endpoint-config/none"),
    ],
)
def test_what_is_not_there(shared: Any, create: str, arguments: dict[str, Any], word: str, arn: str) -> None:
    # https://github.com/hashicorp/terraform-provider-aws/issues/40048
    assert error_of(getattr(shared.sagemaker, create), **arguments) == (
        "ValidationException",
        f'Could not find {word} "arn:aws:sagemaker:us-east-1:000000000000:{arn}".',
    )


def test_model_data_that_is_not_there(shared: Any) -> None:
    # https://github.com/aws/amazon-sagemaker-examples/issues/2264
    container = {"Image": "server", "ModelDataUrl": "s3://models/none/model.tar.gz"}
    error = error_of(shared.sagemaker.create_model, ModelName="m", PrimaryContainer=container)
    assert error == ("ValidationException", "Could not find model data at s3://models/none/model.tar.gz.")


def test_a_version_that_is_not_approved_is_not_deployed(registry: Any) -> None:
    registry.sagemaker.create_model_package_group(ModelPackageGroupName="group")
    arn = registry.sagemaker.create_model_package(ModelPackageGroupName="group")["ModelPackageArn"]
    code, message = error_of(registry.sagemaker.create_model, ModelName="m", PrimaryContainer={"ModelPackageName": arn})
    assert code == "ValidationException"
    assert "PendingManualApproval" in message


def test_an_image_that_is_not_bound(shared: Any) -> None:
    # https://github.com/aws/sagemaker-python-sdk/issues/2063
    algorithm = {"TrainingImage": "nobody/knows:1", "TrainingInputMode": "File"}
    code, message = error_of(lambda: shared.job("job", AlgorithmSpecification=algorithm))
    assert code == "ValidationException"
    assert message.startswith(
        "Invalid training image. Please provide a valid Amazon Elastic Container Registry path of the Docker image to "
        "run."
    )
    assert '[training.NAME] image = "nobody/knows:1"' in message


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (
            {"RoleArn": "arn:aws:iam::1:role/x-and-more"},
            "at 'roleArn' failed to satisfy constraint: Member must satisfy",
        ),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 0}}, "Value '0' at 'stoppingCondition.maxRuntimeInSeconds'"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 10**15}}, "(28 days) at most"),
        ({"OutputDataConfig": {"S3OutputPath": "/tmp/x"}}, "Value '/tmp/x' at 'outputDataConfig.s3OutputPath'"),
        ({"OutputDataConfig": {"S3OutputPath": "s3://b/../../etc"}}, "leads out"),
        ({"CheckpointConfig": {"S3Uri": "s3://b/c"}}, "at 'checkpointConfig'"),
        ({"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2}}, "InstanceCount must be 1"),
        ({"HyperParameters": {"sagemaker_program": "../../bin/x"}}, "must be a file of the code"),
        ({"HyperParameters": {"sagemaker_submit_directory": "file:///etc"}}, "below none of the folders"),
        (
            {"AlgorithmSpecification": {"TrainingImage": "trainer", "TrainingInputMode": "Pipe"}},
            "Pipe is not served by Inferway",
        ),
    ],
)
def test_a_job_that_cannot_be_run_as_it_is_asked_for(shared: Any, more: dict[str, Any], wanted: str) -> None:
    code, message = error_of(lambda: shared.job("job", **more))
    assert code == "ValidationException"
    assert wanted in message


def test_several_broken_constraints_are_all_named(shared: Any) -> None:
    # the words: https://github.com/aws-samples/sagemaker-ml-workflow-with-apache-airflow/issues/3
    body = json.dumps({"EndpointName": "a b", "EndpointConfigName": "x" * 64}).encode()
    status, headers, document = send(shared, "SageMaker.CreateEndpoint", body)
    assert status == 400
    assert headers["x-amzn-errortype"] == "ValidationException"
    assert document == {
        "__type": "ValidationException",
        "message": "2 validation errors detected: Value 'a b' at 'endpointName' failed to satisfy constraint: Member "
        "must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}; Value '" + "x" * 64 + "' at "
        "'endpointConfigName' failed to satisfy constraint: Member must have length less than or equal to 63",
    }


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"{", "SerializationException"),
        (b"[]", "SerializationException"),
        (b'{"TrainingJobName": 5}', "SerializationException"),
        (b'{"TrainingJobName": {"a": 1}}', "SerializationException"),
        (b"[" * 100_000, "SerializationException"),
        (b"\xff\xfe", "SerializationException"),
        (b"{}", "ValidationException"),
        (b'{"TrainingJobName": null}', "ValidationException"),
    ],
)
def test_a_body_that_is_none(shared: Any, body: bytes, wanted: str) -> None:
    status, headers, document = send(shared, "SageMaker.DescribeTrainingJob", body)
    assert (status, document["__type"], headers["x-amzn-errortype"]) == (400, wanted, wanted)
    assert headers["x-amzn-requestid"]
    assert headers["content-type"] == "application/x-amz-json-1.1"


@pytest.mark.parametrize("target", ["SageMaker.CreateNotebookInstance", "SageMaker.", "DynamoDB_20120810.GetItem", ""])
def test_an_operation_that_is_not_served(shared: Any, target: str) -> None:
    status, _, document = send(shared, target, b"{}")
    assert (status, document["__type"]) == (400, "UnknownOperationException")
    assert "is not served by Inferway" in document["message"]


def test_an_unsigned_request(shared: Any) -> None:
    status, headers, document = send(shared, "SageMaker.ListModels", b"{}", signed=False)
    assert (status, document) == (
        400,
        {"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"},
    )
    assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def test_a_wrongly_signed_request(shared: Any) -> None:
    client = shared.client("sagemaker", secret="guessed")
    assert error_of(client.list_models)[0] == "InvalidSignatureException"
    stranger = shared.client("sagemaker", key="AKIASTRANGER")
    assert error_of(stranger.list_models) == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_an_identity_may_do_what_its_policies_allow(registry: Any) -> None:
    registry.job("job")
    reader = registry.client("sagemaker", key="AKIAREADER", secret="reader-secret")
    assert reader.describe_training_job(TrainingJobName="job")["TrainingJobName"] == "job"
    code, message = error_of(reader.stop_training_job, TrainingJobName="job")
    assert code == "AccessDeniedException"
    assert message == (
        "User: arn:aws:iam::000000000000:user/reader is not authorized to perform: sagemaker:StopTrainingJob on "
        "resource: arn:aws:sagemaker:us-east-1:000000000000:training-job/job because no identity-based policy allows "
        "the sagemaker:StopTrainingJob action"
    )
    registry.wait_for_job("job")


def test_lists_go_on_where_the_page_before_ended(registry: Any) -> None:
    for number in range(7):
        registry.sagemaker.create_model_package_group(ModelPackageGroupName=f"group-{number}")
    for order in ("Ascending", "Descending"):
        names, arguments = [], {"MaxResults": 3, "SortBy": "Name", "SortOrder": order}
        while True:
            page = registry.sagemaker.list_model_package_groups(**arguments)
            names += [one["ModelPackageGroupName"] for one in page["ModelPackageGroupSummaryList"]]
            if "NextToken" not in page:
                break
            arguments["NextToken"] = page["NextToken"]
        expected = [f"group-{number}" for number in range(7)]
        assert names == (expected if order == "Ascending" else expected[::-1])
    found = registry.sagemaker.list_model_package_groups(NameContains="UP-3")["ModelPackageGroupSummaryList"]
    assert [one["ModelPackageGroupName"] for one in found] == ["group-3"]
    assert error_of(registry.sagemaker.list_models, NextToken="made-up")[0] == "ValidationException"


def test_an_approval_and_metadata_can_be_changed(registry: Any) -> None:
    registry.sagemaker.create_model_package_group(ModelPackageGroupName="group")
    arn = registry.sagemaker.create_model_package(
        ModelPackageGroupName="group", CustomerMetadataProperties={"rmse": "0.9", "old": "1"}
    )["ModelPackageArn"]
    registry.sagemaker.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        CustomerMetadataProperties={"owner": "me"},
        CustomerMetadataPropertiesToRemove=["old"],
    )
    package = registry.sagemaker.describe_model_package(ModelPackageName="group/1")
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["CustomerMetadataProperties"] == {"rmse": "0.9", "owner": "me"}
    listed = registry.sagemaker.list_model_packages(ModelPackageGroupName="group", ModelApprovalStatus="Approved")
    assert len(listed["ModelPackageSummaryList"]) == 1


def test_a_request_sent_twice_registers_one_version(registry: Any) -> None:
    registry.sagemaker.create_model_package_group(ModelPackageGroupName="group")
    arns = {
        registry.sagemaker.create_model_package(ModelPackageGroupName="group", ClientToken="one")["ModelPackageArn"]
        for _ in range(2)
    }
    assert len(arns) == 1


def test_an_unknown_endpoint_cannot_be_invoked(shared: Any) -> None:
    # https://github.com/aws/amazon-sagemaker-examples/issues/293
    error = error_of(shared.runtime.invoke_endpoint, EndpointName="Nothing", Body=b"")
    assert error == ("ValidationError", "Endpoint Nothing of account 000000000000 not found.")
    status, headers, document = send(shared, "", b"", signed=False, path=f"{RUNTIME_PATH}endpoints/x/invocations")
    assert (status, document) == (403, {"message": "Missing Authentication Token"})
    assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


class _Model(BaseHTTPRequestHandler):
    """A model elsewhere: says what it was asked, and fails when told to."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = 500 if body == b"fail" else 200
        asked = {name.lower(): value for name, value in self.headers.items()}
        answer = b"no memory" if status == 500 else json.dumps(asked).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "application/json"),
            ("X-Amzn-SageMaker-Custom-Attributes", "trace=2"),
            ("X-Internal", "hidden"),
            ("Content-Length", str(len(answer))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Any:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_bound_endpoint_is_invoked(start: Any, elsewhere: str) -> None:
    registry = start(endpoints={"elsewhere": elsewhere, "down": ""})
    reply = registry.runtime.invoke_endpoint(
        EndpointName="elsewhere", Body=b"{}", ContentType="text/csv", Accept="a/b", CustomAttributes="trace=1"
    )
    asked = json.loads(reply["Body"].read())
    assert asked["content-type"] == "text/csv"
    assert asked["accept"] == "a/b"
    assert asked["x-amzn-sagemaker-custom-attributes"] == "trace=1"
    assert "authorization" not in asked
    assert reply["CustomAttributes"] == "trace=2"
    assert reply["InvokedProductionVariant"] == "AllTraffic"
    assert "x-internal" not in reply["ResponseMetadata"]["HTTPHeaders"]
    assert error_of(registry.runtime.invoke_endpoint, EndpointName="down", Body=b"{}")[0] == "ServiceUnavailable"


def test_a_model_s_own_error_is_a_model_error(start: Any, elsewhere: str) -> None:
    registry = start(endpoints={"elsewhere": elsewhere})
    with pytest.raises(registry.runtime.exceptions.ModelError) as caught:
        registry.runtime.invoke_endpoint(EndpointName="elsewhere", Body=b"fail")
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (500, "no memory")


def test_a_model_that_does_not_come_up_fails_its_endpoint(registry: Any, code: Any) -> None:
    (code / "inference.py").write_text(
        "def model_fn(d): raise RuntimeError('no weights')\ndef predict_fn(d, m): pass\n"
    )
    registry.job("bad")
    url = registry.wait_for_job("bad")["ModelArtifacts"]["S3ModelArtifacts"]
    registry.sagemaker.create_model(ModelName="bad", PrimaryContainer={"Image": "i", "ModelDataUrl": url})
    variants = [{"VariantName": "main", "ModelName": "bad", "InitialInstanceCount": 1}]
    registry.sagemaker.create_endpoint_config(EndpointConfigName="bad", ProductionVariants=variants)
    registry.sagemaker.create_endpoint(EndpointName="bad", EndpointConfigName="bad")
    reason = registry.wait_for_endpoint("bad", "Failed")["FailureReason"]
    assert reason.startswith("The primary container for production variant main did not pass the ping health check.")
    assert "no weights" in reason
    assert error_of(registry.sagemaker.update_endpoint, EndpointName="bad", EndpointConfigName="bad")[0] == (
        "ValidationException"
    )
    registry.sagemaker.delete_endpoint(EndpointName="bad")
