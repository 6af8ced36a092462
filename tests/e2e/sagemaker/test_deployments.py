"""UpdateEndpoint's deployments by boto3: traffic that is shifted in steps, and back where an alarm goes off.

Sources: SageMaker API reference, `UpdateEndpoint` (DeploymentConfig, RetainDeploymentConfig), `DescribeEndpoint`
(LastDeploymentConfig); "Blue/Green Deployments", "Auto-Rollback Configuration and Monitoring".
"""

import importlib
from typing import Any

import pytest

CLIENT_ERROR: Any = importlib.import_module("botocore.exceptions").ClientError

ROLE = "arn:aws:iam::000000000000:role/x"
BINDINGS = """
[storage]
"s3://models" = "."
[alarms.errors]
errors = 10
requests = 3
[urls]
"https://api.sagemaker.us-east-1.amazonaws.com" = "control:sagemaker"
"""
BROKEN = """
def model_fn(model_dir): return None
def predict_fn(data, model): raise ValueError("broken")
"""


def shifting(kind: str, wait: int, **more: Any) -> dict[str, Any]:
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {
        "Type": kind, "WaitIntervalInSeconds": wait, **more}}}  # fmt: skip


HALF = {"Type": "CAPACITY_PERCENT", "Value": 50}


@pytest.fixture
def gateway(start: Any) -> Any:
    """Give a gateway with the configurations blue, green and next, and the endpoint movies, which serves blue."""
    made = start(BINDINGS)
    sagemaker = made.sagemaker = made.client("sagemaker")
    for name in ("blue", "green", "next"):
        container = {"Image": "server:1", "ModelDataUrl": f"s3://models/{name}"}
        sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
        variant = {"VariantName": name, "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="movies", EndpointConfigName="blue")
    return made


def described(gateway: Any) -> Any:
    return gateway.sagemaker.describe_endpoint(EndpointName="movies")


def settled(gateway: Any, wait_for: Any) -> Any:
    wait_for(lambda: described(gateway)["EndpointStatus"] == "InService")
    return described(gateway)


def update(gateway: Any, config: str, **more: Any) -> None:
    gateway.sagemaker.update_endpoint(EndpointName="movies", EndpointConfigName=config, **more)


def who(gateway: Any) -> str:
    answered: str = gateway.invoke("movies")["InvokedProductionVariant"]
    return answered


@pytest.mark.parametrize(("kind", "size"), [("CANARY", "CanarySize"), ("LINEAR", "LinearStepSize")])
def test_calls_go_over_in_steps(gateway: Any, wait_for: Any, kind: str, size: str) -> None:
    settled(gateway, wait_for)
    config = shifting(kind, 2, **{size: HALF})
    update(gateway, "green", DeploymentConfig=config)
    seen = []
    while described(gateway)["EndpointStatus"] == "Updating":
        seen.append(who(gateway))
    after = settled(gateway, wait_for)
    assert (after["EndpointConfigName"], after["LastDeploymentConfig"]) == ("green", config)
    first = seen.index("green")
    assert "blue" in seen[first:], "both answer while the calls go over"
    assert seen[-1] == "green"
    assert {who(gateway) for _ in range(20)} == {"green"}
    update(gateway, "blue", RetainDeploymentConfig=True)
    assert settled(gateway, wait_for)["LastDeploymentConfig"] == config
    assert who(gateway) == "blue"


def test_a_rolling_update_goes_over_in_batches(gateway: Any, wait_for: Any) -> None:
    settled(gateway, wait_for)
    update(gateway, "green", DeploymentConfig={
        "RollingUpdatePolicy": {"MaximumBatchSize": HALF, "WaitIntervalInSeconds": 1}})  # fmt: skip
    seen = []
    while described(gateway)["EndpointStatus"] == "Updating":
        seen.append(who(gateway))
    assert {"blue", "green"} == set(seen)
    assert who(gateway) == "green"


def test_an_alarm_takes_the_update_back(gateway: Any, wait_for: Any) -> None:
    (gateway.folder / "next" / "code" / "inference.py").write_text(BROKEN)
    settled(gateway, wait_for)
    rollback = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    update(gateway, "next", DeploymentConfig={**shifting("CANARY", 600, CanarySize=HALF), **rollback})
    refused = 0
    while described(gateway)["EndpointStatus"] == "Updating":
        status, answer = gateway.post("movies")
        assert status == 200 or b"ModelError" in answer or b"(500)" in answer, answer
        refused += status != 200
    after = settled(gateway, wait_for)
    assert refused >= 3
    assert after["EndpointConfigName"] == "blue"
    assert after["FailureReason"].startswith("Alarm errors went off while traffic was shifted: ")
    assert {who(gateway) for _ in range(20)} == {"blue"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**shifting("ALL_AT_ONCE", 0), "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "no"}]}}, "alarm no"),
    (shifting("CANARY", 0), "CanarySize is required"),
    (shifting("CANARY", 0, CanarySize={"Type": "INSTANCE_COUNT", "Value": 1}), "not 100"),
    (shifting("CANARY", 3601, CanarySize=HALF), "or equal to 3600"),
    ({"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": f"a{n}"} for n in range(11)]}}, "or equal to 10"),
]


def test_what_cannot_be_done_is_refused(gateway: Any, wait_for: Any) -> None:
    settled(gateway, wait_for)
    for config, said in REFUSED:
        with pytest.raises(CLIENT_ERROR, match=said) as refused:
            update(gateway, "green", DeploymentConfig=config)
        assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert described(gateway)["EndpointStatus"] == "InService"
