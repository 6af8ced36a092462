"""The seed's program, corrected: run as a Pulumi program, it serves what it exports."""

import asyncio
from pathlib import Path
from typing import Any

from inferway.app.deploy import Rooms, deployments, mount
from inferway.backends.link import Link
from inferway.convert import load
from inferway.definition.bindings import Bindings, BoundKey
from inferway.exchange import Request
from inferway.faults import Severity
from inferway.formats.resources import Environment
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

PROGRAM = '''
import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native import apimanagement as apim

group = azure_native.resources.ResourceGroup("resourceGroup", resource_group_name="my-resource-group")
service = apim.ApiManagementService(
    "apimService", resource_group_name=group.name, service_name="my-api-management-service",
    publisher_name="ML team", publisher_email="ml@example.com",
    sku=apim.ApiManagementServiceSkuPropertiesArgs(name=apim.SkuType.CONSUMPTION, capacity=0),
)
common = {"resource_group_name": group.name, "service_name": service.name}
backend = apim.Backend(
    "backend", **common, backend_id="my-backend", url="https://my-ml-model-backend.azurewebsites.net",
    protocol=apim.BackendProtocol.HTTP,
)
api = apim.Api(
    "api", **common, api_id="ml-model", display_name="ML model API", path="ml-model",
    protocols=[apim.Protocol.HTTPS],
)
apim.ApiPolicy(
    "apiPolicy", **common, api_id=api.name, policy_id="policy", format=apim.PolicyContentFormat.RAWXML,
    value=backend.name.apply(lambda b: f"""<policies>
  <inbound><base /><set-backend-service backend-id="{b}" /></inbound>
  <backend><base /></backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>"""),
)
apim.ApiOperation(
    "operation", **common, api_id=api.name, operation_id="predict", display_name="Predict", method="POST",
    url_template="/predict",
)
product = apim.Product(
    "product", **common, product_id="ml-models", display_name="ML model products", subscription_required=True,
    state=apim.ProductState.PUBLISHED,
)
apim.ProductApi("apiToProduct", **common, product_id=product.name, api_id=api.name)
pulumi.export("api_management_service_endpoint", service.gateway_url)
'''
ENDPOINT = "http://127.0.0.1:8080/my-api-management-service"
KEY = (b"ocp-apim-subscription-key", b"right")


def test_the_corrected_program_forwards_to_its_backend_with_the_products_key(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    read = load(tmp_path / "__main__.py", "pulumi", lambda: Environment(base_url="http://127.0.0.1:8080"))
    assert [str(found) for found in read.findings if found.severity is Severity.ERROR] == []
    assert {output.name: output.value for output in read.outputs} == {"api_management_service_endpoint": ENDPOINT}
    bindings = Bindings(keys={"customer": BoundKey(name="customer", value="right", product="ml-models")})
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        heads.append(await reader.readexactly(2))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    def request(*headers: tuple[bytes, bytes]) -> Request:
        path = f"{ENDPOINT}/ml-model/predict".removeprefix("http://127.0.0.1:8080")
        own = [(b"host", b"127.0.0.1:8080"), (b"content-length", b"2")]
        return Request(method="POST", path=path, headers=[*own, *headers], body=b"{}", client="127.0.0.1")

    async def scenario() -> list[Any]:
        client = HttpClient()
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            urls = {"https://my-ml-model-backend.azurewebsites.net": f"http://127.0.0.1:{port}"}
            link = Link(client=client, endpoints={}, urls=urls, variables={})
            rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
            core = Core(access_log=AccessLog(None), options=CoreOptions())
            made, _ = deployments(read.definitions, bindings)
            core.activate({(one.api.slug, one.api.base or ""): mount(one, link, rooms) for one in made}, {})
            answers = [await core.handle(request()), await core.handle(request(KEY))]
            await client.aclose()
            return answers

    missing, answered = asyncio.run(scenario())
    assert missing.status == 401
    assert (answered.status, answered.body) == (200, b"ok")
    assert heads[0].startswith(b"POST /predict HTTP/1.1\r\n")
    assert heads[1] == b"{}"
