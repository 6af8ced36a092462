"""A SageMaker integration whose endpoint is bound to a server of another protocol, a real one where there is one."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

import pytest

BOTO3: Any = import_module("boto3")
BotoConfig: Any = import_module("botocore.config").Config
ROWS = b"1,2\n3,4\n"
IDENTITY = """
[identities.me]
access_key = "AKIAPEERS00000000000"
secret_key = "secret-of-a-peer"
policies = ['{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}']
"""


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


def runtime(url: str) -> Any:
    """Give boto3's client of the gateway's runtime, signed as the identity of `IDENTITY`."""
    return BOTO3.client(
        "sagemaker-runtime",
        endpoint_url=f"{url.removesuffix('/peers/prod')}/_inferway/aws/sagemaker-runtime",
        region_name="us-east-1",
        aws_access_key_id="AKIAPEERS00000000000",
        aws_secret_access_key="secret-of-a-peer",
        config=BotoConfig(retries={"max_attempts": 0}),
    )


def test_boto3_reaches_mlserver_by_the_runtime(gateway: Any, endpoint: Any, mlserver: str) -> None:
    bindings = f'[endpoints.sum]\nurl = "{mlserver}"\nprotocol = "kserve"\nmodel = "sum"\n{IDENTITY}'
    client = runtime(gateway({"/score": endpoint("sum")}, bindings))
    answer = client.invoke_endpoint(EndpointName="sum", ContentType="text/csv", Body=ROWS)
    assert json.loads(answer["Body"].read())["outputs"][0]["data"] == [3, 7]


class Recorder(ThreadingHTTPServer):
    """Keeps what it is sent; a body with `stream` is answered in events, one with `bad` with 400."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Recorded)
        self.seen: list[tuple[str, str, Any]] = []


class _Recorded(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, self.headers["Content-Type"], asked))
        body = b'{"predictions": [1]}'
        if isinstance(asked, dict) and asked.get("stream"):
            body = b"data: one\n\ndata: two\n\n"
        self.send_response(400 if isinstance(asked, dict) and "bad" in asked else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    server = Recorder()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("protocol", "target", "arrives"),
    [
        ("tensorflow", "/v1/models/m:predict", {"instances": [[1]]}),
        ("azureml", "/score", [[1]]),
        ("mlflow", "/invocations", {"inputs": [[1]]}),
    ],
)
def test_rows_arrive_where_each_protocol_has_them(
    gateway: Any, endpoint: Any, recorder: Recorder, post: Any, protocol: str, target: str, arrives: Any
) -> None:
    """TensorFlow Serving, "RESTful API"; Azure ML, "Consume a model deployed as an online endpoint" (`/score`)."""
    url = f"http://127.0.0.1:{recorder.server_address[1]}"
    paths = {"/score": endpoint("e")}
    address = gateway(paths, f'[endpoints.e]\nurl = "{url}"\nprotocol = "{protocol}"\nmodel = "m"\n')
    assert post(f"{address}/score", b"[[1]]")[::2] == (200, b'{"predictions": [1]}')
    assert recorder.seen == [(target, "application/json", arrives)]


def test_boto3_streams_an_openai_server_s_events(gateway: Any, endpoint: Any, recorder: Recorder) -> None:
    """SageMaker Runtime, "InvokeEndpointWithResponseStream": the container's bytes are the parts of the payload."""
    url = f"http://127.0.0.1:{recorder.server_address[1]}"
    bindings = f'[endpoints.e]\nurl = "{url}"\nprotocol = "openai"\nmodel = "m"\n{IDENTITY}'
    client = runtime(gateway({"/score": endpoint("e")}, bindings))
    body = json.dumps({"messages": [], "stream": True})
    answer = client.invoke_endpoint_with_response_stream(EndpointName="e", ContentType="application/json", Body=body)
    parts = b"".join(event["PayloadPart"]["Bytes"] for event in answer["Body"])
    assert parts == b"data: one\n\ndata: two\n\n"
    assert recorder.seen[0][::2] == ("/v1/chat/completions", {"model": "m", "messages": [], "stream": True})
    with pytest.raises(client.exceptions.ModelError) as caught:
        client.invoke_endpoint(EndpointName="e", ContentType="application/json", Body=b'{"messages": [], "bad": 1}')
    assert caught.value.response["OriginalStatusCode"] == 400
