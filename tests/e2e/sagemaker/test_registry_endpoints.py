"""Endpoint configurations made by boto3: shadows, capture, asynchronous calls, routing, weights that last."""

import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

CLIENT_ERROR: Any = importlib.import_module("botocore.exceptions").ClientError

ROLE = "arn:aws:iam::000000000000:role/x"
BINDINGS = """
[storage]
"s3://models" = "."
"s3://kept" = "./kept"
[urls]
"https://api.sagemaker.us-east-1.amazonaws.com" = "control:sagemaker"
"""


def create(gateway: Any, wait_for: Any, variants: dict[str, float], **more: Any) -> Any:
    sagemaker = gateway.client("sagemaker", parameter_validation=False)

    def production(name: str, weight: float, **added: Any) -> dict[str, Any]:
        sagemaker.create_model(
            ModelName=name,
            PrimaryContainer={"Image": "server:1", "ModelDataUrl": f"s3://models/{name}"},
            ExecutionRoleArn=ROLE,
        )
        return {
            "VariantName": name,
            "ModelName": name,
            "InitialInstanceCount": 2,
            "InstanceType": "ml.m5.large",
            "InitialVariantWeight": weight,
            **added,
        }

    shadows = {name: [production(name, weight)] for name, weight in more.pop("shadow", {}).items()}
    routing = {"RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}}
    sagemaker.create_endpoint_config(
        EndpointConfigName="config",
        ProductionVariants=[production(name, weight, **routing) for name, weight in variants.items()],
        **({"ShadowProductionVariants": next(iter(shadows.values()))} if shadows else {}),
        **more,
    )
    sagemaker.create_endpoint(EndpointName="movies", EndpointConfigName="config")
    in_service(sagemaker, wait_for)
    return sagemaker


def in_service(sagemaker: Any, wait_for: Any) -> None:
    wait_for(lambda: sagemaker.describe_endpoint(EndpointName="movies")["EndpointStatus"] == "InService")


def lines_below(folder: Path) -> list[Any]:
    return [json.loads(line) for file in sorted(folder.rglob("*.jsonl")) for line in file.read_text().splitlines()]


def test_weights_are_changed_and_outlive_the_gateway(start: Any, wait_for: Any) -> None:
    # UpdateEndpointWeightsAndCapacities
    gateway = start(BINDINGS)
    sagemaker = create(gateway, wait_for, {"blue": 1.0, "green": 0.0})
    assert Counter(gateway.invoke("movies")["InvokedProductionVariant"] for _ in range(10)) == {"blue": 10}
    described = sagemaker.describe_endpoint(EndpointName="movies")["ProductionVariants"][0]
    assert described["RoutingConfig"] == {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}
    wanted = [{"VariantName": "blue", "DesiredWeight": 0.0}, {"VariantName": "green", "DesiredWeight": 2.0}]
    weigh = sagemaker.update_endpoint_weights_and_capacities
    assert weigh(EndpointName="movies", DesiredWeightsAndCapacities=wanted)["EndpointArn"].endswith("endpoint/movies")
    assert Counter(gateway.invoke("movies")["InvokedProductionVariant"] for _ in range(10)) == {"green": 10}
    with pytest.raises(CLIENT_ERROR, match="Variant none was not found"):
        weigh(EndpointName="movies", DesiredWeightsAndCapacities=[{"VariantName": "none", "DesiredWeight": 1.0}])
    assert gateway.post("movies")[0] == 200
    gateway.stop()
    again = start(BINDINGS)
    sagemaker = again.client("sagemaker")
    in_service(sagemaker, wait_for)
    described = sagemaker.describe_endpoint(EndpointName="movies")["ProductionVariants"]
    assert {each["VariantName"]: each["CurrentWeight"] for each in described} == {"blue": 0.0, "green": 2.0}
    assert again.invoke("movies")["InvokedProductionVariant"] == "green"


def test_a_shadow_variant_and_a_capture(start: Any, wait_for: Any) -> None:
    gateway = start(BINDINGS)
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://kept/captures",
        "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    sagemaker = create(gateway, wait_for, {"blue": 2.0}, shadow={"next": 2.0}, DataCaptureConfig=capture)
    described = sagemaker.describe_endpoint(EndpointName="movies")
    assert [each["VariantName"] for each in described["ShadowProductionVariants"]] == ["next"]
    assert described["DataCaptureConfig"]["CaptureStatus"] == "Started"
    for number in range(5):
        reply = gateway.invoke("movies", json.dumps([number]).encode(), InferenceId=str(number))
        assert json.loads(reply["Body"].read())["model"].startswith("blue")
    captured = gateway.folder / "kept" / "captures" / "movies"
    wait_for(lambda: len(lines_below(captured / "blue")) == 5 and len(lines_below(captured / "next")) == 5)
    inputs = [line["captureData"]["endpointInput"]["data"] for line in lines_below(captured / "blue")]
    assert inputs == [f"[{number}]" for number in range(5)]
    with pytest.raises(CLIENT_ERROR, match="one production variant and one shadow variant"):
        sagemaker.create_endpoint_config(
            EndpointConfigName="other",
            ProductionVariants=[{"VariantName": n, "ModelName": "blue"} for n in ("a", "b")],
            ShadowProductionVariants=[{"VariantName": "c", "ModelName": "blue"}],
        )


def test_an_asynchronous_endpoint(start: Any, wait_for: Any) -> None:
    gateway = start(BINDINGS)
    config: dict[str, Any] = {
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 2},
        "OutputConfig": {"S3OutputPath": "s3://kept/results", "S3FailurePath": "s3://kept/failures"},
    }
    sagemaker = create(gateway, wait_for, {"blue": 1.0}, AsyncInferenceConfig=config)
    assert sagemaker.describe_endpoint(EndpointName="movies")["AsyncInferenceConfig"] == config
    reply = gateway.runtime.invoke_endpoint_async(EndpointName="movies", Body=b"[1]", ContentType="application/json")
    result = gateway.folder / "kept" / reply["OutputLocation"].removeprefix("s3://kept/")
    wait_for(result.exists)
    assert json.loads(result.read_text())["model"].startswith("blue")
    topic = {**config["OutputConfig"], "NotificationConfig": {"SuccessTopic": "arn:aws:sns:us-east-1:000000000000:t"}}
    with pytest.raises(CLIENT_ERROR, match="notificationConfig"):
        sagemaker.create_endpoint_config(
            EndpointConfigName="told",
            ProductionVariants=[{"VariantName": "a", "ModelName": "blue"}],
            AsyncInferenceConfig={"OutputConfig": topic},
        )
