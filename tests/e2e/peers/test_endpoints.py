"""A SageMaker integration whose endpoint is bound to a real server of another protocol."""

import json
from importlib import import_module
from typing import Any

import pytest

BOTO3: Any = import_module("boto3")
BotoConfig: Any = import_module("botocore.config").Config
ROWS = b"1,2\n3,4\n"


def test_rows_reach_mlserver_as_a_tensor(gateway: Any, endpoint: Any, mlserver: str, post: Any) -> None:
    bindings = f'[endpoints.sum]\nurl = "{mlserver}"\nprotocol = "kserve"\nmodel = "sum"\n'
    url = gateway({"/score": endpoint("sum")}, bindings)
    for body, kind in ((b"[[1, 2], [3, 4]]", "application/json"), (ROWS, "text/csv")):
        status, _, answer = post(f"{url}/score", body, kind)
        assert status == 200, answer
        (output,) = json.loads(answer)["outputs"]
        assert (output["name"], output["data"]) == ("sums", [3, 7])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"instances": [[1, 2], [3, 4]]}', "application/json"),
        (b"[[1, 2], [3, 4]]", "application/json"),
        (b"a,b\n" + ROWS, "text/csv"),
    ],
)
def test_rows_reach_mlflow_in_its_forms(
    gateway: Any, endpoint: Any, mlflow: str, post: Any, body: bytes, kind: str
) -> None:
    url = gateway({"/score": endpoint("sum")}, f'[endpoints.sum]\nurl = "{mlflow}"\nprotocol = "mlflow"\n')
    status, _, answer = post(f"{url}/score", body, kind)
    assert (status, json.loads(answer)) == (200, {"predictions": [3.0, 7.0]})


def test_what_a_protocol_has_no_place_for_is_a_model_error(
    gateway: Any, endpoint: Any, mlserver: str, post: Any
) -> None:
    """SageMaker Runtime, "InvokeEndpoint": ModelError is 424 with OriginalStatusCode and OriginalMessage."""
    bindings = f'[endpoints.sum]\nurl = "{mlserver}"\nprotocol = "kserve"\nmodel = "sum"\n'
    url = gateway({"/score": endpoint("sum")}, bindings)
    status, _, answer = post(f"{url}/score", b"\x93NUMPY", "application/x-npy")
    made = json.loads(answer)
    assert (status, made["OriginalStatusCode"]) == (424, 415)
    assert "application/x-npy" in made["OriginalMessage"]
    status, _, answer = post(f"{url}/score", b'{"inputs": [{"name": "x"}]}')
    assert (status, json.loads(answer)["OriginalStatusCode"]) == (424, 422)


def test_boto3_reaches_mlserver_by_the_runtime(gateway: Any, endpoint: Any, mlserver: str) -> None:
    bindings = (
        f'[endpoints.sum]\nurl = "{mlserver}"\nprotocol = "kserve"\nmodel = "sum"\n'
        '[identities.me]\naccess_key = "AKIAPEERS00000000000"\nsecret_key = "secret-of-a-peer"\n'
        'policies = [\'{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}\']\n'
    )
    url = gateway({"/score": endpoint("sum")}, bindings).removesuffix("/peers/prod")
    client = BOTO3.client(
        "sagemaker-runtime",
        endpoint_url=f"{url}/_inferway/aws/sagemaker-runtime",
        region_name="us-east-1",
        aws_access_key_id="AKIAPEERS00000000000",
        aws_secret_access_key="secret-of-a-peer",
        config=BotoConfig(retries={"max_attempts": 0}),
    )
    answer = client.invoke_endpoint(EndpointName="sum", ContentType="text/csv", Body=ROWS)
    assert json.loads(answer["Body"].read())["outputs"][0]["data"] == [3, 7]
