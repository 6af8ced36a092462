"""MLflow's own scoring server behind a proxy resource.

Source: MLflow, "Deploy MLflow Model as a Local Inference Server", "Inference Server Specification".
"""

import json
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}}', "application/json"),
        (b'{"dataframe_records": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}', "application/json"),
        (b'{"instances": [[1, 2], [3, 4]]}', "application/json"),
        (b'{"inputs": [[1, 2], [3, 4]]}', "application/json"),
        (b"a,b\n1,2\n3,4\n", "text/csv"),
    ],
    ids=["split", "records", "instances", "inputs", "csv"],
)
@pytest.mark.parametrize("mode", ["BUFFERED", "STREAM"])
def test_every_form_of_a_request_is_scored(
    gateway: Any, proxy: Any, mlflow: str, post: Any, body: bytes, content_type: str, mode: str
) -> None:
    url = gateway({"/{proxy+}": proxy(mlflow, responseTransferMode=mode)})
    status, _, answer = post(f"{url}/invocations", body, content_type)
    assert (status, json.loads(answer)) == (200, {"predictions": [3.0, 7.0]})


def test_a_refusal_is_the_server_s_own(gateway: Any, proxy: Any, mlflow: str, post: Any) -> None:
    url = gateway({"/{proxy+}": proxy(mlflow)})
    status, _, answer = post(f"{url}/invocations", b'{"rows": []}')
    assert (status, json.loads(answer)["error_code"]) == (400, "BAD_REQUEST")
