"""The Open Inference Protocol behind a proxy resource: MLServer's own server, Triton's own client.

Sources: "Predict Protocol - Version 2" (kserve/open-inference-protocol); Triton, "Binary Tensor Data Extension".
"""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

CLIENT = """
import sys, numpy, tritonclient.http as http
url, binary = sys.argv[1], sys.argv[2] == "binary"
client = http.InferenceServerClient(url)
assert client.is_server_live() and client.is_model_ready("sum")
given = http.InferInput("input-0", [2, 2], "FP32")
given.set_data_from_numpy(numpy.array([[1, 2], [3, 4]], dtype="float32"), binary_data=binary)
wanted = http.InferRequestedOutput("sums", binary_data=binary)
print(client.infer("sum", [given], outputs=[wanted]).as_numpy("sums").ravel().tolist())
try:
    client.infer("none", [given], outputs=[wanted])
except Exception as error:
    print("refused:", error)
"""


def ask(peers: Path, url: str, kind: str) -> list[str]:
    """Run Triton's client against the gateway."""
    address = url.removeprefix("http://")
    command: list[str | Path] = [peers / "python", "-W", "ignore", "-c", CLIENT, address, kind]
    made: subprocess.CompletedProcess[str] = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


class _BinarySum(BaseHTTPRequestHandler):
    """Sums the rows of one binary FP32 tensor, as Triton's extension frames it; MLServer takes none over HTTP."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200, b"{}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "/none/" in self.path:
            self._answer(404, b'{"error": "no model none"}')
            return
        size = int(self.headers["Inference-Header-Content-Length"])
        (tensor,) = json.loads(body[:size])["inputs"]
        assert tensor["parameters"]["binary_data_size"] == len(body) - size == 16
        values = memoryview(body[size:]).cast("f").tolist()
        sums = memoryview(bytearray(8)).cast("f")
        sums[0], sums[1] = values[0] + values[1], values[2] + values[3]
        output = {"name": "sums", "datatype": "FP32", "shape": [2], "parameters": {"binary_data_size": 8}}
        head = json.dumps({"model_name": "sum", "outputs": [output]}).encode()
        self._answer(200, head + bytes(sums), str(len(head)))

    def _answer(self, status: int, body: bytes, header_length: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/octet-stream" if header_length else "application/json")
        if header_length:
            self.send_header("Inference-Header-Content-Length", header_length)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def binary_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _BinarySum)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_tritons_client_reaches_mlserver(gateway: Any, proxy: Any, mlserver: str, peers: Path) -> None:
    url = gateway({"/{proxy+}": proxy(mlserver)})
    sums, refusal = ask(peers, url, "json")
    assert sums == "[3.0, 7.0]"
    assert "404" in refusal


def test_binary_tensors_pass_both_ways(gateway: Any, proxy: Any, binary_server: str, peers: Path) -> None:
    """Binary media types, as on the service, or the bodies would be text."""
    binary = {"x-amazon-apigateway-binary-media-types": ["application/octet-stream", "*/*"]}
    sums, refusal = ask(peers, gateway({"/{proxy+}": proxy(binary_server)}, **binary), "binary")
    assert sums == "[3.0, 7.0]"
    assert "no model none" in refusal


def test_binary_tensors_pass_in_a_stream(gateway: Any, proxy: Any, binary_server: str, peers: Path) -> None:
    binary = {"x-amazon-apigateway-binary-media-types": ["*/*"]}
    paths = {"/{proxy+}": proxy(binary_server, responseTransferMode="STREAM")}
    assert ask(peers, gateway(paths, **binary), "binary")[0] == "[3.0, 7.0]"
